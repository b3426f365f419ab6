"""Mastered n times: no value until enough results reach mastery, then the mean of those."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.running import FloatArray, Running, State, zeros
from assessments.mastery.segments import sums

# A fraction such as (.1 + .2 + .35) / 1 reaches a cut of .65 on paper, and may miss it by 1e-16 in binary.
_HAIR = 1e-9


def n_times(points: Sequence[float] | NDArray[np.float64], *, times: int, mastery_points: float) -> float | None:
    """The mean of the results at or above mastery, where there are at least `times` of them; else None.

    points: (n,) on the scale, any order, n >= 0.    mastery_points: where mastery begins, in points.
    Raises ValueError: times below 1.
    """
    _check_times(times)
    total, count = 0.0, 0
    for x in points:
        if x >= mastery_points - _HAIR:
            total += float(x)
            count += 1
    return total / count if count >= times else None


def n_times_coefficients(
    points: Sequence[float] | NDArray[np.float64], *, times: int, mastery_points: float
) -> list[float] | None:
    """Equal shares for the results at or above mastery; None where there is no value."""
    _check_times(times)
    reached = [x >= mastery_points - _HAIR for x in points]
    count = sum(reached)
    return [1 / count if yes else 0.0 for yes in reached] if count >= times else None


def n_times_by_pair(
    points: NDArray[np.float64], starts: NDArray[np.int64], *, times: int, mastery_points: float
) -> NDArray[np.float64]:
    """(pairs,) `n_times` of each pair; NaN where it gives no value."""
    _check_times(times)
    reached = points >= mastery_points - _HAIR
    count = sums(reached.astype(np.float64), starts)
    total = sums(np.where(reached, points, 0.0), starts)
    return np.divide(total, count, out=np.full(len(starts) - 1, np.nan), where=count >= times)


def n_times_running(*, times: int, mastery_points: float) -> Running:
    """State: how many results reached mastery, and their sum."""
    _check_times(times)

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        count, total = state
        reached = points >= mastery_points - _HAIR
        return count + reached, total + np.where(reached, points, 0.0)

    def read(state: State) -> FloatArray:
        count, total = state
        return np.divide(total, count, out=np.full(len(count), np.nan), where=count >= times)

    return Running(zeros(2), add, read)


def _check_times(times: int) -> None:
    if times < 1:
        raise ValueError(f"Mastery is reached at least once, not {times} times.")
