"""How long a step may take, and from when on a path wants a look. Pure: days and counts in, days and counts out.

Days are weekdays, Monday to Friday: a weekend holds nobody up.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

MINUTES_A_DAY = 20
"""Of work on one path: what a step's minutes are turned into days by."""
USUAL_DAYS = 3
"""For a step without minutes and day, and for a choice."""
SLACK_DAYS = 2
"""A step is never looked at sooner than this many days after its plan."""


@dataclass(frozen=True)
class Pace:
    """since: when the step that is now came up.    planned: days.    look_on: the day from which it wants a look."""

    since: date
    planned: int
    look_on: date


def pace(since: date, *, minutes: int | None = None, due_on: date | None = None) -> Pace:
    """A step wants a look once it takes twice its plan, and at least SLACK_DAYS more than it."""
    planned = planned_days(since, minutes=minutes, due_on=due_on)
    return Pace(since, planned, add_weekdays(since, planned + max(planned, SLACK_DAYS) + 1))


def planned_days(since: date, *, minutes: int | None, due_on: date | None) -> int:
    """At least 1. A day that was over before the step came up says nothing, so then the minutes count."""
    if due_on is not None and due_on > since:
        return max(weekdays_between(since, due_on), 1)
    return max(ceil(minutes / MINUTES_A_DAY), 1) if minutes else USUAL_DAYS


def weekdays_between(first: date, last: date) -> int:
    """Weekdays after the first day, up to the last; 0 where the last is no later."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    return weeks * 5 + sum((first + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))


def add_weekdays(day: date, n: int) -> date:
    """The n-th weekday after the day; n >= 1."""
    while n:
        day += timedelta(days=1)
        n -= day.weekday() < 5
    return day
