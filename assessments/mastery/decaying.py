"""The recursive decaying average: each new result counts w, everything before it 1 - w. The default method."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.running import FloatArray, Running, State, zeros
from assessments.mastery.segments import in_step


def decaying_average(points: Sequence[float] | NDArray[np.float64], *, newest_weight: float) -> float:
    """Mastery after exponential smoothing: m[0] = x[0], m[i] = w * x[i] + (1 - w) * m[i-1].

    points: (n,) on the scale, oldest first, n >= 1.    newest_weight: w, in (0, 1].
    Returns float, in points.  Raises ValueError: no points, or a weight out of range.  Source: Brown (1956).
    """
    check_newest_weight(newest_weight)
    if len(points) == 0:
        raise ValueError("A decaying average needs at least one result.")
    value = float(points[0])
    for x in points[1:]:
        value = newest_weight * float(x) + (1 - newest_weight) * value
    return value


def decaying_coefficients(n: int, *, newest_weight: float) -> list[float]:
    """The share of each of n results, oldest first; they sum to 1: with .65, newest first, .65, .2275, .."""
    check_newest_weight(newest_weight)
    kept = 1 - newest_weight
    shares = [newest_weight * kept**age for age in range(n - 1)]
    return [kept ** (n - 1), *reversed(shares)]


def decaying_by_pair(
    points: NDArray[np.float64], starts: NDArray[np.int64], *, newest_weight: float
) -> NDArray[np.float64]:
    """(pairs,) `decaying_average` of each pair, bit for bit; NaN for a pair without results."""
    check_newest_weight(newest_weight)
    values = np.full(len(starts) - 1, np.nan)
    for t, (pairs, rows) in enumerate(in_step(starts)):
        newest = points[rows]
        values[pairs] = newest if t == 0 else newest_weight * newest + (1 - newest_weight) * values[pairs]
    return values


def decaying_running(*, newest_weight: float) -> Running:
    """State: how many results, and the average so far."""
    check_newest_weight(newest_weight)

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        n, average = state
        return n + 1, np.where(n == 0, points, newest_weight * points + (1 - newest_weight) * average)

    return Running(zeros(2), add, lambda state: np.where(state[0] == 0, np.nan, state[1]))


def check_newest_weight(newest_weight: float) -> None:
    if not 0 < newest_weight <= 1:
        raise ValueError(f"The weight of the newest result is above 0 and at most 1, not {newest_weight}.")
