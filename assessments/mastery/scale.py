"""The proficiency scale: levels 1 to L, the cut scores between them, and the ways on and off it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.rounding import MICRO, NO_VALUE

NO_LEVEL = 0
"""Stands for "no level" in arrays of levels: no evidence that counts, or a method that gives no value yet."""


@dataclass(frozen=True)
class Scale:
    """A scale of len(cuts) + 1 levels.

    cuts: rising fractions of the possible points in (0, 1); cuts[j] is where level j + 2 begins.
    mastery_level: the lowest level that counts as mastered.
    Raises ValueError: not 2 to 10 levels, cuts that do not rise inside (0, 1), a mastery level off the scale.
    """

    cuts: tuple[float, ...] = (0.40, 0.65, 0.85)
    mastery_level: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "cuts", tuple(float(cut) for cut in self.cuts))
        if not 2 <= self.levels <= 10:
            raise ValueError(f"A scale has 2 to 10 levels, not {self.levels}.")
        if not all(low < high for low, high in pairwise((0.0, *self.cuts, 1.0))):
            raise ValueError(f"Cut scores rise, each above 0 and below 1; got {self.cuts}.")
        if not 2 <= self.mastery_level <= self.levels:
            raise ValueError(f"The mastery level is 2 to {self.levels}, not {self.mastery_level}.")

    @property
    def levels(self) -> int:
        return len(self.cuts) + 1

    @property
    def mastery_cut(self) -> float:
        """The fraction at which mastery begins (c3 of the default scale)."""
        return self.cuts[self.mastery_level - 2]

    @property
    def band_middles(self) -> NDArray[np.float64]:
        """(levels,) the fraction in the middle of each level's band: .2, .525, .75, .925 by default."""
        edges = np.array([0.0, *self.cuts, 1.0])
        return (edges[:-1] + edges[1:]) / 2


DEFAULT_SCALE = Scale()


def fraction_to_points(fraction: ArrayLike, scale: Scale) -> NDArray[np.float64]:
    """Points on the scale for a fraction of the possible points.

    Straight lines through (0, 1), (c2, 1.5), (c3, 2.5), .. (1, L), so that the nearest level is the one that
    the cuts say. Fractions beyond [0, 1] count as the nearer end; NaN stays NaN.
    """
    knots = [0.0, *scale.cuts, 1.0]
    points = [1.0, *(level + 0.5 for level in range(1, scale.levels)), float(scale.levels)]
    return np.interp(np.asarray(fraction, dtype=np.float64), knots, points)


def points_to_score(points: ArrayLike, scale: Scale) -> NDArray[np.float64]:
    """The score in [0, 1] as which a mark on the scale enters the evidence tree: the middle of its band.

    Marks between two levels lie on the straight line between the two middles; marks beyond the scale count
    as its ends; NaN stays NaN.
    """
    points = np.asarray(points, dtype=np.float64)
    if points.size and points.min() >= 1 and points.max() <= scale.levels:  # neither holds where a point is NaN
        level = points.astype(np.int64)
        if (level == points).all():  # whole marks, as nearly all are: looked up, in a fifth of the time
            return scale.band_middles.take(level - 1)
    return np.interp(points, np.arange(1.0, scale.levels + 1.0), scale.band_middles)


def level_from_micro(micro: ArrayLike, levels: int, *, whole: bool = False) -> NDArray[np.int64]:
    """The level of a stored value: the nearest, half up, or with whole=True the whole part.

    micro: integers of 1e-6 point; NO_VALUE gives NO_LEVEL. Values off the scale count as its ends, 1 and levels.
    """
    micro = np.asarray(micro, dtype=np.int64)
    level = (micro + (0 if whole else MICRO // 2)) // MICRO
    return np.where(micro == NO_VALUE, NO_LEVEL, np.clip(level, 1, levels))


def level_bounds_micro(level: int, levels: int, *, whole: bool = False) -> tuple[int | None, int | None]:
    """Where a level begins (included) and ends (excluded), in micro points; None at an end of the scale."""
    below = 0 if whole else MICRO // 2
    return (
        None if level == 1 else level * MICRO - below,
        None if level == levels else (level + 1) * MICRO - below,
    )


def level_from_score(score: ArrayLike, scale: Scale) -> NDArray[np.int64]:
    """The level of a score in [0, 1] by the cuts: a score equal to a cut has reached that level."""
    score = np.asarray(score, dtype=np.float64)
    level = np.searchsorted(np.array(scale.cuts), score, side="right") + 1
    return np.where(np.isnan(score), NO_LEVEL, level)
