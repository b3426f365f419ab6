"""Codes of grades as people say them."""

import pytest

from lrm.grades import grade_name, grades_said


@pytest.mark.parametrize(
    ("code", "said"),
    [("05", "Grade 5"), ("5", "Grade 5"), ("kg", "Kindergarten"), ("PK", "Pre-kindergarten"), ("UG", "UG"), ("", "")],
)
def test_grade_is_said_as_people_do(code, said):
    assert grade_name(code) == said


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["05"], "Grade 5"),
        (["KG", "01", "2"], "Kindergarten to Grade 2"),
        (["09", "10", "11", "12"], "Grade 9 to Grade 12"),
        (["03", "05"], "Grade 3, Grade 5"),
        (["05", "UG"], "Grade 5, UG"),
        ([], ""),
    ],
)
def test_grades_that_follow_each_other_are_said_as_a_span(codes, said):
    assert grades_said(codes) == said
