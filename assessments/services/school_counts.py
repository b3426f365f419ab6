"""Counts of results by level, and of what is left out, for the school-wide pages: folded rollups plus pending
differences, never the ledger.

Of a closed day they come from the history (`past_counts`), of a subgroup from the levels that stand now; of more
students than a page walks from what a worker has counted (`kept_counts`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection

from assessments.mastery.left_out import NOTHING, REASONS
from assessments.models.rollup import ScopeKind
from assessments.services.past_counts import LEARNERS_COUNTED, PAST_COUNTED
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

# The rollups know no subgroup, so its members' levels are counted, of at most as many learners as a closed day.
SUBGROUP_COUNTED = """
WITH members AS MATERIALIZED (
  SELECT NULL::date AS day, 1 AS kind, l.home_school_id AS scope_id, l.grade, l.id AS learner_id
    FROM profiles_subgroupmember g JOIN profiles_learner l ON l.id = g.learner_id
   WHERE g.subgroup_id = %(subgroup)s AND l.home_school_id = ANY(%(schools)s)
     AND (l.left_on IS NULL OR l.left_on > %(today)s) AND (%(grade)s = '' OR l.grade = %(grade)s)
  UNION
  SELECT NULL, 0, e.roster_id, l.grade, l.id
    FROM profiles_subgroupmember g JOIN profiles_learner l ON l.id = g.learner_id
    JOIN profiles_enrollment e ON e.learner_id = l.id AND e.roster_id = ANY(%(rosters)s) AND e.role = 'learner'
     AND e.starts_on <= %(today)s AND (e.ends_on IS NULL OR e.ends_on >= %(today)s)
   WHERE g.subgroup_id = %(subgroup)s AND (%(grade)s = '' OR l.grade = %(grade)s)),
counted AS (
  SELECT m.day, m.kind, m.scope_id, m.grade, y.standard_id, coalesce(y.shown_level, -y.left_out) AS level,
         count(*) AS n
    FROM members m JOIN assessments_mastery y USING (learner_id)
    JOIN standards_standard s ON s.id = y.standard_id AND s.subject_id = %(subject)s
   WHERE y.shown_level IS NOT NULL OR y.left_out > 0 GROUP BY 1, 2, 3, 4, 5, 6)
"""

# Three kinds of rows: with a level the results at it (below 0 those that are left out, see RollupDelta), without one
# the standards that have a record, and without a framework learners. One sort serves both groupings. The first column
# is the day, NULL for now.
PLACED = """
SELECT NULL::date, c.kind, c.scope_id, c.grade, s.framework_id, coalesce(s.domain_id, 0), c.level, sum(c.n)::int,
       count(DISTINCT c.standard_id)::int
  FROM counted c JOIN standards_standard s ON s.id = c.standard_id WHERE s.subject_id = %(subject)s
 GROUP BY GROUPING SETS ((2, 3, 4, 5, 6, 7), (2, 3, 4, 5, 6))
"""
PLACED_BY_DAY = PLACED.replace("NULL::date", "c.day").replace("((2, 3", "((1, 2, 3").replace(", (2, 3", ", (1, 2, 3")
BY_DOMAIN = (
    COUNTED
    + PLACED
    + """
UNION ALL
SELECT NULL, 1, l.home_school_id, l.grade, NULL, NULL, NULL, count(*)::int, 0 FROM profiles_learner l
 WHERE l.home_school_id = ANY(%(schools)s) AND (l.left_on IS NULL OR l.left_on > %(today)s) GROUP BY 3, 4
"""
)
OF_ROSTERS = """
UNION ALL
SELECT NULL, 0, e.roster_id, l.grade, NULL, NULL, NULL, count(DISTINCT l.id)::int, 0
  FROM profiles_enrollment e JOIN profiles_learner l ON l.id = e.learner_id
 WHERE e.roster_id = ANY(%(rosters)s) AND e.role = 'learner' AND e.starts_on <= %(today)s
   AND (e.ends_on IS NULL OR e.ends_on >= %(today)s) GROUP BY 3, 4
"""
# Most pages show schools only; without a word about rosters, PostgreSQL plans them in half the time.
DOMAINS_OF_SCHOOLS = BY_DOMAIN.replace("{places}", SCHOOLS)
DOMAINS_OF_BOTH = BY_DOMAIN.replace("{places}", WITH_ROSTERS) + OF_ROSTERS
DOMAINS_OF_SUBGROUP = SUBGROUP_COUNTED + PLACED + LEARNERS_COUNTED
PAST_DOMAINS = PAST_COUNTED + PLACED_BY_DAY + LEARNERS_COUNTED

# What a worker has counted; %(kept)s holds one for each day. Of kind THERE is a row that says how many of them there
# are in this moment: whoever counts anew puts others in their place, all at once.
THERE = -1
KEPT = "c.kept_id = ANY(%(kept)s) AND c.school_id = ANY(%(schools)s) AND (%(grade)s = '' OR c.grade = %(grade)s)"
KEPT_DOMAINS = f"""
SELECT k.day, 1, c.school_id, c.grade, c.framework_id, c.domain_id, c.level, c.n, c.standards
  FROM assessments_keptdomain c JOIN assessments_keptcounts k ON k.id = c.kept_id WHERE {KEPT}
UNION ALL
SELECT NULL, {THERE}, count(*), '', NULL, NULL, NULL, 0, NULL FROM assessments_keptcounts WHERE id = ANY(%(kept)s)
"""
KEPT_COUNTED = f"""
WITH counted AS (
  SELECT 1 AS kind, c.school_id AS scope_id, c.grade, c.standard_id, c.level, c.n FROM assessments_keptcount c
   WHERE {KEPT})
"""

OF_STANDARDS = """
SELECT c.kind, c.scope_id, c.grade, c.level, c.n::int, s.id, s.code,
       coalesce(nullif(s.short_title, ''), s.statement), s.position
  FROM counted c JOIN standards_standard s ON s.id = c.standard_id
 WHERE s.subject_id = %(subject)s AND s.framework_id = %(framework)s
   AND coalesce(s.domain_id, 0) = ANY(%(domains)s)
"""
BY_STANDARD = COUNTED.replace("{places}", WITH_ROSTERS) + OF_STANDARDS
STANDARDS_OF_SUBGROUP = SUBGROUP_COUNTED + OF_STANDARDS
PAST_STANDARDS = PAST_COUNTED + OF_STANDARDS
KEPT_STANDARDS = (
    KEPT_COUNTED
    + OF_STANDARDS
    + f"""
UNION ALL
SELECT {THERE}, count(*), '', NULL, 0, NULL, '', '', 0 FROM assessments_keptcounts WHERE id = ANY(%(kept)s)
"""
)


class CountsGone(LookupError):
    """What a worker had counted was counted anew, or has had its time, since it was found. To be read from the
    beginning."""


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
    """Results by level. places: learners x standards of which somebody of their school and grade has a record.

    without: places with a record and no level, by a reason of mastery.left_out.
    """

    levels: Counter = field(default_factory=Counter)
    places: int = 0
    without: Counter = field(default_factory=Counter)

    @classmethod
    def of(cls, counted: Mapping[int, int], places: int) -> "Tally":
        """counted: level, or the negative of a reason -> how many."""
        levels: Counter = Counter()
        without: Counter = Counter()
        for level, n in counted.items():
            (levels if level > 0 else without)[abs(level)] = n
        return cls(levels, places, without)

    @property
    def results(self) -> int:
        return sum(self.levels.values())

    @property
    def left_out(self) -> int:
        """Places without a level."""
        return sum(self.reasons.values())

    @property
    def expected(self) -> int:
        """Places, or what stands there where it is more."""
        return self.results + self.left_out

    @property
    def reasons(self) -> dict[int, int]:
        """Left out, by reason; NOTHING: no record yet. Enrollments change before workers move the counts, so never
        below zero."""
        nothing = max(self.places - self.results - sum(self.without.values()), 0)
        return {NOTHING: nothing} | {why: self.without[why] for why in REASONS}

    def reached(self, mastery_level: int) -> int:
        return sum(n for level, n in self.levels.items() if level >= mastery_level)

    def share(self, mastery_level: int) -> int | None:
        """Percent of the results that are at mastery or more; None without a result."""
        return round(100 * self.reached(mastery_level) / self.results) if self.results else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.levels + other.levels, self.places + other.places, self.without + other.without)


@dataclass(frozen=True)
class Counts:
    """tallies: {(scope, grade, domain)}.    in_use: {(school id, grade, domain): standards with a record}.

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
        found, domains = Tally(), list(domains)
        places = 0
        for grade in grades:
            learners = self.learners.get((scope, grade), 0)
            for domain in domains:
                places += learners * self.in_use.get((school_id, grade, domain), 0)
                if (counted := self.tallies.get((scope, grade, domain))) is not None:
                    found.levels.update(counted.levels)
                    found.without.update(counted.without)
        return replace(found, places=places)


@dataclass(frozen=True)
class Places:
    """Whose results are counted. grade: a code, or "" for all; subgroup: an id, None for everybody.

    A learner counts by the grade of the learner, not of the class. kept: {day, None for now: KeptCounts} of what a
    worker has counted of all schools; classes are no part of it.
    """

    subject_id: int
    school_ids: tuple[int, ...]
    roster_ids: tuple[int, ...] = ()
    grade: str = ""
    subgroup: int | None = None
    kept: Mapping[date | None, int] = field(default_factory=dict)

    def asked(self, today: date) -> dict[str, Any]:
        return {
            "subject": self.subject_id,
            "schools": sorted(self.school_ids),
            "rosters": sorted(self.roster_ids),
            "grade": self.grade,
            "subgroup": self.subgroup,
            "today": today,
        }


def read_counts(places: Places, *, today: date, past: ClosedDay | None = None) -> Counts:
    """Results by level of a subject, for schools and for rosters of theirs; as of now, or of a closed day.

    One statement. Raises CountsGone, as do the two below.
    """
    if past is not None:
        return read_counts_then(places, [past.day], past=past)[past.day]
    if None in places.kept:
        return _by_day(KEPT_DOMAINS, _kept(places, [None], today)).get(None, Counts({}, {}, {}))
    statement = DOMAINS_OF_BOTH if places.roster_ids else DOMAINS_OF_SCHOOLS
    if places.subgroup is not None:
        statement = DOMAINS_OF_SUBGROUP
    return _by_day(statement, places.asked(today)).get(None, Counts({}, {}, {}))


def read_counts_then(places: Places, days: Iterable[date], *, past: ClosedDay) -> dict[date, Counts]:
    """The same at the end of each of several closed days. past: by whose rights; its own day does not matter.

    One statement.
    """
    days = sorted(days)
    if set(days) <= set(places.kept):
        found = _by_day(KEPT_DOMAINS, _kept(places, days, past.today))
    else:
        found = _by_day(PAST_DOMAINS, places.asked(past.today) | _of(past, days))
    return {day: found.get(day, Counts({}, {}, {})) for day in days}


def _by_day(statement: str, asked: dict[str, Any]) -> dict[date | None, Counts]:
    found: dict[date | None, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        for day, kind, scope, at_grade, framework, domain, level, n, standards in cursor.fetchall():
            if kind == THERE:
                _check(scope, asked)
                continue
            if day not in found:
                found[day] = Counts({}, {}, {})
            tallies, in_use, learners = found[day].tallies, found[day].in_use, found[day].learners
            if framework is None:
                learners[(kind, scope), at_grade] = n
            elif level is None:
                if kind == ScopeKind.SCHOOL:
                    in_use[scope, at_grade, (framework, domain)] = standards
            else:
                place = (kind, scope), at_grade, (framework, domain)
                if place not in tallies:
                    tallies[place] = Tally()
                (tallies[place].levels if level > 0 else tallies[place].without)[abs(level)] = n
    return found


@dataclass
class StandardCounts:
    """A standard and {(scope, grade): results by level, or the negative of a reason}."""

    standard_id: int
    code: str
    title: str
    position: int
    levels: dict[tuple[Scope, str], Counter] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.code or self.title

    def tally(self, counts: Counts, scope: Scope, school_id: int, grades: Iterable[str]) -> Tally:
        """Of one scope. school_id: whether the standard is in use is said by the records of its school."""
        found = Tally()
        for grade in grades:
            in_use = ((ScopeKind.SCHOOL, school_id), grade) in self.levels
            places = counts.learners.get((scope, grade), 0) if in_use else 0
            found = found + Tally.of(self.levels.get((scope, grade), {}), places)
        return found


def read_standards(
    places: Places, domains: Iterable[Domain], *, today: date, past: ClosedDay | None = None
) -> list[StandardCounts]:
    """The standards of some domains of one framework that have a record, in the order of the document.

    One statement.
    """
    domains = sorted(domains)
    asked = places.asked(today) | {"framework": domains[0][0], "domains": [domain for _, domain in domains]}
    day = past.day if past is not None else None
    statement = STANDARDS_OF_SUBGROUP if places.subgroup is not None else BY_STANDARD
    if day in places.kept:
        statement, asked = KEPT_STANDARDS, asked | _kept(places, [day], today)
    elif past is not None:
        statement, asked = PAST_STANDARDS, asked | _of(past, [past.day])
    found: dict[int, StandardCounts] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        for kind, scope, at_grade, level, n, standard, code, title, position in cursor.fetchall():
            if kind == THERE:
                _check(scope, asked)
                continue
            if standard not in found:
                found[standard] = StandardCounts(standard, code, heading_of(title), position)
            found[standard].levels.setdefault(((kind, scope), at_grade), Counter())[level] += n
    return sorted(found.values(), key=lambda counts: (counts.position, counts.standard_id))


def _check(there: int, asked: Mapping[str, Any]) -> None:
    if there != len(set(asked["kept"])):
        raise CountsGone


def _kept(places: Places, days: Sequence[date | None], today: date) -> dict[str, Any]:
    return places.asked(today) | {"kept": [places.kept[day] for day in days]}


def _of(past: ClosedDay, days: Iterable[date]) -> dict[str, Any]:
    days = list(days)
    return {
        "days": days,
        "last": max(days),
        "today": past.today,
        "own": past.own,
        "district": current_district_id(),
    }
