"""Numbers out of addresses and forms."""

import pytest

from lrm.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("²", None), ("٣", None)],
)
def test_number_is_read_only_from_plain_digits_that_fit(text, number):
    assert whole_number(text) == number
