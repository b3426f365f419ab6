"""School-wide mastery: schools, grades or classes by the domains of a subject, then standards, then learners."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Mastery, SectionStandard
from assessments.models.rollup import ScopeKind
from assessments.services.past_counts import read_levels_then
from assessments.services.policies import InForce, Policies
from assessments.services.school_counts import ClosedDay, Counts, Domain, Scope, Tally, read_counts, read_standards
from lrm.grades import grade_name
from profiles.models import Account, Enrollment, Learner, School, Section
from standards.models import Standard, Subject


@dataclass(frozen=True)
class Asked:
    """What the page is about. schools: all that the account administers; school: the chosen one, or the only one.

    grade: a code, or "" for all. section: a class of the school; it stands for its roster.
    past: the closed day whose end is asked for, None for now.
    """

    subject: Subject
    schools: Sequence[School]
    school: School | None = None
    grade: str = ""
    section: Section | None = None
    past: ClosedDay | None = None


@dataclass(frozen=True)
class Column:
    """Domains that are called the same, in one framework: "Fractions" of grade 4 and of grade 5 are one column."""

    key: str
    name: str
    code: str
    domains: tuple[Domain, ...]
    policy: InForce

    @property
    def mastery_level(self) -> int:
        return self.policy.scale.mastery_level


@dataclass(frozen=True)
class Line:
    """A row: key is d, s<school>, g<grade> or r<roster>. learners: today's, each once; tallies: one a column."""

    key: str
    name: str
    learners: int
    school_ids: tuple[int, ...]
    grades: tuple[str, ...]
    tallies: tuple[Tally, ...]
    is_total: bool = False
    roster_id: int | None = None
    section: Section | None = None


@dataclass(frozen=True)
class Matrix:
    asked: Asked
    columns: list[Column]
    lines: list[Line]
    grades: list[str]
    counts: Counts = field(repr=False)

    @property
    def is_empty(self) -> bool:
        return not self.columns

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def total(self) -> Tally:
        """All columns of the first line together."""
        return sum(self.lines[0].tallies, Tally()) if self.lines else Tally()


def taught_subjects(district_id: int) -> list[Subject]:
    """Subjects that some class teaches, the most taught first. One statement."""
    taught = (
        SectionStandard.objects.filter(standard__subject=OuterRef("pk"))
        .order_by()
        .values("standard__subject")
        .annotate(n=Count("pk"))
        .values("n")
    )
    subjects = Subject.objects.filter(district_id=district_id).annotate(taught=Subquery(taught))
    return list(subjects.filter(taught__isnull=False).order_by("-taught", "title"))


def read_matrix(asked: Asked, policies: Policies, sections: Sequence[Section], *, today: date) -> Matrix:
    """The rows and columns asked for. Three statements. sections: the classes of the chosen school in this subject."""
    school_ids = [school.pk for school in ([asked.school] if asked.school else asked.schools)]
    classes = [asked.section] if asked.section else (sections if asked.grade else [])
    counts = read_counts(
        subject_id=asked.subject.pk,
        school_ids=school_ids,
        roster_ids={section.roster_id for section in classes},
        today=today,
        past=asked.past,
    )
    on = asked.past.day if asked.past else today
    grades = sorted({grade for (kind, _id), grade in counts.learners if kind == ScopeKind.SCHOOL and grade})
    wanted = [asked.grade] if asked.grade else sorted({grade for _scope, grade in counts.learners})
    columns = _columns(counts, policies, wanted, on)
    make = _Lines(counts, columns, wanted)
    return Matrix(asked, columns, _lines(asked, make, classes), grades, counts)


def _columns(counts: Counts, policies: Policies, grades: Sequence[str], today: date) -> list[Column]:
    """In the order of the frameworks. One statement."""
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
                    policy=policies.on(framework, today),
                ),
            )
        )
    return [column for _framework, _position, column in sorted(columns, key=lambda entry: entry[:2])]


class _Lines:
    """Makes rows from counts; a row of several schools is their sum."""

    def __init__(self, counts: Counts, columns: list[Column], grades: Sequence[str]) -> None:
        self.counts, self.columns, self.all_grades = counts, columns, tuple(grades)

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
            sum((self.counts.tally(scope, school, grades, column.domains) for scope, school in scopes), Tally())
            for column in self.columns
        )
        learners = sum(self.counts.size(scope, grades) for scope, _school in scopes)
        return Line(key, name, learners, school_ids, grades, tallies, **more)


def _lines(asked: Asked, make: _Lines, classes: Sequence[Section]) -> list[Line]:
    if asked.school is None:
        n = len(asked.schools)
        whole = ngettext("%(n)s school", "All %(n)s schools", n) % {"n": n}
        everywhere = [school.pk for school in asked.schools]
        lines = [make.of_schools("d", whole, everywhere, is_total=True)]
        return lines + [make.of_schools(f"s{school.pk}", school.name, [school.pk]) for school in asked.schools]
    school = asked.school
    lines = [make.of_schools(f"s{school.pk}", school.name, [school.pk], is_total=True)]
    if asked.section or asked.grade:
        made = [make.of_class(section) for section in classes]
        return lines + [line for line in made if line.learners or asked.section]
    grades = make.counts.grades_of((ScopeKind.SCHOOL, school.pk))
    return lines + [
        make.of_schools(f"g{grade}", grade_name(grade) or _("No grade"), [school.pk], [grade]) for grade in grades
    ]


@dataclass(frozen=True)
class StandardLine:
    standard_id: int
    label: str
    title: str
    tally: Tally


def standards_of(matrix: Matrix, line: Line, column: Column) -> list[StandardLine]:
    """The standards of a cell that have a result, in the order of the document. One statement."""
    found = read_standards(
        subject_id=matrix.asked.subject.pk,
        domains=column.domains,
        school_ids=line.school_ids,
        roster_id=line.roster_id,
        grade=line.grades[0] if len(line.grades) == 1 else "",
        past=matrix.asked.past,
    )
    learners, lines = matrix.counts.learners, []
    for counts in found:
        tally = Tally()
        for school in line.school_ids:
            of_class = line.roster_id is not None
            scope = (ScopeKind.SCHOOL, school) if line.roster_id is None else (ScopeKind.ROSTER, line.roster_id)
            for grade in line.grades:
                levels = counts.levels.get((0 if of_class else school, grade), Counter())
                places = learners.get((scope, grade), 0) if (school, grade) in counts.levels else 0
                tally = tally + Tally(levels, places)
        lines.append(StandardLine(counts.standard_id, counts.label, counts.title, tally))
    return lines


ORDERS = ("name", "class", "level", "newest")


@dataclass(frozen=True)
class NotYet:
    """A learner whose shown level on a standard is below mastery. class_title: the homeroom, or another class."""

    learner: Learner
    class_title: str
    level: int
    by_teacher: bool
    newest: date | None


def not_yet_secure(
    account: Account, line: Line, standard_id: int, mastery_level: int, *, today: date, order: str = "name"
) -> list[NotYet]:
    """Learners of a row who are not yet at mastery on a standard, whom the account may see. One statement.

    order: one of ORDERS; lowest level and newest result come first.
    """
    rows = (
        Mastery.objects.visible_to(account)
        .filter(standard=standard_id, shown_level__lt=mastery_level, learner__in=_learners_of(line, today))
        .select_related("learner")
        .annotate(class_title=_class_on(today, OuterRef("learner_id")))
    )
    found = [
        NotYet(
            row.learner,
            row.class_title or "",
            row.shown_level,
            row.override_id is not None,
            timezone.localdate(row.last_observed_at) if row.last_observed_at else None,
        )
        for row in rows
    ]
    return _in_order(found, order)


def not_yet_secure_then(
    account: Account, line: Line, standard_id: int, mastery_level: int, *, past: ClosedDay, order: str = "name"
) -> list[NotYet]:
    """The same at the end of a closed day: of its learners those whom the account may see today. Two statements.

    newest: the day of the last change.
    """
    then = read_levels_then(
        standard_id,
        day=past.day,
        today=past.today,
        school_ids=line.school_ids,
        roster_id=line.roster_id,
        grades=line.grades,
        own=past.own,
    )
    levels = {level.learner_id: level for level in then if level.shown_level < mastery_level}
    learners = Learner.objects.visible_to(account).filter(pk__in=levels)
    found = []
    for learner in learners.annotate(class_title=_class_on(past.day, OuterRef("pk"))):
        level = levels[learner.pk]
        found.append(NotYet(learner, learner.class_title or "", level.shown_level, level.by_teacher, level.since))
    return _in_order(found, order)


def _class_on(day: date, learner: OuterRef) -> Subquery:
    """The title of the homeroom, or of another class, in which a learner was on that day."""
    classes = Enrollment.objects.on(day).of_learners().filter(learner=learner, roster__block__isnull=True)
    return Subquery(classes.order_by("-roster__is_homeroom", "roster__title").values("roster__title")[:1])


def _in_order(found: list[NotYet], order: str) -> list[NotYet]:
    found.sort(key=lambda row: (row.learner.first_name, row.learner.family_name, row.learner.pk))
    if order == "class":
        found.sort(key=lambda row: row.class_title)
    elif order == "level":
        found.sort(key=lambda row: row.level)
    elif order == "newest":
        found.sort(key=lambda row: row.newest or date.min, reverse=True)
    return found


def _learners_of(line: Line, today: date) -> QuerySet[Learner]:
    """Those whom the row counts: at home in its schools and not gone, or on its roster today."""
    if line.roster_id is not None:
        return Learner.objects.enrolled_in(line.roster_id, on=today).filter(grade__in=line.grades)
    return Learner.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=today), home_school__in=line.school_ids, grade__in=line.grades
    )
