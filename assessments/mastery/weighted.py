"""The weighted average: the newest result against the plain mean of all earlier ones.

Canvas calls it "Weighted Average", and called it "Decaying Average" before.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.decaying import check_newest_weight
from assessments.mastery.running import FloatArray, Running, State, zeros
from assessments.mastery.segments import sums


def weighted_average(points: Sequence[float] | NDArray[np.float64], *, newest_weight: float) -> float:
    """w * x[n-1] + (1 - w) * mean(x[0..n-2]); x[0] where there is only one.

    points: (n,) on the scale, oldest first, n >= 1.    newest_weight: w, in (0, 1].
    Returns float, in points.  Raises ValueError: no points, or a weight out of range.
    """
    check_newest_weight(newest_weight)
    if len(points) == 0:
        raise ValueError("A weighted average needs at least one result.")
    newest = float(points[-1])
    if len(points) == 1:
        return newest
    earlier = 0.0
    for x in points[:-1]:
        earlier += float(x)
    return newest_weight * newest + (1 - newest_weight) * (earlier / (len(points) - 1))


def weighted_coefficients(n: int, *, newest_weight: float) -> list[float]:
    """The share of each of n results, oldest first; they sum to 1."""
    check_newest_weight(newest_weight)
    if n == 1:
        return [1.0]
    return [(1 - newest_weight) / (n - 1)] * (n - 1) + [newest_weight]


def weighted_by_pair(
    points: NDArray[np.float64], starts: NDArray[np.int64], *, newest_weight: float
) -> NDArray[np.float64]:
    """(pairs,) `weighted_average` of each pair; NaN for a pair without results."""
    check_newest_weight(newest_weight)
    values = np.full(len(starts) - 1, np.nan)
    counts = np.diff(starts)
    some = np.flatnonzero(counts)
    last = starts[some + 1] - 1
    newest = points[last]
    earlier_only = points.copy()
    earlier_only[last] = 0.0
    earlier = sums(earlier_only, starts)[some]
    before = counts[some] - 1
    mixed = newest_weight * newest + (1 - newest_weight) * (earlier / np.maximum(before, 1))
    values[some] = np.where(before == 0, newest, mixed)
    return values


def weighted_running(*, newest_weight: float) -> Running:
    """State: how many results, the newest, and the sum of all earlier ones."""
    check_newest_weight(newest_weight)

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        n, newest, earlier = state
        return n + 1, points, earlier + newest

    def read(state: State) -> FloatArray:
        n, newest, earlier = state
        mixed = newest_weight * newest + (1 - newest_weight) * (earlier / np.maximum(n - 1, 1))
        return np.where(n == 0, np.nan, np.where(n == 1, newest, mixed))

    return Running(zeros(3), add, read)
