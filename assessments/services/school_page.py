"""School-wide mastery: schools, grades or classes by the domains of a subject, or by the standards of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from assessments.models.rollup import ScopeKind
from assessments.services.policies import InForce, Policies
from assessments.services.school_asked import Asked, Column, Line, Matrix, Subgrouped, Taught, say_schools
from assessments.services.school_counts import (
    Counts,
    Domain,
    Places,
    Scope,
    StandardCounts,
    Tally,
    read_counts,
    read_standards,
)
from lrm.grades import grade_name
from lrm.rows import read
from profiles.models import Section
from standards.models import Standard

TAUGHT = """
SELECT 'subject' AS what, j.id, j.title, '' AS purpose, count(*) AS n
  FROM standards_subject j JOIN standards_standard s ON s.subject_id = j.id
  JOIN assessments_sectionstandard t ON t.standard_id = s.id
 WHERE j.district_id = %(district)s GROUP BY j.id
 UNION ALL
SELECT 'subgroup', id, title, purpose, 0 FROM profiles_subgroup
 WHERE district_id = %(district)s AND ended_at IS NULL
 ORDER BY n DESC, title, id
"""


def read_taught() -> tuple[list[Taught], list[Subgrouped]]:
    """Subjects that some class teaches, the most taught first; subgroups with a declared purpose, by name.

    Of the district of the open scope. One statement.
    """
    rows = read(TAUGHT)
    return (
        [Taught(row.id, row.title) for row in rows if row.what == "subject"],
        [Subgrouped(row.id, row.title, row.purpose) for row in rows if row.what == "subgroup"],
    )


class NoBranch(LookupError):
    """The branch asked for has no result here."""


def read_matrix(asked: Asked, policies: Policies, classes: Sequence[Section], *, today: date) -> Matrix:
    """The rows and columns asked for. classes: those that may be rows.

    Three statements, one more for standards as columns, and twice the counts where two days are compared.
    Raises NoBranch.
    """
    if not asked.by_class:
        classes = []
    places = asked.places([section.roster_id for section in classes])
    counts = read_counts(places, today=today, past=asked.past)
    on = asked.past.day if asked.past else today
    grades = sorted({grade for (kind, _id), grade in counts.learners if kind == ScopeKind.SCHOOL and grade})
    wanted = [asked.grade] if asked.grade else sorted({grade for _scope, grade in counts.learners})
    names = {school.pk: school.name for school in ([asked.school] if asked.school else asked.schools)}
    branches = _columns(counts, policies, wanted, on, names)
    reading = _Reading(counts, branches, None)
    if asked.branch:
        reading = _of_branch(asked, places, counts, branches, today)
    lines = _lines(asked, _Lines(reading, wanted), classes)
    policies_then: tuple[InForce, ...] = ()
    if asked.then is not None:
        lines = _beside(asked, places, reading, lines, wanted, classes, today)
        policies_then = tuple(policies.mixed(column.domains[0][0], asked.then.day, names) for column in reading.columns)
    return Matrix(asked, reading.columns, lines, grades, branches, counts, policies_then)


@dataclass(frozen=True)
class _Reading:
    """Counts of one day under the columns of the page. standards: of an open branch, by id."""

    counts: Counts
    columns: list[Column]
    standards: Mapping[int, StandardCounts] | None

    def tally(self, column: Column, scope: Scope, school_id: int, grades: Iterable[str]) -> Tally:
        if column.standard_id is None or self.standards is None:
            return self.counts.tally(scope, school_id, grades, column.domains)
        found = self.standards.get(column.standard_id)
        return found.tally(self.counts, scope, school_id, grades) if found else Tally()


def _of_branch(asked: Asked, places: Places, counts: Counts, branches: Sequence[Column], today: date) -> _Reading:
    opened = next((column for column in branches if column.key == asked.branch), None)
    if opened is None:
        raise NoBranch
    found = read_standards(places, opened.domains, today=today, past=asked.past)
    columns = [
        replace(opened, name=each.title, code=each.code, standard_id=each.standard_id)
        if each.title != each.label
        else replace(opened, name=each.label, code="", standard_id=each.standard_id)
        for each in found
    ]
    return _Reading(counts, columns, {each.standard_id: each for each in found})


def _beside(
    asked: Asked,
    places: Places,
    reading: _Reading,
    lines: Sequence[Line],
    grades: Sequence[str],
    classes: Sequence[Section],
    today: date,
) -> list[Line]:
    """The lines with the figures of the other day."""
    then = read_counts(places, today=today, past=asked.then)
    standards = None
    if reading.standards is not None and reading.columns:
        found = read_standards(places, reading.columns[0].domains, today=today, past=asked.then)
        standards = {each.standard_id: each for each in found}
    make = _Lines(_Reading(then, reading.columns, standards), grades)
    others = {line.key: line for line in _lines(asked, make, classes, every=True)}
    beside = []
    for line in lines:
        other = others.get(line.key)
        empty = tuple(Tally() for _column in reading.columns)
        beside.append(
            replace(line, then=other.tallies if other else empty, learners_then=other.learners if other else 0)
        )
    return beside


def _columns(
    counts: Counts, policies: Policies, grades: Sequence[str], today: date, names: Mapping[int, str]
) -> list[Column]:
    """In the order of the frameworks. names: of the schools that are counted. One statement."""
    domains = {domain for _school, grade, domain in counts.in_use if grade in grades}
    known = {
        standard.pk: standard
        for standard in Standard.objects.filter(pk__in=[domain for _framework, domain in domains if domain]).only(
            "pk", "code", "short_title", "statement", "framework_id", "position"
        )
    }
    named: dict[tuple[int, str], list[Domain]] = {}
    for framework, domain in domains:
        heading = known[domain].heading if domain in known else _("Other standards")
        named.setdefault((framework, heading), []).append((framework, domain))
    columns = []
    for (framework, heading), members in named.items():
        members.sort(key=lambda domain: known[domain[1]].position if domain[1] in known else -1)
        first = known.get(members[0][1])
        columns.append(
            (
                framework,
                first.position if first else -1,
                Column(
                    key=f"{framework}-{members[0][1]}",
                    name=heading,
                    code=first.code if first and len(members) == 1 else "",
                    domains=tuple(members),
                    policy=policies.mixed(framework, today, names),
                ),
            )
        )
    return [column for _framework, _position, column in sorted(columns, key=lambda entry: entry[:2])]


class _Lines:
    """Makes rows from counts; a row of several schools is their sum."""

    def __init__(self, reading: _Reading, grades: Sequence[str]) -> None:
        self.reading, self.all_grades = reading, tuple(grades)

    def of_schools(self, key: str, name: str, school_ids: Iterable[int], grades=None, *, is_total=False) -> Line:
        grades, school_ids = tuple(grades or self.all_grades), tuple(school_ids)
        scopes = [((ScopeKind.SCHOOL, school), school) for school in school_ids]
        return self._line(key, name, scopes, school_ids, grades, is_total=is_total)

    def of_class(self, section: Section) -> Line:
        scope = (ScopeKind.ROSTER, section.roster_id)
        school = section.roster.school_id
        return self._line(
            f"r{section.roster_id}",
            section.title,
            [(scope, school)],
            (school,),
            self.all_grades,
            roster_id=section.roster_id,
            section=section,
        )

    def _line(self, key: str, name: str, scopes: Sequence[tuple[Scope, int]], school_ids, grades, **more) -> Line:
        tallies = tuple(
            sum((self.reading.tally(column, scope, school, grades) for scope, school in scopes), Tally())
            for column in self.reading.columns
        )
        learners = sum(self.reading.counts.size(scope, grades) for scope, _school in scopes)
        return Line(key, name, learners, school_ids, grades, tallies, **more)


def _lines(asked: Asked, make: _Lines, classes: Sequence[Section], *, every: bool = False) -> list[Line]:
    """every: also classes that nobody is in."""
    if asked.school is None:
        whole = say_schools(len(asked.schools))
        everywhere = [school.pk for school in asked.schools]
        lines = [make.of_schools("d", whole, everywhere, is_total=True)]
        return lines + [make.of_schools(f"s{school.pk}", school.name, [school.pk]) for school in asked.schools]
    school = asked.school
    lines = [make.of_schools(f"s{school.pk}", school.name, [school.pk], is_total=True)]
    if asked.by_class:
        made = [make.of_class(section) for section in classes]
        return lines + [line for line in made if line.learners or every or asked.section]
    grades = make.reading.counts.grades_of((ScopeKind.SCHOOL, school.pk))
    return lines + [
        make.of_schools(f"g{grade}", grade_name(grade) or _("No grade"), [school.pk], [grade]) for grade in grades
    ]


@dataclass(frozen=True)
class StandardLine:
    standard_id: int
    label: str
    title: str
    tally: Tally


def standards_of(matrix: Matrix, line: Line, column: Column, *, today: date) -> list[StandardLine]:
    """The standards of a cell that have a record, in the order of the document. One statement, none for a column that
    is a standard itself.
    """
    if column.standard_id is not None:
        tally = line.tallies[matrix.columns.index(column)]
        return [StandardLine(column.standard_id, column.code or column.name, column.name, tally)]
    asked = matrix.asked
    rosters = () if line.roster_id is None else (line.roster_id,)
    grade = line.grades[0] if len(line.grades) == 1 else ""
    places = Places(asked.subject.pk, line.school_ids, rosters, grade, asked.subgroup_id, asked.kept_ids)
    lines = []
    for counts in read_standards(places, column.domains, today=today, past=asked.past):
        tally = Tally()
        for school in line.school_ids:
            scope = (ScopeKind.SCHOOL, school) if line.roster_id is None else (ScopeKind.ROSTER, line.roster_id)
            tally = tally + counts.tally(matrix.counts, scope, school, line.grades)
        if tally.results or tally.places:
            lines.append(StandardLine(counts.standard_id, counts.label, counts.title, tally))
    return lines
