"""The calendar of the demo school: always inside a term that began thirteen weeks ago."""

from dataclasses import dataclass
from datetime import date, timedelta

WEEKS_PAST = 13
WEEKS_TO_COME = 4
_SEASONS = ("Winter", "Spring", "Summer", "Fall")


@dataclass(frozen=True)
class Term:
    """starts_on is a Monday and ends_on a Friday; year_starts_on and year_ends_on enclose both.

    school_year: the year in which the school year ends, 2027 for 2026-27.
    """

    title: str
    starts_on: date
    ends_on: date
    school_year: int
    year_starts_on: date
    year_ends_on: date

    @property
    def year_title(self) -> str:
        return f"{self.school_year - 1}-{self.school_year % 100:02d}"

    def school_days(self, until: date) -> list[date]:
        """Days on which school was held from the first of the term up to `until`, that day included."""
        last = min(until, self.ends_on)
        span = (last - self.starts_on).days + 1
        days = [self.starts_on + timedelta(n) for n in range(max(span, 0))]
        return [day for day in days if day.weekday() < 5 and not is_holiday(day)]


def term_around(today: date) -> Term:
    """The term that holds `today`, whatever the season: seventeen weeks, thirteen of them past.

    Real terms would leave a demo that is started in August or January without a term of evidence.
    """
    monday = today - timedelta(today.weekday())
    # A Saturday or Sunday belongs to the week that is over.
    if today.weekday() >= 5:
        monday += timedelta(7)
    starts_on = monday - timedelta(weeks=WEEKS_PAST)
    ends_on = monday + timedelta(weeks=WEEKS_TO_COME) - timedelta(3)
    middle = starts_on + (ends_on - starts_on) / 2
    school_year = starts_on.year + 1 if starts_on.month >= 7 else starts_on.year
    return Term(
        title=f"{_SEASONS[middle.month % 12 // 3]} term",
        starts_on=starts_on,
        ends_on=ends_on,
        school_year=school_year,
        year_starts_on=min(starts_on, date(school_year - 1, 8, 15)),
        year_ends_on=max(ends_on, date(school_year, 6, 15)),
    )


def is_holiday(day: date) -> bool:
    """Labor Day, Thanksgiving and the day after, the turn of the year, Martin Luther King Day, Memorial Day."""
    nth = (day.day - 1) // 7 + 1
    return (
        (day.month == 9 and day.weekday() == 0 and nth == 1)
        or (day.month == 11 and day.weekday() == 3 and nth == 4)
        or (day.month == 11 and day.weekday() == 4 and 23 <= day.day <= 29)
        or (day.month == 12 and day.day >= 24)
        or (day.month == 1 and day.day == 1)
        or (day.month == 1 and day.weekday() == 0 and nth == 3)
        or (day.month == 5 and day.weekday() == 0 and day.day > 24)
    )
