"""What a wall shows: learners by standards of one section, read from mastery in three statements."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Mastery, SectionStandard
from assessments.services.disagreements import read_disagreements
from assessments.services.page_policies import PagePolicies
from assessments.services.past import read_past
from assessments.services.policies import InForce, Policies
from lrm.numbers import whole_number
from profiles.models import Account, Learner, Section
from standards.models import Standard

NO_RESULT = 0
NEW_DAYS = 14
"""A learner who joined this lately is marked as new."""


@dataclass(frozen=True)
class Cell:
    """level: shown, or NO_RESULT.    trend: 1, 0, -1 over 30 days.    by_teacher: an override is in force.

    newer_disagree: newer results disagree with that override, for staff.
    """

    level: int = NO_RESULT
    trend: int = 0
    by_teacher: bool = False
    newer_disagree: bool = False


NOTHING = Cell()


@dataclass(frozen=True)
class Column:
    """A standard of the wall: how many learners stand at each level; starts_domain: a little air before it.

    policy: of its framework; what its levels are called and from which on they count as met.
    """

    standard: Standard
    counts: dict[int, int]
    starts_domain: bool
    policy: InForce

    @property
    def seen(self) -> int:
        return sum(n for level, n in self.counts.items() if level != NO_RESULT)


@dataclass(frozen=True)
class Row:
    """A learner of the wall. secure of seen: standards at mastery or more, of those with a result."""

    learner: Learner
    cells: list[Cell]
    secure: int
    seen: int
    is_new: bool


@dataclass(frozen=True)
class Wall:
    """columns and rows in the order asked for; counts: cells at each level, summing to learners x standards.

    policies: those of its columns together.
    not_shown: learners who were in the class on a day gone by and whom the account may not see today.
    """

    columns: list[Column]
    rows: list[Row]
    counts: dict[int, int]
    set_by_teacher: int
    policies: PagePolicies
    not_shown: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.columns or all(column.seen == 0 for column in self.columns)


SORTS = {
    "most": pgettext("sort", "Most to learn"),
    "name": pgettext("sort", "Name"),
    "least": pgettext("sort", "Most secure"),
}


def read_wall(section: Section, policies: Policies, *, on: date, sort: str = "most") -> Wall:
    """The wall of a section on a day of its roster; levels are those of now.

    sort: a key of SORTS, or the id of a standard as text: lowest level there first, no result last.
    """
    standards = standards_of(section)
    enrolled = enrolled_on(section, on)
    cells = {
        (learner, standard): Cell(level or NO_RESULT, trend, override is not None)
        for learner, standard, level, trend, override in Mastery.objects.filter(
            learner__in=[learner.pk for learner, _since in enrolled],
            standard__in=[standard.pk for standard in standards],
        ).values_list("learner_id", "standard_id", "shown_level", "trend", "override_id")
    }
    return put_together(standards, enrolled, cells, policies, on=on, sort=sort)


def with_disagreements(found: Wall, policies: Policies) -> Wall:
    """The same wall; cells say where newer results disagree with a teacher. No statement without such a level."""
    set_by_teacher = [
        (row.learner.pk, column.standard.pk)
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
        if cell.by_teacher
    ]
    pairs = read_disagreements({pk for pk, _ in set_by_teacher}, {pk for _, pk in set_by_teacher}, policies=policies)
    if not pairs:
        return found
    rows = []
    for row in found.rows:
        cells = [
            replace(cell, newer_disagree=(row.learner.pk, column.standard.pk) in pairs)
            for column, cell in zip(found.columns, row.cells, strict=True)
        ]
        rows.append(replace(row, cells=cells))
    return replace(found, rows=rows)


def read_past_wall(section: Section, policies: Policies, *, day: date, account: Account, sort: str = "most") -> Wall:
    """The wall at the end of a closed day: the class of that day, its levels then, by the rights of today.

    One statement more than `read_wall`.
    """
    standards = standards_of(section)
    then = enrolled_on(section, day)
    ids = {learner.pk for learner, _since in then}
    visible = set(Learner.objects.visible_to(account).filter(pk__in=ids).values_list("pk", flat=True))
    enrolled = [(learner, since) for learner, since in then if learner.pk in visible]
    found = read_past(visible, [standard.pk for standard in standards], day=day)
    cells = {(past.learner_id, past.standard_id): Cell(past.shown_level, past.trend, past.by_teacher) for past in found}
    wall = put_together(standards, enrolled, cells, policies, on=day, sort=sort)
    return replace(wall, not_shown=len(ids - visible))


def standards_of(section: Section) -> list[Standard]:
    """The columns of the wall, in the order of their frameworks. One statement."""
    return list(
        Standard.objects.filter(pk__in=SectionStandard.objects.filter(section=section).values("standard_id"))
        .only("pk", "code", "short_title", "statement", "domain_id", "framework_id", "position")
        .order_by("framework_id", "position", "pk")
    )


def enrolled_on(section: Section, on: date) -> list[tuple[Learner, date]]:
    """The class list of a day: each learner, and since when. One statement."""
    enrollments = section.roster.enrollments.of_learners().on(on).select_related("learner")
    return [(enrollment.learner, enrollment.starts_on) for enrollment in enrollments if enrollment.learner]


def put_together(
    standards: list[Standard],
    enrolled: list[tuple[Learner, date]],
    cells: dict[tuple[int, int], Cell],
    policies: Policies,
    *,
    on: date,
    sort: str,
) -> Wall:
    """cells: by (learner id, standard id); what is not in it has no result."""
    of_page = PagePolicies(policies, [standard.framework_id for standard in standards], on=on)
    of_columns = [of_page.of(standard.framework_id) for standard in standards]
    marks = [policy.scale.mastery_level for policy in of_columns]
    since = {learner.pk: starts_on for learner, starts_on in enrolled}
    learners = sorted(
        {learner.pk: learner for learner, _starts_on in enrolled}.values(),
        key=lambda learner: (learner.first_name, learner.family_name, learner.pk),
    )
    rows = []
    for learner in learners:
        row = [cells.get((learner.pk, standard.pk), NOTHING) for standard in standards]
        seen = sum(cell.level != NO_RESULT for cell in row)
        secure = sum(cell.level >= mark for cell, mark in zip(row, marks, strict=True))
        is_new = (on - since[learner.pk]).days < NEW_DAYS and seen < len(standards)
        rows.append(Row(learner, row, secure, seen, is_new))
    columns = []
    domain: object = None
    for place, standard in enumerate(standards):
        counts = Counter(row.cells[place].level for row in rows)
        starts_domain = place > 0 and standard.domain_id != domain
        columns.append(Column(standard, dict(counts), starts_domain, of_columns[place]))
        domain = standard.domain_id
    counts = Counter(cell.level for row in rows for cell in row.cells)
    taught = sum(cell.by_teacher for row in rows for cell in row.cells)
    return Wall(columns, _sorted(rows, standards, sort), dict(counts), taught, of_page)


def _sorted(rows: list[Row], standards: list[Standard], sort: str) -> list[Row]:
    if sort == "name":
        return rows
    if asked := whole_number(sort):
        place = next((i for i, standard in enumerate(standards) if standard.pk == asked), None)
        if place is not None:
            return sorted(rows, key=lambda row: (row.cells[place].level == NO_RESULT, row.cells[place].level))
    share = lambda row: row.secure / row.seen if row.seen else 2.0
    return sorted(rows, key=lambda row: (share(row), row.secure), reverse=sort == "least")


def say_cell(cell: Cell, policy: InForce) -> str:
    """What a cell says after learner and code: "3 Secure, up"."""
    if cell.level == NO_RESULT:
        return _("no result")
    said = [f"{cell.level} {policy.word(cell.level)}".rstrip()]
    if cell.by_teacher:
        said.append(_("set by a teacher"))
    if cell.newer_disagree:
        said.append(_("newer results disagree"))
    if cell.trend:
        said.append(pgettext("trend", "up") if cell.trend > 0 else pgettext("trend", "down"))
    return ", ".join(said)
