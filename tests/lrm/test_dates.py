import datetime

import pytest

from lrm.dates import DateRefused, parse_date


def test_iso_date_is_itself():
    assert parse_date(" 2019-01-15 ") == datetime.date(2019, 1, 15)


@pytest.mark.parametrize(
    ("text", "code", "suggestion", "number"),
    [
        ("1/05/2023", "slashed_date", "", 0),
        ("8/27/2018", "slashed_date", "2018-08-27", 0),
        ("27/8/2018", "slashed_date", "2018-08-27", 0),
        ("5/5/2023", "slashed_date", "2023-05-05", 0),
        ("2016-28-02", "no_such_month", "2016-02-28", 28),
        ("2019-02-29", "no_such_day", "", 29),
        ("2019-1-5", "not_a_date", "", 0),
        ("20X5", "not_a_date", "", 0),
        ("", "not_a_date", "", 0),
        ("2018-09-01T00:00:00Z", "not_a_date", "", 0),
    ],
)
def test_date_is_refused_with_a_reason_and_never_guessed(text, code, suggestion, number):
    with pytest.raises(DateRefused) as refused:
        parse_date(text)
    assert (refused.value.code, refused.value.suggestion, refused.value.number) == (code, suggestion, number)


def test_slashed_date_is_read_in_the_order_that_was_named():
    assert parse_date("1/05/2023", order="mdy") == datetime.date(2023, 1, 5)
    assert parse_date("1/05/2023", order="dmy") == datetime.date(2023, 5, 1)


def test_slashed_date_that_contradicts_its_order_is_refused():
    with pytest.raises(DateRefused) as refused:
        parse_date("8/27/2018", order="dmy")
    assert (refused.value.code, refused.value.suggestion) == ("no_such_month", "2018-08-27")
