"""What a standard above others shows of one learner, from the levels of the standards below it, by policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery import parents
from assessments.mastery.parents import PointsRule, RolledUp
from assessments.mastery.rounding import MICRO, NO_VALUE
from assessments.mastery.scale import NO_LEVEL
from assessments.models import MasteryPolicy
from assessments.models.parent_points import rule_of
from assessments.services.policies import InForce, Policies
from lrm.rows import read
from standards.headings import heading_of

Rule = MasteryPolicy.ParentRule
Ints = NDArray[np.int64]

# The parents of these standards, each with all standards right below it, those without a result too, and with what
# they are worth on the day where somebody has said so.
PARENTS = """
SELECT p.id, p.framework_id, p.code, p.short_title, p.statement, c.ids AS children, c.codes,
       w.needed, w.children AS worth, w.points, w.required
  FROM standards_standard p JOIN standards_subject s ON s.id = p.subject_id
 CROSS JOIN LATERAL (
       SELECT array_agg(c.id ORDER BY c.position, c.id) AS ids,
              array_agg(coalesce(nullif(c.code, ''), nullif(c.short_title, ''), left(c.statement, 40))
                        ORDER BY c.position, c.id) AS codes
         FROM standards_standard c WHERE c.parent_id = p.id AND c.retired_at IS NULL) c
  LEFT JOIN LATERAL (
       SELECT w.needed, w.children, w.points, w.required FROM assessments_parentpoints w
        WHERE w.parent_id = p.id AND w.starts_on <= %(day)s AND w.withdrawn_at IS NULL
        ORDER BY w.starts_on DESC, w.id DESC LIMIT 1) w ON true
 WHERE p.id IN (SELECT parent_id FROM standards_standard WHERE id = ANY(%(standards)s))
   AND s.district_id = %(district)s AND c.ids IS NOT NULL
 ORDER BY p.framework_id, p.position, p.id
"""


@dataclass(frozen=True)
class ParentLevel:
    """children: ids of the standards right below it.    assessed: on how many of `total` it rests.

    met_below: how many of them are met.    is_met: whether the parent is, by the rule.
    level: by the rule, None for a rule that gives none, or without a result; word: its name, "" without.
    points of needed: by the points rule, at most what is needed; None and 0 by the others.
    lacking: labels of the standards that are required by it and not met yet.
    """

    standard_id: int
    code: str
    title: str
    children: frozenset[int]
    assessed: int
    total: int
    met_below: int
    is_met: bool
    level: int | None
    word: str
    points: int | None = None
    needed: int = 0
    lacking: tuple[str, ...] = ()


def read_parents(levels: Mapping[int, tuple[int, int | None]], policies: Policies, *, day: date) -> list[ParentLevel]:
    """Every standard right above one of these, where its framework's policy of the day has a rule. At most one
    statement, in the order of the frameworks.

    levels: by standard id, the level shown and the value in micro points; None where a teacher set one without results.
    """
    if not levels or not policies.roll_up(day):
        return []
    found = []
    for row in read(PARENTS, standards=sorted(levels), day=day):
        policy = policies.on(row.framework_id, day)
        if not policy.parent_rule:
            continue
        below = [levels.get(child) for child in row.children]
        rule = _points_of(row) if policy.parent_rule == Rule.POINTS else None
        rolled = _rolled_up(below, policy, rule, row.children)
        level = int(rolled.level[0]) or None
        found.append(
            ParentLevel(
                standard_id=row.id,
                code=row.code,
                title=row.short_title or heading_of(row.statement),
                children=frozenset(row.children),
                assessed=int(rolled.assessed[0]),
                total=rolled.total,
                met_below=int(rolled.mastered[0]),
                is_met=bool(rolled.met[0]),
                level=level,
                word=policy.word(level),
                points=None
                if rolled.earned is None or rule is None
                else min(int(rolled.earned[0]), rule.required_points),
                needed=rule.required_points if rule else 0,
                lacking=_lacking(rule, row, below, policy),
            )
        )
    return found


def _points_of(row: Any) -> PointsRule:
    written = rule_of(row.needed, row.worth, row.points, row.required)
    return written.among(row.children) if written else parents.usual_points(row.children)


def _lacking(rule: PointsRule | None, row: Any, below: list, policy: InForce) -> tuple[str, ...]:
    required = {child.standard for child in rule.children if child.required} if rule else set()
    return tuple(
        code
        for child, code, shown in zip(row.children, row.codes, below, strict=True)
        if child in required and (shown is None or shown[0] < policy.scale.mastery_level)
    )


def _rolled_up(
    below: list[tuple[int, int | None] | None], policy: InForce, rule: PointsRule | None, children: list[int]
) -> RolledUp:
    level = np.array([[NO_LEVEL if child is None else child[0] for child in below]])
    value = np.array([[NO_VALUE if child is None else _value(*child) for child in below]])
    return _roll(level, value, policy, rule, children)


def _roll(level: Ints, value: Ints, policy: InForce, rule: PointsRule | None, children: list[int]) -> RolledUp:
    """level, value: (learners, children)."""
    if rule is not None:
        return parents.points(level, rule, children=children, scale=policy.scale)
    if policy.parent_rule == Rule.MET:
        return parents.proportion_met(level, scale=policy.scale, needed=policy.parent_share)
    if policy.parent_rule == Rule.LOWEST:
        return parents.lowest(level, scale=policy.scale)
    return parents.mean(level, value, scale=policy.scale, whole=policy.parameters.whole)


def _value(level: int, value_micro: int | None) -> int:
    return level * MICRO if value_micro is None else value_micro


@dataclass(frozen=True)
class Below:
    """What many learners show at once. learner, standard, level, value_micro: (pairs,), each pair once.

    level: NO_LEVEL for none.    value_micro: of a level that a teacher has set, the level itself.
    """

    learner: Ints
    standard: Ints
    level: Ints
    value_micro: Ints

    def table(self) -> tuple[dict[int, int], Ints, Ints]:
        """The column of each standard, and levels and values (learners, standards and a last one that nobody has)."""
        learners, row = np.unique(self.learner, return_inverse=True)
        standards, column = np.unique(self.standard, return_inverse=True)
        level = np.full((len(learners), len(standards) + 1), NO_LEVEL, dtype=np.int64)
        value = np.full(level.shape, NO_VALUE, dtype=np.int64)
        level[row, column], value[row, column] = self.level, self.value_micro
        return {standard: place for place, standard in enumerate(standards.tolist())}, level, value


def count_met(below: Below, policies: Policies, *, day: date) -> int:
    """How often a learner meets a standard above these, by the rules of the day. At most one statement."""
    if not len(below.learner) or not policies.roll_up(day):
        return 0
    columns, level, value = below.table()
    met = 0
    for row in read(PARENTS, standards=sorted(columns), day=day):
        policy = policies.on(row.framework_id, day)
        if not policy.parent_rule:
            continue
        at = [columns.get(child, -1) for child in row.children]
        rule = _points_of(row) if policy.parent_rule == Rule.POINTS else None
        met += int(_roll(level[:, at], value[:, at], policy, rule, row.children).met.sum())
    return met
