"""How the rows of the school-wide page were at the ends of months, over the terms of the last year.

Of each day the learners who were there on it, with the levels of its end, by the policy of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from assessments.models.rollup import ScopeKind
from assessments.services.policies import InForce, Policies
from assessments.services.school_asked import Asked, Column, Line, Matrix
from assessments.services.school_counts import ClosedDay, Counts, Tally, read_counts_then
from profiles.models import AcademicSession

MOST_MONTHS = 12


@dataclass(frozen=True)
class Month:
    """The last school day asked about in a month. term: its title; starts_year: whether another school year begins."""

    day: date
    term: str
    school_year: int
    starts_year: bool


@dataclass(frozen=True)
class Point:
    """All columns of a row together on a day. share: percent, None without a result."""

    share: int | None
    tally: Tally
    learners: int


@dataclass(frozen=True)
class Terms:
    """points: {key of a row: one a month}.    columns: what is shown together.    policies: {day of a month: in force
    on it, one a column}.
    """

    months: list[Month]
    points: dict[str, list[Point]]
    columns: Sequence[Column] = ()
    policies: Mapping[date, Sequence[InForce]] = field(default_factory=dict)


def months_of(sessions: Sequence[AcademicSession], *, until: date) -> list[Month]:
    """The ends of months, and of terms, that lie inside a term and have closed; MOST_MONTHS at most, oldest first.

    sessions: years and terms. A day is in the shortest session that holds it.
    """
    year_before = until - timedelta(days=366)
    days = {session.ends_on for session in sessions if session.kind != AcademicSession.Kind.YEAR}
    at = year_before.replace(day=1)
    while at <= until:
        at = (at + timedelta(days=32)).replace(day=1)
        days.add(at - timedelta(days=1))
    found: list[Month] = []
    for day in sorted(day for day in days if year_before < day < until):
        holding = [session for session in sessions if session.starts_on <= day <= session.ends_on]
        if not holding:
            continue
        term = min(holding, key=lambda session: (session.ends_on - session.starts_on, session.pk))
        before = found[-1] if found else None
        if before and (day - before.day).days < 7:  # the end of a term just before that of its month
            found.pop()
        starts = bool(before and before.school_year != term.school_year)
        found.append(Month(day, term.title, term.school_year, starts))
    return found[-MOST_MONTHS:]


def read_months(*, until: date) -> list[Month]:
    """The months of a page that stands on this day. One statement."""
    sessions = AcademicSession.objects.filter(ends_on__gt=until - timedelta(days=366), starts_on__lte=until)
    return months_of(list(sessions), until=until)


def read_terms(matrix: Matrix, policies: Policies, months: Sequence[Month], *, past: ClosedDay) -> Terms:
    """past: by whose rights, and the day on which the page stands. One statement, none without months."""
    asked, months = matrix.asked, list(months)
    if not months:
        return Terms([], {})
    rosters = [line.roster_id for line in matrix.lines if line.roster_id is not None]
    counts = read_counts_then(asked.places(rosters), [month.day for month in months], past=past)
    columns = [column for column in matrix.branches if column.key == asked.branch] or matrix.branches
    names = {school.pk: school.name for school in ([asked.school] if asked.school else asked.schools)}
    then = {
        month.day: [policies.mixed(column.domains[0][0], month.day, names) for column in columns] for month in months
    }
    points = {
        line.key: [_point(asked, line, counts[month.day], columns, then[month.day]) for month in months]
        for line in matrix.lines
    }
    return Terms(months, points, columns, then)


def _point(asked: Asked, line: Line, counts: Counts, columns: Sequence[Column], policies: Sequence[InForce]) -> Point:
    reached, whole = 0, Tally()
    school_wide = line.roster_id is None
    scopes = [
        ((ScopeKind.SCHOOL, school) if school_wide else (ScopeKind.ROSTER, line.roster_id or 0), school)
        for school in line.school_ids
    ]
    grades = line.grades if len(line.grades) == 1 and not asked.by_class else _grades(counts, asked)
    for column, policy in zip(columns, policies, strict=True):
        level = policy.scale.mastery_level
        tally = sum((counts.tally(scope, school, grades, column.domains) for scope, school in scopes), Tally())
        reached, whole = reached + tally.reached(level), whole + tally
    learners = sum(counts.size(scope, grades) for scope, _school in scopes)
    return Point(round(100 * reached / whole.results) if whole.results else None, whole, learners)


def _grades(counts: Counts, asked: Asked) -> Sequence[str]:
    """Of all learners of that day: grades that nobody is in today had some then."""
    return [asked.grade] if asked.grade else sorted({grade for _scope, grade in counts.learners})
