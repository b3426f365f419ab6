"""Counts of results by level for the school-wide pages: folded rollups plus pending differences, never the ledger.

Of a closed day they come from the history (`past_counts`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from assessments.models.rollup import ScopeKind
from assessments.services.past_counts import PAST_COUNTED, PAST_LEARNERS
from lrm.scope import current_district_id
from standards.headings import heading_of

SCHOOLS = "r.kind = 1 AND r.scope_id = ANY(%(schools)s)"
WITH_ROSTERS = f"(({SCHOOLS}) OR (r.kind = 0 AND r.scope_id = ANY(%(rosters)s)))"

COUNTED = """
WITH counted AS (
  SELECT r.kind, r.scope_id, r.grade, r.standard_id, r.level, sum(r.n) AS n
    FROM (SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollup
          UNION ALL
          SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollupdelta) r
   WHERE {places} AND (%(grade)s = '' OR r.grade = %(grade)s)
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(r.n) > 0)
"""

# Three kinds of rows: with a level the results at it, without one the standards that have a result, and without a
# framework learners. One sort serves both groupings.
PLACED = """
SELECT c.kind, c.scope_id, c.grade, s.framework_id, coalesce(s.domain_id, 0), c.level, sum(c.n)::int,
       count(DISTINCT c.standard_id)::int
  FROM counted c JOIN standards_standard s ON s.id = c.standard_id WHERE s.subject_id = %(subject)s
 GROUP BY GROUPING SETS ((1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5))
"""
BY_DOMAIN = (
    COUNTED
    + PLACED
    + """
UNION ALL
SELECT 1, l.home_school_id, l.grade, NULL, NULL, NULL, count(*)::int, 0 FROM profiles_learner l
 WHERE l.home_school_id = ANY(%(schools)s) AND (l.left_on IS NULL OR l.left_on > %(today)s) GROUP BY 2, 3
"""
)
OF_ROSTERS = """
UNION ALL
SELECT 0, e.roster_id, l.grade, NULL, NULL, NULL, count(DISTINCT l.id)::int, 0
  FROM profiles_enrollment e JOIN profiles_learner l ON l.id = e.learner_id
 WHERE e.roster_id = ANY(%(rosters)s) AND e.role = 'learner' AND e.starts_on <= %(today)s
   AND (e.ends_on IS NULL OR e.ends_on >= %(today)s) GROUP BY 2, 3
"""
# Most pages show schools only; without a word about rosters, PostgreSQL plans them in half the time.
DOMAINS_OF_SCHOOLS = BY_DOMAIN.replace("{places}", SCHOOLS)
DOMAINS_OF_BOTH = BY_DOMAIN.replace("{places}", WITH_ROSTERS) + OF_ROSTERS

PAST_DOMAINS = PAST_COUNTED + PLACED + PAST_LEARNERS

OF_STANDARDS = """
SELECT c.kind, c.scope_id, c.grade, c.level, c.n::int, s.id, s.code,
       coalesce(nullif(s.short_title, ''), s.statement), s.position
  FROM counted c JOIN standards_standard s ON s.id = c.standard_id
 WHERE s.subject_id = %(subject)s AND s.framework_id = %(framework)s
   AND coalesce(s.domain_id, 0) = ANY(%(domains)s)
"""
BY_STANDARD = COUNTED.replace("{places}", WITH_ROSTERS) + OF_STANDARDS
PAST_STANDARDS = PAST_COUNTED + OF_STANDARDS

Scope = tuple[int, int]
"""(ScopeKind, id of the school or roster)."""

Domain = tuple[int, int]
"""(id of the framework, id of the domain, 0 for standards without one)."""


@dataclass(frozen=True)
class ClosedDay:
    """day: whose end is asked for.    today: whose rights count.

    own: schools that the account administers, None for the whole district.
    """

    day: date
    today: date
    own: list[int] | None = None


@dataclass(frozen=True)
class Tally:
    """Results by level. places: learners x standards that have a result in their school and grade."""

    levels: Counter = field(default_factory=Counter)
    places: int = 0

    @property
    def results(self) -> int:
        return sum(self.levels.values())

    @property
    def not_assessed(self) -> int:
        """Places without a result. Enrollments change before workers move the counts, so never below zero."""
        return max(self.places - self.results, 0)

    def reached(self, mastery_level: int) -> int:
        return sum(n for level, n in self.levels.items() if level >= mastery_level)

    def share(self, mastery_level: int) -> int | None:
        """Percent of the results that are at mastery or more; None without a result."""
        return round(100 * self.reached(mastery_level) / self.results) if self.results else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.levels + other.levels, self.places + other.places)


@dataclass(frozen=True)
class Counts:
    """tallies: {(scope, grade, domain)}.    in_use: {(school id, grade, domain): standards with a result}.

    learners: {(scope, grade)}: enrolled today, of a school once at home.
    """

    tallies: dict[tuple[Scope, str, Domain], Tally]
    in_use: dict[tuple[int, str, Domain], int]
    learners: dict[tuple[Scope, str], int]

    def domains(self) -> set[Domain]:
        return {domain for _, _, domain in self.in_use}

    def grades_of(self, scope: Scope) -> list[str]:
        return sorted(grade for at, grade in self.learners if at == scope)

    def size(self, scope: Scope, grades: Iterable[str]) -> int:
        return sum(self.learners.get((scope, grade), 0) for grade in grades)

    def tally(self, scope: Scope, school_id: int, grades: Iterable[str], domains: Iterable[Domain]) -> Tally:
        """school_id: whose standards in use make the places; for a school its own id."""
        found = Tally()
        domains = list(domains)
        for grade in grades:
            for domain in domains:
                places = self.learners.get((scope, grade), 0) * self.in_use.get((school_id, grade, domain), 0)
                levels = self.tallies.get((scope, grade, domain), Tally()).levels
                found = found + Tally(levels, places)
        return found


def read_counts(
    *,
    subject_id: int,
    school_ids: Iterable[int],
    roster_ids: Iterable[int] = (),
    grade: str = "",
    today: date,
    past: ClosedDay | None = None,
) -> Counts:
    """Results by level of a subject, for schools and for rosters of theirs; as of now, or of a closed day.

    One statement. grade: a code, or "" for all. A learner counts by the grade of the learner, not of the class.
    """
    asked: dict[str, Any] = {
        "subject": subject_id,
        "schools": sorted(school_ids),
        "rosters": sorted(roster_ids),
        "grade": grade,
        "today": today,
    }
    statement = DOMAINS_OF_BOTH if asked["rosters"] else DOMAINS_OF_SCHOOLS
    if past is not None:
        statement, asked = PAST_DOMAINS, asked | _of(past)
    tallies: dict[tuple[Scope, str, Domain], Tally] = {}
    in_use: dict[tuple[int, str, Domain], int] = {}
    learners: dict[tuple[Scope, str], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        for kind, scope, at_grade, framework, domain, level, n, standards in cursor.fetchall():
            if framework is None:
                learners[(kind, scope), at_grade] = n
            elif level is None:
                if kind == ScopeKind.SCHOOL:
                    in_use[scope, at_grade, (framework, domain)] = standards
            else:
                place = (kind, scope), at_grade, (framework, domain)
                if place not in tallies:
                    tallies[place] = Tally()
                tallies[place].levels[level] = n
    return Counts(tallies, in_use, learners)


@dataclass
class StandardCounts:
    """A standard and {(school id, grade): results by level}; of a roster, under the key (0, grade)."""

    standard_id: int
    code: str
    title: str
    position: int
    levels: dict[tuple[int, str], Counter] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.code or self.title


def read_standards(
    *,
    subject_id: int,
    domains: Iterable[Domain],
    school_ids: Iterable[int],
    roster_id: int | None,
    grade: str,
    past: ClosedDay | None = None,
) -> list[StandardCounts]:
    """The standards of some domains of one framework that have a result, in the order of the document.

    Of a roster, its schools are read too: they say which standards are in use. One statement.
    """
    domains = sorted(domains)
    asked: dict[str, Any] = {
        "subject": subject_id,
        "framework": domains[0][0],
        "domains": [domain for _, domain in domains],
        "schools": sorted(school_ids),
        "rosters": [] if roster_id is None else [roster_id],
        "grade": grade,
    }
    found: dict[int, StandardCounts] = {}
    with connection.cursor() as cursor:
        if past is None:
            cursor.execute(BY_STANDARD, asked)
        else:
            cursor.execute(PAST_STANDARDS, asked | _of(past))
        for kind, scope, at_grade, level, n, standard, code, title, position in cursor.fetchall():
            if standard not in found:
                found[standard] = StandardCounts(standard, code, heading_of(title), position)
            key = (scope if kind == ScopeKind.SCHOOL else 0, at_grade)
            found[standard].levels.setdefault(key, Counter())[level] += n
    return sorted(found.values(), key=lambda counts: (counts.position, counts.standard_id))


def _of(past: ClosedDay) -> dict[str, Any]:
    return {"day": past.day, "today": past.today, "own": past.own, "district": current_district_id()}
