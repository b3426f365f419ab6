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


@dataclass(frozen=True)
class Gap:
    """In the unit of the values. lo, hi: its likely range."""

    gap: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Draws:
    """row: (people,) the number of each one's section.    times: (draws, sections) how often a section was drawn."""

    row: NDArray[np.int64]
    times: FloatArray


def draw_sections(section: ArrayLike, *, seed: int) -> Draws:
    """As many sections with replacement, 1,000 times; one draw serves every comparison of these people."""
    sections, row = np.unique(np.asarray(section), return_inverse=True)
    if not len(sections):
        return Draws(row, np.zeros((DRAWS, 0)))
    share = np.full(len(sections), 1 / len(sections))
    times = np.random.default_rng(seed).multinomial(len(sections), share, size=DRAWS).astype(float)
    return Draws(row, times)


def find_gaps(draws: Draws, values: ArrayLike, inside: ArrayLike) -> list[Gap | str]:
    """For each column of values a gap, or why there is none: FEW_LEARNERS (inside), FEW_COMPARED (outside),
    FEW_SECTIONS (on either side).

    values: (people, columns) float; NaN: this one is on neither side of the column.    inside: (people,) bool.
    Raises ValueError: arrays of different length.
    """
    table, is_inside = np.asarray(values, float), np.asarray(inside, bool)
    if not len(table) == len(is_inside) == len(draws.row):
        raise ValueError("Each person has values, a side and a section.")
    sums = np.stack([_sums(draws, table, side) for side in (is_inside, ~is_inside)])
    found = _apart(sums, np.ones((1, draws.times.shape[1])))[0]
    drawn = _apart(sums, draws.times)
    refused = [_why_refused(*sums[:, 0, :, column]) for column in range(table.shape[1])]
    answers: list[Gap | str] = []
    for column, why in enumerate(refused):
        lo, hi = (0.0, 0.0) if why else np.nanpercentile(drawn[:, column], INTERVAL)
        answers.append(why or Gap(float(found[column]), float(lo), float(hi)))
    return answers


def _why_refused(inside: FloatArray, outside: FloatArray) -> str:
    """inside, outside: people of each section."""
    if inside.sum() < FEWEST_LEARNERS:
        return FEW_LEARNERS
    if outside.sum() < FEWEST_COMPARED:
        return FEW_COMPARED
    return FEW_SECTIONS if min((inside > 0).sum(), (outside > 0).sum()) < FEWEST_SECTIONS else ""


def _sums(draws: Draws, table: FloatArray, side: BoolArray) -> FloatArray:
    """(2, sections, columns): people, and the sums of their values."""
    known = ~np.isnan(table) & side[:, None]
    counted = np.concatenate([known.astype(float), np.where(known, table, 0.0)], axis=1)
    order = np.argsort(draws.row, kind="stable")
    starts = np.searchsorted(draws.row[order], np.arange(draws.times.shape[1]))
    added = np.add.reduceat(counted[order], starts, axis=0) if len(starts) else counted
    return np.stack(np.split(added, 2, axis=1))


def _apart(sums: FloatArray, times: FloatArray) -> FloatArray:
    """(draws, columns) where each section counts so many times. NaN: a side is empty."""
    sides, _kinds, sections, columns = sums.shape
    drawn = times @ sums.transpose(2, 0, 1, 3).reshape(sections, sides * 2 * columns)
    people, total = drawn.reshape(len(times), sides, 2, columns).transpose(2, 1, 0, 3)
    inside, outside = np.divide(total, people, out=np.full_like(total, np.nan), where=people > 0)
    return inside - outside
