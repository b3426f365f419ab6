"""What two publications tell of their hidden figures together, by sums and differences of rows and columns.

Readers as in `suppression`: the public, and the staff of each school and whoever works at several, who remember their
own hidden figures of both times. Pure: arrays in, a place out.
"""

import itertools
from collections.abc import Collection
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assessments.suppression import ABSENT, SHOWN, IntArray
from assessments.suppression_flow import Place
from assessments.suppression_readers import PUBLIC, Reader, readers_of

ALL_TOGETHER, THREE_TOGETHER = 9, 16
"""Of so many lines every sum is tried; of so many those of three; of more those of two."""


def told_by_sums(
    codes: IntArray,
    people: IntArray,
    moved: NDArray[np.float64],
    minimum: IntArray,
    true_moved: IntArray | None,
    several: Collection[Reader] = (),
) -> Place | None:
    """A shown figure to hide, so that no reader learns that few results have come to hidden ones together; or None.

    moved, minimum: as of `suppression.told_by_change`.    true_moved: by how much every figure has changed, hidden ones
    too; None where it is not known, so that staff cannot be reckoned with.    several: readers who know several rows.
    """
    least = np.broadcast_to(np.asarray(minimum), codes.shape)
    public = ~np.isnan(moved) & ((codes == SHOWN) | (codes == ABSENT))
    for reader in readers_of(codes.shape[0] - 1, several, lambda row: not public[row].all()):
        known, value = public, np.where(public, moved, 0.0)
        if reader != PUBLIC:
            if true_moved is None:
                break
            known, rows = public.copy(), sorted(reader)
            known[rows], value[rows] = True, true_moved[rows]
        lines = _few(known, value, least)
        if lines:
            return _smallest(lines, codes, people, public, reader)
    return None


def _few(known: NDArray[np.bool_], value: NDArray[np.float64], least: IntArray) -> list[Place]:
    """The totals of the lines that leave few changes over, [] where none do."""
    hidden = ~known[:-1, :-1]
    totals: list[Place] = []
    masks, left = [], []
    for place in _totals(hidden):
        if known[place]:
            inside = _inside(place, known.shape)
            totals.append(place)
            masks.append((inside & hidden).ravel())
            left.append(value[place] - value[:-1, :-1][inside & ~hidden].sum())
    if not totals:
        return []
    signs = _signs(len(totals))
    sums, changes = signs @ np.array(masks, dtype=np.float32), np.abs(signs @ np.array(left))
    enough = np.where(sums != 0, least[:-1, :-1].ravel(), 0)
    is_set = ((sums == 0) | (sums == 1)).all(axis=1) & sums.any(axis=1)
    told = np.flatnonzero(is_set & (changes > 0) & (changes < enough.max(axis=1)))
    return [totals[at] for at in np.flatnonzero(signs[told[0]])] if len(told) else []


def _totals(hidden: NDArray[np.bool_]) -> list[Place]:
    """Of the rows, columns and the whole of which some cell is hidden."""
    rows, columns = hidden.shape
    found = [(int(row), columns) for row in np.flatnonzero(hidden.any(axis=1))]
    found += [(rows, int(column)) for column in np.flatnonzero(hidden.any(axis=0))]
    return [*found, (rows, columns)] if found else []


def _inside(place: Place, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The cells that a total sums up."""
    rows, columns = shape[0] - 1, shape[1] - 1
    row, column = place
    found = np.zeros((rows, columns), dtype=bool)
    found[slice(None) if row == rows else row, slice(None) if column == columns else column] = True
    return found


@lru_cache(maxsize=32)
def _signs(lines: int) -> NDArray[np.float32]:
    """(sums, lines) -1, 0 or 1: which lines are added and taken away; fewer lines first.

    As floats, which hold these exactly, since products of whole numbers are thirty times as slow.
    """
    most = lines if lines <= ALL_TOGETHER else 3 if lines <= THREE_TOGETHER else 2
    found = []
    for size in range(1, most + 1):
        for which in itertools.combinations(range(lines), size):
            for rest in itertools.product((1, -1), repeat=size - 1):
                signs = np.zeros(lines, dtype=np.float32)
                signs[list(which)] = (1, *rest)
                found += [signs, -signs]
    return np.array(found)


def _smallest(
    lines: list[Place], codes: IntArray, people: IntArray, public: NDArray[np.bool_], reader: Reader
) -> Place:
    """The smallest shown figure of these lines; to hide one of their own from staff would hide nothing."""
    parts = []
    for row, column in lines:
        inside = _inside((row, column), codes.shape)
        parts += list(zip(*np.nonzero(inside & (codes == SHOWN)[:-1, :-1] & public[:-1, :-1]), strict=True))
    places = [(int(row), int(column)) for row, column in parts if row not in reader]
    places = places or [place for place in lines if codes[place] == SHOWN]
    return min(places, key=lambda place: (people[place], place))
