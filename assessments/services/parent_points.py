"""The points of the standards below a parent: reading them for a page, trying others, storing and withdrawing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.mastery.parents import PointsRule, points, usual_points
from assessments.mastery.scale import NO_LEVEL, Scale
from assessments.models import ParentPoints
from lrm.rows import read
from profiles.models import Account, District
from standards.models import Framework, Standard

LEVELS = """
SELECT m.learner_id, m.standard_id, m.shown_level
  FROM assessments_mastery m JOIN profiles_learner l ON l.id = m.learner_id
 WHERE m.standard_id = ANY(%(standards)s) AND l.district_id = %(district)s AND l.left_on IS NULL
   AND m.shown_level IS NOT NULL
 ORDER BY m.learner_id
"""


class PointsRefused(ValueError):
    """Nothing was stored. code: "begun", "newer", "taken" or "gone"."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Parent:
    """A standard with those right below it.    rule: in force; is_usual: because nobody has written one."""

    standard: Standard
    children: list[Standard]
    rule: PointsRule
    is_usual: bool

    @property
    def child_ids(self) -> list[int]:
        return [child.pk for child in self.children]


@dataclass(frozen=True)
class Tried:
    """One parent under other points. learners: with a level below it.    now, then: how many of them meet it.

    changes: (learner id, met now, met then) of those for whom it would be otherwise.
    """

    parent: Parent
    learners: int
    now: int
    then: int
    changes: list[tuple[int, bool, bool]]


def parents_of(framework: Framework, *, sought: str = "") -> QuerySet[Standard]:
    """Standards right above standards that are assessed, as the document reads.    sought: in code or words."""
    below = Standard.objects.assessable().filter(parent=OuterRef("pk"))
    found = Standard.objects.filter(Exists(below), framework=framework, retired_at__isnull=True)
    if sought:
        found = found.filter(
            Q(code__istartswith=sought) | Q(short_title__icontains=sought) | Q(statement__icontains=sought)
        )
    return found.order_by("position", "pk")


def read_rules(standards: Sequence[Standard], *, on: date) -> list[Parent]:
    """Each with its children and the rule of the day. Two statements."""
    children: dict[int | None, list[Standard]] = {}
    for child in Standard.objects.in_force().filter(parent__in=standards).order_by("position", "pk"):
        children.setdefault(child.parent_id, []).append(child)
    written = {row.parent_id: row for row in ParentPoints.objects.filter(parent__in=standards).in_force(on)}
    found = []
    for standard in standards:
        below = children.get(standard.pk, [])
        ids = [child.pk for child in below]
        row = written.get(standard.pk)
        rule = row.rule.among(ids) if row and row.rule else usual_points(ids)
        found.append(Parent(standard, below, rule, is_usual=rule == usual_points(ids)))
    return found


def try_points(parent: Parent, rule: PointsRule, *, scale: Scale) -> Tried:
    """What other points would change today for the district's students, nothing stored. One statement."""
    rows = read(LEVELS, standards=parent.child_ids)
    ids = sorted({row.learner_id for row in rows})
    row_of = {learner: place for place, learner in enumerate(ids)}
    column_of = {child: place for place, child in enumerate(parent.child_ids)}
    levels = np.full((len(ids), len(column_of)), NO_LEVEL, dtype=np.int64)
    if rows:
        at = [row_of[row.learner_id] for row in rows], [column_of[row.standard_id] for row in rows]
        levels[at] = [row.shown_level for row in rows]
    now = points(levels, parent.rule, children=parent.child_ids, scale=scale).met
    then = points(levels, rule, children=parent.child_ids, scale=scale).met
    differs = np.flatnonzero(now != then).tolist()
    changes = [(ids[place], bool(now[place]), bool(then[place])) for place in differs]
    return Tried(parent, len(ids), int(now.sum()), int(then.sum()), changes)


@transaction.atomic
def begin_points(
    rules: Mapping[int, PointsRule],
    parents: Sequence[Parent],
    *,
    starts_on: date,
    by: Account,
    drawn_at: datetime | None = None,
) -> list[ParentPoints]:
    """Store the rules of some of these parents, by the id of the parent, to count from a day on. All or none.

    The usual rule is stored as such, so that standards which come below the parent later count with it.
    drawn_at: when the form was made; None where nobody read one.
    Raises PointsRefused: the day is over ("begun"), or points of one of them were stored after drawn_at, so that their
    author has not seen them ("newer"); ValueError for a rule that is none (`PointsRule.check`).
    """
    district = District.objects.select_for_update().get(pk=by.district_id)
    if starts_on < _today(district):
        raise PointsRefused("begun")
    if drawn_at is not None:
        meanwhile = ParentPoints.objects.filter(parent__in=list(rules), created_at__gt=drawn_at, withdrawn_at=None)
        if meanwhile.exists():
            raise PointsRefused("newer")
    rows = []
    for parent in parents:
        rule = rules.get(parent.standard.pk)
        if rule is None:
            continue
        rule.check(parent=parent.standard.pk, children=parent.child_ids)
        row = ParentPoints(parent=parent.standard, starts_on=starts_on, created_by=by)
        if rule != usual_points(parent.child_ids):
            row.needed = rule.required_points
            row.children = [int(child.standard) for child in rule.children]
            row.points = [child.points for child in rule.children]
            row.required = [child.required for child in rule.children]
        row.save(force_insert=True)
        rows.append(row)
    return rows


@transaction.atomic
def withdraw_points(row: ParentPoints, *, by: Account) -> None:
    """Take points back that have not begun.

    Raises PointsRefused: they have ("begun"), or somebody withdrew them first ("gone").
    """
    district = District.objects.select_for_update().get(pk=by.district_id)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        raise PointsRefused("gone")
    if row.starts_on <= _today(district):
        raise PointsRefused("begun")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])


@transaction.atomic
def restore_points(row: ParentPoints, *, by: Account) -> None:
    """Undo a withdrawal.

    Raises PointsRefused: their day is over ("begun"), they were not withdrawn ("gone"), or others of the same parent
    begin on that day by now ("taken").
    """
    district = District.objects.select_for_update().get(pk=by.district_id)
    row.refresh_from_db()
    if row.withdrawn_at is None:
        raise PointsRefused("gone")
    if row.starts_on <= _today(district):
        raise PointsRefused("begun")
    others = ParentPoints.objects.filter(parent=row.parent_id, starts_on=row.starts_on, withdrawn_at=None)
    if others.exists():
        raise PointsRefused("taken")
    row.withdrawn_at = row.withdrawn_by = None
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _today(district: District) -> date:
    return timezone.localdate(timezone=ZoneInfo(district.time_zone))
