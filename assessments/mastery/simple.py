"""Latest, highest, mean and mode.

In every function `points` is (n,) on the scale, oldest first, n >= 1, and ValueError is raised without points;
the form by pair gives (pairs,) values, NaN for a pair without results; coefficients are one per result and
turn the points into the value by a sum of products.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.rounding import NO_VALUE, to_micro
from assessments.mastery.running import FloatArray, Running, State, zeros
from assessments.mastery.segments import owner_of_rows, sums

Points = Sequence[float] | NDArray[np.float64]
Starts = NDArray[np.int64]


def latest(points: Points) -> float:
    """The newest result."""
    _need_points(points)
    return float(points[-1])


def latest_coefficients(points: Points) -> list[float]:
    return [0.0] * (len(points) - 1) + [1.0]


def latest_by_pair(points: FloatArray, starts: Starts) -> FloatArray:
    values = np.full(len(starts) - 1, np.nan)
    some = np.flatnonzero(np.diff(starts))
    values[some] = points[starts[some + 1] - 1]
    return values


def latest_running() -> Running:
    """State: how many results, and the newest."""

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        return state[0] + 1, points

    return Running(zeros(2), add, lambda state: np.where(state[0] == 0, np.nan, state[1]))


def highest(points: Points) -> float:
    """The best result."""
    _need_points(points)
    return float(max(points))


def highest_coefficients(points: Points) -> list[float]:
    """One for the newest of the best results, zero for the rest."""
    best = max(points)
    newest_best = max(i for i, x in enumerate(points) if x == best)
    return [float(i == newest_best) for i in range(len(points))]


def highest_by_pair(points: FloatArray, starts: Starts) -> FloatArray:
    values = np.full(len(starts) - 1, np.nan)
    some = np.flatnonzero(np.diff(starts))
    if some.size:
        values[some] = np.maximum.reduceat(points, starts[some])
    return values


def highest_running() -> Running:
    """State: the best result, minus infinity before the first."""

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        return (np.maximum(state[0], points),)

    return Running(
        lambda pairs: (np.full(pairs, -np.inf),), add, lambda state: np.where(np.isinf(state[0]), np.nan, state[0])
    )


def mean(points: Points, weights: Points | None = None) -> float:
    """The mean weighted by the teacher's weight of each assessment; equal weights without them.

    weights: (n,) >= 0.  Raises ValueError: no points, as many weights as points, or weights that are all zero.
    """
    _need_points(points)
    if weights is None:
        weights = [1.0] * len(points)
    if len(weights) != len(points):
        raise ValueError(f"{len(points)} results need as many weights, not {len(weights)}.")
    total = weight = 0.0
    for x, w in zip(points, weights, strict=True):
        total += float(w) * float(x)
        weight += float(w)
    if weight <= 0:
        raise ValueError("A mean needs at least one result with a weight above zero.")
    return total / weight


def mean_coefficients(weights: Points) -> list[float]:
    total = 0.0
    for w in weights:
        total += float(w)
    return [float(w) / total for w in weights]


def mean_by_pair(points: FloatArray, weights: FloatArray, starts: Starts) -> FloatArray:
    """NaN also for a pair whose weights are all zero."""
    total, weight = sums(weights * points, starts), sums(weights, starts)
    return np.divide(total, weight, out=np.full(len(starts) - 1, np.nan), where=weight > 0)


def mean_running() -> Running:
    """State: the sum of weight times points, and of weights."""

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        return state[0] + weights * points, state[1] + weights

    def read(state: State) -> FloatArray:
        return np.divide(state[0], state[1], out=np.full(len(state[0]), np.nan), where=state[1] > 0)

    return Running(zeros(2), add, read)


def mode(points: Points) -> float:
    """The most frequent result; of equally frequent ones, the one that was seen last.

    Results are the same where they agree to a millionth of a point.
    """
    _need_points(points)
    return float(points[_modal_rows(points)[-1]])


def mode_coefficients(points: Points) -> list[float]:
    """Equal shares for the results that are the mode, zero for the rest."""
    modal = _modal_rows(points)
    return [1 / len(modal) if i in modal else 0.0 for i in range(len(points))]


def mode_by_pair(points: FloatArray, starts: Starts) -> FloatArray:
    values = np.full(len(starts) - 1, np.nan)
    if not len(points):
        return values
    owner, micro = owner_of_rows(starts), to_micro(points)
    # One whole number per pair and value: sorting it is much cheaper than sorting by two columns.
    key = owner * (int(micro.max()) + 1) + micro
    rows = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(key[rows]) != 0))
    end = np.append(first[1:], len(rows))
    last_seen = rows[end - 1]  # a stable sort keeps the order of time
    rank = (end - first) * len(rows) + last_seen
    pair = owner[last_seen]
    first_of_pair = np.flatnonzero(np.append(True, np.diff(pair) != 0))
    best = np.maximum.reduceat(rank, first_of_pair) % len(rows)
    values[pair[first_of_pair]] = points[best]
    return values


def mode_running() -> Running:
    """State: the mode, how often it was seen, and as (pairs, values) what was seen, in micro points, and how often.

    A result is the mode from the moment on at which nothing was seen oftener: it is the later of a tie.
    """

    def start(pairs: int) -> State:
        return np.full(pairs, np.nan), np.zeros(pairs), np.empty((pairs, 0), np.int64), np.empty((pairs, 0), np.int64)

    def add(state: State, points: FloatArray, weights: FloatArray) -> State:
        value, best, seen, often = state
        micro = to_micro(points)[:, None]
        new = ~(seen == micro).any(axis=1, keepdims=True)
        if new.any():  # a column more; pairs that know the value already leave theirs empty
            seen = np.hstack([seen, np.where(new, micro, NO_VALUE)])
            often = np.hstack([often, np.zeros_like(micro)])
        same = seen == micro
        often = often + same
        times = (often * same).sum(axis=1)
        leads = times >= best
        return np.where(leads, points, value), np.maximum(times, best), seen, often

    return Running(start, add, lambda state: state[0])


def _modal_rows(points: Points) -> list[int]:
    seen: dict[int, list[int]] = {}
    for i, x in enumerate(points):
        seen.setdefault(to_micro(float(x)), []).append(i)
    return max(seen.values(), key=lambda rows: (len(rows), rows[-1]))


def _need_points(points: Points) -> None:
    if len(points) == 0:
        raise ValueError("A level needs at least one result.")
