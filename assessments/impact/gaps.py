"""How far the mean of some people is from that of all others, with a likely range: two sides that are not matched.

gap = mean(value | inside) - mean(value | outside). The range is the 95 % percentile bootstrap over sections, seeded
(engine.md 5.2). Who is inside and how their class works go together, so where one side comes from fewer than ten
sections nothing is drawn by learners instead, as matched comparisons do: such a range would be far too narrow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.impact.matched import (
    DRAWS,
    FEW_COMPARED,
    FEW_LEARNERS,
    FEW_SECTIONS,
    FEWEST_COMPARED,
    FEWEST_LEARNERS,
    FEWEST_SECTIONS,
    INTERVAL,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
AT_ONCE = 1 << 21
"""How many numbers of draws x sections stand in memory at once."""


@dataclass(frozen=True)
class Gap:
    """In the unit of the values. lo, hi: its likely range."""

    gap: float
    lo: float
    hi: float


def why_refused(inside: BoolArray, section: NDArray) -> str:
    """FEW_LEARNERS (inside), FEW_COMPARED (outside), FEW_SECTIONS (on either side), "" where there is enough."""
    if inside.sum() < FEWEST_LEARNERS:
        return FEW_LEARNERS
    if (~inside).sum() < FEWEST_COMPARED:
        return FEW_COMPARED
    fewest = min(len(np.unique(section[side])) for side in (inside, ~inside))
    return FEW_SECTIONS if fewest < FEWEST_SECTIONS else ""


def find_gaps(values: ArrayLike, inside: ArrayLike, section: ArrayLike, *, seed: int) -> list[Gap]:
    """A gap for each column of values; [] where `why_refused` says why.

    values: (people, columns) float, none missing.    inside: (people,) bool.    section: (people,) ids.
    Raises ValueError: arrays of different length.
    """
    table, is_inside, at = np.asarray(values, float), np.asarray(inside, bool), np.asarray(section)
    if not len(table) == len(is_inside) == len(at):
        raise ValueError("Each person has values, a side and a section.")
    if why_refused(is_inside, at):
        return []
    sums = _sums(table, is_inside, at)
    found = _apart(sums, np.ones((1, len(sums))))[0]
    lo, hi = np.nanpercentile(_drawn(sums, seed), INTERVAL, axis=0)
    return [Gap(float(gap), float(least), float(most)) for gap, least, most in zip(found, lo, hi, strict=True)]


def _sums(table: FloatArray, inside: BoolArray, section: NDArray) -> FloatArray:
    """(sections, 2 x (1 + columns)): people and the sums of their values, inside and then outside."""
    sections, row = np.unique(section, return_inverse=True)
    counted = np.concatenate([np.ones((len(table), 1)), table], axis=1)
    width = counted.shape[1]
    sums = np.zeros((len(sections), 2 * width))
    np.add.at(sums[:, :width], row[inside], counted[inside])
    np.add.at(sums[:, width:], row[~inside], counted[~inside])
    return sums


def _apart(sums: FloatArray, times: FloatArray) -> FloatArray:
    """(draws, columns) where each section counts so many times; times: (draws, sections). NaN: a side is empty."""
    drawn = times @ sums
    half = drawn.shape[1] // 2
    sides = []
    for side in (drawn[:, :half], drawn[:, half:]):
        people = side[:, :1]
        sides.append(np.divide(side[:, 1:], people, out=np.full_like(side[:, 1:], np.nan), where=people > 0))
    return sides[0] - sides[1]


def _drawn(sums: FloatArray, seed: int) -> FloatArray:
    rng, sections = np.random.default_rng(seed), len(sums)
    share = np.full(sections, 1 / sections)
    parts, done = [], 0
    while done < DRAWS:
        size = min(max(1, AT_ONCE // sections), DRAWS - done)
        parts.append(_apart(sums, rng.multinomial(sections, share, size=size).astype(float)))
        done += size
    return np.concatenate(parts)
