"""What a standard above others shows of one learner, from the levels of the standards below it, by policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from assessments.mastery import parents
from assessments.mastery.parents import RolledUp
from assessments.mastery.rounding import MICRO, NO_VALUE
from assessments.mastery.scale import NO_LEVEL
from assessments.models import MasteryPolicy
from assessments.services.policies import InForce, Policies
from lrm.rows import read
from standards.headings import heading_of

Rule = MasteryPolicy.ParentRule

# The parents of these standards, each with all standards right below it: those without a result count too.
PARENTS = """
SELECT p.id, p.framework_id, p.code, p.short_title, p.statement, array_agg(c.id ORDER BY c.position, c.id) AS children
  FROM standards_standard p JOIN standards_standard c ON c.parent_id = p.id AND c.retired_at IS NULL
  JOIN standards_subject s ON s.id = p.subject_id
 WHERE p.id IN (SELECT parent_id FROM standards_standard WHERE id = ANY(%(standards)s))
   AND s.district_id = %(district)s
 GROUP BY p.id ORDER BY p.framework_id, p.position, p.id
"""


@dataclass(frozen=True)
class ParentLevel:
    """children: ids of the standards right below it.    assessed: on how many of `total` it rests.

    met_below: how many of them are met.    is_met: whether the parent is, by the rule.
    level: by the rule, None for a rule that gives none, or without a result; word: its name, "" without.
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


def read_parents(levels: Mapping[int, tuple[int, int | None]], policies: Policies, *, day: date) -> list[ParentLevel]:
    """Every standard right above one of these, where its framework's policy of the day has a rule. At most one
    statement, in the order of the frameworks.

    levels: by standard id, the level shown and the value in micro points; None where a teacher set one without results.
    """
    if not levels or not policies.roll_up(day):
        return []
    found = []
    for row in read(PARENTS, standards=sorted(levels)):
        policy = policies.on(row.framework_id, day)
        if not policy.parent_rule:
            continue
        rolled = _rolled_up([levels.get(child) for child in row.children], policy)
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
            )
        )
    return found


def _rolled_up(children: list[tuple[int, int | None] | None], policy: InForce) -> RolledUp:
    level = np.array([[NO_LEVEL if child is None else child[0] for child in children]])
    if policy.parent_rule == Rule.MET:
        return parents.proportion_met(level, scale=policy.scale, needed=policy.parent_share)
    if policy.parent_rule == Rule.LOWEST:
        return parents.lowest(level, scale=policy.scale)
    value = np.array([[NO_VALUE if child is None else _value(*child) for child in children]])
    return parents.mean(level, value, scale=policy.scale, whole=policy.parameters.whole)


def _value(level: int, value_micro: int | None) -> int:
    return level * MICRO if value_micro is None else value_micro
