"""What several subgroups of a school tell together: who is in one and not in the other may be few.

Subgroups overlap as they like. Their figures are added and taken away from one another, from the school and from one
of its grades, in every way; where only few learners are left of which such a sum speaks, one of the subgroups must not
be shown there. So nobody needs to know that one group lies within the other. Pure: arrays in, a place out.
"""

import itertools
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assessments.suppression import IntArray
from assessments.suppression_readers import Reader

Told = tuple[int, tuple[int, ...]]
"""(row, subgroups) that must not all be shown in it."""
ALL_WITH_LAST = 4
"""Of so many subgroups, the last included, every sum with the last is tried; of more those of three."""


def told_together(
    masks: Sequence[int],
    people: IntArray,
    shown: NDArray[np.bool_],
    shown_grades: NDArray[np.bool_],
    minimum: IntArray,
    several: Collection[Reader] = (),
    with_last: bool = False,
) -> Iterator[Told]:
    """masks: the sets of subgroups that somebody is in, bit by bit.    people: (schools + 1, grades, masks).

    shown: (schools + 1, subgroups).    shown_grades: (schools + 1, grades).    minimum: (schools + 1,).
    several: readers who know several rows.    with_last: only sums in which the last subgroup has a part.
    """
    weights, constants = _with_last(shown.shape[1]) if with_last else _sums(shown.shape[1])
    values = weights @ _bits(masks, shown.shape[1]).T + constants[:, None]
    usable = (np.abs(weights) @ ~shown.T) == 0
    speaks = (values != 0).astype(np.float32)
    whole = speaks @ people.sum(axis=1).astype(np.float32).T
    known = _known_rows(people.shape[0] - 1, several)
    yield from _found(whole, whole[:, :-1], usable, minimum, weights, known)
    for grade in range(people.shape[1]):
        here = people[:, grade].astype(np.float32)
        for sign in (1, -1):
            left = whole - speaks @ here.T + (values + sign != 0).astype(np.float32) @ here.T
            yield from _found(left, left[:, :-1], usable & shown_grades[:, grade], minimum, weights, known)


def told_by_changes_together(
    masks: Sequence[int],
    moved: NDArray[np.float64],
    true_moved: NDArray[np.float64] | None,
    minimum: IntArray,
    several: Collection[Reader] = (),
) -> Iterator[Told]:
    """The same of two days: sums that speak of one set of learners, and of few results that have come to it.

    moved: (schools + 1, subgroups + 1) change of who is in each, and of everybody; NaN where it is hidden on one of the
    days.    true_moved: (schools, subgroups + 1) with what is hidden; None where it is not known.
    """
    weights, constants = _sums(moved.shape[1] - 1)
    values = weights @ _bits(masks, moved.shape[1] - 1).T + constants[:, None]
    is_set = ((values == 0) | (values == 1)).all(axis=1) | ((values == 0) | (values == -1)).all(axis=1)
    tried = is_set & (np.abs(weights).sum(axis=1) > 1)
    weights = weights[tried]
    sums = np.concatenate([weights, constants[tried][:, None]], axis=1)
    usable = (np.abs(sums) @ np.isnan(moved).T) == 0
    true = None if true_moved is None else sums @ true_moved.T
    known = _known_rows(moved.shape[0] - 1, several)
    yield from _found(sums @ np.nan_to_num(moved).T, true, usable, minimum, weights, known)


def _found(
    sizes: NDArray[np.floating],
    own: NDArray[np.floating] | None,
    usable: NDArray[np.bool_],
    minimum: IntArray,
    weights: IntArray,
    known_rows: NDArray[np.float32],
) -> Iterator[Told]:
    """sizes, usable: (sums, schools + 1).    own: (sums, schools) what the staff of each school know of it."""
    few = usable & _is_few(sizes, minimum)
    for which, row in zip(*np.nonzero(few), strict=True):
        yield int(row), tuple(np.flatnonzero(weights[which]).tolist())
    # What the district leaves over beside the schools that show it, also to staff of those that do not.
    known = usable[:, :-1]
    rest = sizes[:, -1] - (sizes[:, :-1] * known).sum(axis=1)
    enough = np.where(known, 0, minimum[:-1]).max(axis=1, initial=0)
    left = _is_few(rest, enough)
    if own is not None:
        left |= _is_few(rest[:, None] - (own * ~known) @ known_rows, enough[:, None]).any(axis=1)
    for which in np.flatnonzero(left & usable[:, -1]):
        size = np.where(known[which] & (sizes[which, :-1] != 0), np.abs(sizes[which, :-1]), np.inf)
        row = int(size.argmin()) if np.isfinite(size).any() else len(minimum) - 1
        yield row, tuple(np.flatnonzero(weights[which]).tolist())


def _known_rows(schools: int, several: Collection[Reader]) -> NDArray[np.float32]:
    """(schools, readers) 1 where a reader knows the row: the staff of each school, and of several."""
    found = np.zeros((schools, len(several)), dtype=np.float32)
    for reader, rows in enumerate(several):
        found[sorted(rows), reader] = 1
    return np.concatenate([np.eye(schools, dtype=np.float32), found], axis=1)


def _is_few(sizes: NDArray[np.floating], minimum: IntArray) -> NDArray[np.bool_]:
    return (sizes != 0) & (np.abs(sizes) < minimum)


def _bits(masks: Sequence[int], subgroups: int) -> IntArray:
    return (np.array(masks, dtype=np.int64)[:, None] >> np.arange(subgroups)) & 1


@lru_cache(maxsize=8)
def _sums(subgroups: int) -> tuple[IntArray, IntArray]:
    """(sums, subgroups) -1, 0 or 1, and how often everybody is added; the fewest subgroups first."""
    weights, constants = [], []
    signs = [each for each in itertools.product((0, 1, -1), repeat=subgroups) if any(each)]
    for each in sorted(signs, key=lambda signs: sum(map(abs, signs))):
        if next(sign for sign in each if sign) > 0:
            for constant in range(-subgroups, subgroups + 1):
                weights.append(each)
                constants.append(constant)
    return np.array(weights, dtype=np.int64).reshape(-1, subgroups), np.array(constants, dtype=np.int64)


@lru_cache(maxsize=8)
def _with_last(subgroups: int) -> tuple[IntArray, IntArray]:
    weights, constants = _sums(subgroups)
    most = subgroups if subgroups <= ALL_WITH_LAST else 3
    tried = (weights[:, -1] != 0) & (np.abs(weights).sum(axis=1) <= most) & (np.abs(constants) <= most)
    return weights[tried], constants[tried]
