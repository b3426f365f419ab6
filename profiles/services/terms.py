"""The term that a day is in, as the district's calendar has it."""

from dataclasses import dataclass
from datetime import date, timedelta

from profiles.models import AcademicSession

WITHOUT = timedelta(weeks=12)
"""So far back is looked where the calendar has no term for the day."""


@dataclass(frozen=True)
class Term:
    """title: "" where the calendar has no term for the day, and starts_on then is twelve weeks before it."""

    title: str
    starts_on: date


def term_of(district_id: int, *, on: date) -> Term:
    """The shortest term, semester or year that holds the day; grading periods are none. One statement."""
    rows = AcademicSession.objects.filter(district=district_id, starts_on__lte=on, ends_on__gte=on)
    found = list(rows.exclude(kind=AcademicSession.Kind.GRADING_PERIOD))
    if not found:
        return Term("", on - WITHOUT)
    shortest = min(found, key=lambda row: (row.ends_on - row.starts_on, row.starts_on, row.pk))
    return Term(shortest.title, shortest.starts_on)
