"""What a parent standard shows, from the levels of its children, by policy, and on how many of them it rests.

A parent has no results of its own here: without a rule it shows nothing. Every rule works on one parent and many
learners at once: arrays of (learners, children), the children in one order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.rounding import MICRO, NO_VALUE
from assessments.mastery.scale import NO_LEVEL, Scale, level_from_micro

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RolledUp:
    """One parent, all (learners,).

    assessed: of how many children a level is shown; total: how many there are ("3 of 7 assessed").
    mastered: how many children are at mastery or above.
    value_micro: of the rule's value, NO_VALUE for none; micro points for lowest and mean, a millionth of the whole for
        proportion met and points.
    level: NO_LEVEL for none, and always for proportion met and points, which say only whether the parent is met.
    met: whether the parent counts as mastered.
    earned: points of the mastered children, of the points rule alone; None for the others.
    """

    assessed: IntArray
    total: int
    mastered: IntArray
    value_micro: IntArray
    level: IntArray
    met: NDArray[np.bool_]
    earned: IntArray | None = None


def proportion_met(levels: ArrayLike, *, scale: Scale, needed: float = 1.0) -> RolledUp:
    """The share of all children that are mastered; a child without a level is not yet.

    levels: (learners, children) as shown, NO_LEVEL for none.    needed: the share from which the parent is met, in
    (0, 1]. A parent without children is never met. Without any level there is no value.
    """
    if not 0 < needed <= 1:
        raise ValueError(f"The share that meets a parent is above 0 and at most 1, not {needed}.")
    levels, assessed, mastered = _counts(levels, scale)
    total = levels.shape[1]
    share = _half_up(mastered * MICRO, max(total, 1))
    # In whole children, so that 2 of 3 meets two thirds whatever two thirds is in binary.
    met = (mastered >= total * needed - 1e-9) & (total > 0)
    return _rolled_up(levels, assessed, mastered, np.where(assessed > 0, share, NO_VALUE), met=met)


def lowest(levels: ArrayLike, *, scale: Scale, at_least: int = 1) -> RolledUp:
    """The lowest level shown of any child; met where that is mastery and no child is without a level.

    at_least: how many children need a level before the parent shows one.
    """
    levels, assessed, mastered = _counts(levels, scale)
    shown = np.where(levels == NO_LEVEL, scale.levels, levels).min(axis=1, initial=scale.levels)
    level = np.where(_enough(assessed, at_least), shown, NO_LEVEL)
    value = np.where(level == NO_LEVEL, NO_VALUE, level * MICRO)
    met = (level >= scale.mastery_level) & (assessed == levels.shape[1])
    return _rolled_up(levels, assessed, mastered, value, met=met, level=level)


def mean(
    levels: ArrayLike, value_micro: ArrayLike, *, scale: Scale, at_least: int = 1, whole: bool = False
) -> RolledUp:
    """The mean of the children's values, a millionth half up; its level is the nearest, or with whole its whole part.

    value_micro: (learners, children) in micro points as shown: of a level that a teacher has set, the level itself.
    Counts where a level is shown. Met where the level is mastery and no child is without a level.
    """
    levels, assessed, mastered = _counts(levels, scale)
    counts = levels != NO_LEVEL
    total = np.where(counts, np.asarray(value_micro, dtype=np.int64), 0).sum(axis=1)
    value = np.where(_enough(assessed, at_least), _half_up(total, np.maximum(assessed, 1)), NO_VALUE)
    level = level_from_micro(value, scale.levels, whole=whole)
    met = (level >= scale.mastery_level) & (assessed == levels.shape[1])
    return _rolled_up(levels, assessed, mastered, value, met=met, level=level)


@dataclass(frozen=True)
class ChildPoints:
    """What one child is worth: whole points, and whether the parent cannot be met without it."""

    standard: int | str
    points: int
    required: bool = False


class OutOfReach(ValueError):
    """All children together are worth fewer points than their parent needs.    reachable: what they are worth."""

    def __init__(self, reachable: int, needed: int) -> None:
        super().__init__(f"All children together are worth {reachable} points, fewer than {needed}.")
        self.reachable = reachable


@dataclass(frozen=True)
class PointsRule:
    """Enough points of mastered children, and every required one among them (Moodle's points rule).

    required_points: whole, at least 1. Children that the rule does not name are worth nothing.
    """

    required_points: int
    children: tuple[ChildPoints, ...]

    def check(self, *, parent: int | str, children: Collection[int | str]) -> None:
        """Raises ValueError, saying what is wrong: points out of range, a child twice or not a child; OutOfReach."""
        if not _is_whole(self.required_points) or self.required_points < 1:
            raise ValueError(f"A parent needs at least 1 whole point, not {self.required_points}.")
        if not self.children:
            raise ValueError("A points rule names at least one child.")
        named = [child.standard for child in self.children]
        for child in self.children:
            if child.standard == parent:
                raise ValueError(f"{child.standard} is the parent itself.")
            if named.count(child.standard) > 1:
                raise ValueError(f"{child.standard} is named twice.")
            if child.standard not in children:
                raise ValueError(f"{child.standard} is not a child of {parent}.")
            if not _is_whole(child.points) or child.points < 0:
                raise ValueError(f"{child.standard} is worth whole points, 0 or more, not {child.points}.")
            if not isinstance(child.required, bool):
                raise ValueError(f"{child.standard} is required or is not; {child.required} says neither.")
        if (reachable := sum(child.points for child in self.children)) < self.required_points:
            raise OutOfReach(reachable, self.required_points)

    def among(self, children: Sequence[int | str]) -> "PointsRule":
        """The rule on the children that there are by now. Points of one that is gone cannot be needed any more.

        Without a point left among them it is the usual rule of these children.
        """
        left = tuple(child for child in self.children if child.standard in children)
        reachable = sum(child.points for child in left)
        return PointsRule(min(self.required_points, reachable), left) if reachable else usual_points(children)


def usual_points(children: Sequence[int | str]) -> PointsRule:
    """The rule of a parent that has none of its own: each child is worth one point, and all points are needed."""
    return PointsRule(max(len(children), 1), tuple(ChildPoints(child, 1) for child in children))


def points(levels: ArrayLike, rule: PointsRule, *, children: Sequence[int | str], scale: Scale) -> RolledUp:
    """The rule on these learners; its value is the share of the points needed, at most the whole.

    levels: (learners, children), the columns in the order of `children`.
    Raises ValueError: a child of the rule that is not among them.
    """
    levels, assessed, mastered = _counts(levels, scale)
    place = {standard: column for column, standard in enumerate(children)}
    for child in rule.children:
        if child.standard not in place:
            raise ValueError(f"{child.standard} is not among the children.")
    columns = [place[child.standard] for child in rule.children]
    has = (levels >= scale.mastery_level)[:, columns]
    worth = np.array([child.points for child in rule.children], dtype=np.int64)
    earned = np.where(has, worth, 0).sum(axis=1)
    required = np.array([child.required for child in rule.children], dtype=bool)
    met = (earned >= rule.required_points) & has[:, required].all(axis=1)
    share = _half_up(np.minimum(earned, rule.required_points) * MICRO, rule.required_points)
    rolled = _rolled_up(levels, assessed, mastered, np.where(assessed > 0, share, NO_VALUE), met=met)
    return replace(rolled, earned=earned)


def _counts(levels: ArrayLike, scale: Scale) -> tuple[IntArray, IntArray, IntArray]:
    array = np.asarray(levels, dtype=np.int64)
    if array.ndim != 2:
        raise ValueError(f"The levels of children are an array of (learners, children), not of shape {array.shape}.")
    return array, (array != NO_LEVEL).sum(axis=1), (array >= scale.mastery_level).sum(axis=1)


def _rolled_up(
    levels: IntArray,
    assessed: IntArray,
    mastered: IntArray,
    value: IntArray,
    *,
    met: NDArray[np.bool_],
    level: IntArray | None = None,
) -> RolledUp:
    if level is None:
        level = np.full(len(assessed), NO_LEVEL, dtype=np.int64)
    return RolledUp(assessed, levels.shape[1], mastered, value, level, met)


def _enough(assessed: IntArray, at_least: int) -> NDArray[np.bool_]:
    if at_least < 1:
        raise ValueError(f"A parent shows a level from at least one child on, not {at_least}.")
    return assessed >= at_least


def _half_up(total: ArrayLike, parts: ArrayLike) -> IntArray:
    """Whole numbers of total / parts, half up, without leaving integers."""
    total, parts = np.asarray(total, dtype=np.int64), np.asarray(parts, dtype=np.int64)
    return (2 * total + parts) // (2 * parts)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
