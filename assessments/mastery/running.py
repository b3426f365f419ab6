"""The running form of a method: its value after one more result, from a small state instead of the whole history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.segments import in_step

FloatArray = NDArray[np.float64]
State = tuple[NDArray[Any], ...]
"""What a method keeps of the results so far: arrays whose first axis is the pair."""


@dataclass(frozen=True)
class Running:
    """A method, one result at a time, for any number of pairs side by side.

    start(pairs): the state before any result.
    add(state, points, weights): the state after one more result of every pair; points, weights: (pairs,).
    read(state): (pairs,) value in points, NaN for no value yet.
    """

    start: Callable[[int], State]
    add: Callable[[State, FloatArray, FloatArray], State]
    read: Callable[[State], FloatArray]


def zeros(columns: int) -> Callable[[int], State]:
    """The usual start: as many columns of zeros."""
    return lambda pairs: tuple(np.zeros(pairs) for _ in range(columns))


def after_each(running: Running, points: FloatArray, weights: FloatArray, starts: NDArray[np.int64]) -> FloatArray:
    """(results,) the value right after each result, NaN where there is none yet.

    points, weights: (results,) sorted by pair, oldest first.  starts: (pairs + 1,), see `segments`.
    """
    values = np.full(len(points), np.nan)
    state = running.start(int(np.count_nonzero(np.diff(starts))))
    for _, rows in in_step(starts):
        # Pairs come longest first, so those that go on are always the first ones.
        state = running.add(tuple(column[: len(rows)] for column in state), points[rows], weights[rows])
        values[rows] = running.read(state)
    return values
