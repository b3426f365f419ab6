"""Plan against actual: how long a step may take, and when a path wants a look."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paths.pace import add_weekdays, pace, planned_days, weekdays_between

MONDAY = date(2026, 10, 12)
DAYS = st.integers(-400, 400).map(lambda n: MONDAY + timedelta(days=n))


@pytest.mark.parametrize(
    ("minutes", "due_on", "planned"),
    [
        (None, None, 3),
        (10, None, 1),
        (50, None, 3),
        (10, MONDAY + timedelta(days=7), 5),
        (50, MONDAY, 3),
        (None, MONDAY - timedelta(days=3), 3),
        (None, MONDAY + timedelta(days=1), 1),
    ],
)
def test_planned_days_follow_the_day_and_else_the_minutes(minutes, due_on, planned):
    assert planned_days(MONDAY, minutes=minutes, due_on=due_on) == planned


@pytest.mark.parametrize(("minutes", "days_until_look"), [(10, 4), (60, 7), (100, 11)])
def test_pace_wants_a_look_at_twice_the_plan(minutes, days_until_look):
    found = pace(MONDAY, minutes=minutes)

    assert weekdays_between(MONDAY, found.look_on) == days_until_look


def test_weekdays_between_leave_the_weekend_out():
    friday = MONDAY + timedelta(days=4)

    assert weekdays_between(friday, friday + timedelta(days=3)) == 1
    assert weekdays_between(friday, friday + timedelta(days=2)) == 0
    assert weekdays_between(friday, MONDAY) == 0


@settings(max_examples=60)
@given(DAYS, DAYS)
def test_law_weekdays_between_counts_each_weekday_once(first, last):
    long_way = sum((first + timedelta(days=n)).weekday() < 5 for n in range(1, (last - first).days + 1))
    assert weekdays_between(first, last) == long_way


@settings(max_examples=60)
@given(DAYS, st.integers(1, 40))
def test_law_add_weekdays_is_the_way_back_of_counting(day, n):
    found = add_weekdays(day, n)
    assert (weekdays_between(day, found), found.weekday() < 5) == (n, True)
