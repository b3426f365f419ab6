"""The power law of learning: a curve a * j**b through the results, read at the newest (Marzano 2000)."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.running import FloatArray, Running, State, zeros
from assessments.mastery.segments import owner_of_rows, sums


class PowerSums(NamedTuple):
    """All that the method needs of n results, where j = 1..n counts them and x is at least 1."""

    n: int
    ln_j: float
    ln_j_squared: float
    ln_x: float
    ln_j_ln_x: float


def power_law_sums(points: Sequence[float] | NDArray[np.float64]) -> PowerSums:
    """The five sums.  points: (n,) on the scale, oldest first, n >= 0; results below 1 count as 1."""
    ln_j = ln_j_squared = ln_x = ln_j_ln_x = 0.0
    for j, point in enumerate(points, start=1):
        position, height = math.log(j), math.log(max(float(point), 1.0))
        ln_j += position
        ln_j_squared += position * position
        ln_x += height
        ln_j_ln_x += position * height
    return PowerSums(len(points), ln_j, ln_j_squared, ln_x, ln_j_ln_x)


def value_of_sums(sums: PowerSums, *, top: float) -> float:
    """The fitted curve at j = n, held within [1, top].

    Least squares of ln x on ln j: with d = n * ln_j_squared - ln_j**2 the slope is
    (n * ln_j_ln_x - ln_j * ln_x) / d, or 0 where d is 0, as for a single result.
    Raises ValueError: no results.
    """
    if sums.n == 0:
        raise ValueError("The power law needs at least one result.")
    spread = sums.n * sums.ln_j_squared - sums.ln_j**2
    slope = (sums.n * sums.ln_j_ln_x - sums.ln_j * sums.ln_x) / spread if spread > 0 else 0.0
    start = (sums.ln_x - slope * sums.ln_j) / sums.n
    return min(max(math.exp(start + slope * math.log(sums.n)), 1.0), top)


def power_law(points: Sequence[float] | NDArray[np.float64], *, top: float) -> float:
    """The power-law value of the results.  points: (n,), oldest first, n >= 1.  top: the highest level.

    Returns float in [1, top].  Raises ValueError: no points.
    """
    return value_of_sums(power_law_sums(points), top=top)


def power_law_by_pair(points: NDArray[np.float64], starts: NDArray[np.int64], *, top: float) -> NDArray[np.float64]:
    """(pairs,) `power_law` of each pair; NaN for a pair without results."""
    n = np.diff(starts)
    position_in_pair = np.arange(len(points)) - starts[owner_of_rows(starts)]
    logs = np.log(np.arange(1, max(int(n.max(initial=0)), 1) + 1))
    ln_j, ln_x = logs[position_in_pair], np.log(np.maximum(points, 1.0))
    s_j, s_jj = sums(ln_j, starts), sums(ln_j * ln_j, starts)
    s_x, s_jx = sums(ln_x, starts), sums(ln_j * ln_x, starts)
    return _values(n, s_j, s_jj, s_x, s_jx, logs[np.maximum(n, 1) - 1], top)


def power_law_running(*, top: float) -> Running:
    """State: the five sums, in the order of PowerSums."""

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        n, s_j, s_jj, s_x, s_jx = state
        ln_j, ln_x = np.log(n + 1), np.log(np.maximum(points, 1.0))
        return n + 1, s_j + ln_j, s_jj + ln_j * ln_j, s_x + ln_x, s_jx + ln_j * ln_x

    def read(state: State) -> FloatArray:
        n, s_j, s_jj, s_x, s_jx = state
        return _values(n, s_j, s_jj, s_x, s_jx, np.log(np.maximum(n, 1)), top)

    return Running(zeros(5), add, read)


def _values(
    n: NDArray[Any],
    s_j: FloatArray,
    s_jj: FloatArray,
    s_x: FloatArray,
    s_jx: FloatArray,
    ln_n: FloatArray,
    top: float,
) -> FloatArray:
    """`value_of_sums` for many pairs; NaN where n is 0."""
    spread = n * s_jj - s_j**2
    slope = np.divide(n * s_jx - s_j * s_x, spread, out=np.zeros(len(n)), where=spread > 0)
    start = np.divide(s_x - slope * s_j, n, out=np.full(len(n), np.nan), where=n > 0)
    return np.clip(np.exp(start + slope * ln_n), 1.0, top)
