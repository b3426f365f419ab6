import pytest

from standards.headings import heading_of


@pytest.mark.parametrize(
    ("statement", "heading"),
    [
        ("Add fractions.", "Add fractions"),
        ("number and operations. The student applies what was learned before.", "Number and operations"),
        (
            "compare two fractions with different numerators and different denominators by drawing",
            "Compare two fractions with different numerators and …",
        ),
        ("", ""),
    ],
)
def test_heading_is_a_short_sentence_or_whole_words(statement, heading):
    assert heading_of(statement) == heading
