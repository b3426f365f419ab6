"""What publications of several days tell of a subgroup together, each by what another shows and has not changed since.

The district's figure may stand on one day and a school's on the next: where nothing has come to that school in between,
its figure is of both days, and what is left over of the district's is of the other schools alone. A figure is carried
from day to day where its true change is none, or follows from those of the other rows. Pure: arrays in, a row out.
"""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.suppression import IntArray
from assessments.suppression_readers import Reader, readers_of


@dataclass(frozen=True)
class Day:
    """shown: (schools + 1,) which rows it tells.    n: (schools + 1, 2) results of who is in it, and of everybody else,
    hidden ones too."""

    shown: NDArray[np.bool_]
    n: IntArray


def told_by_unchanged(
    days: Sequence[Day], minimum: IntArray, width: IntArray, several: Collection[Reader] = ()
) -> int | None:
    """A row of the first day to hide, so that it and the others do not place what any of them hides; None: none is.

    days: today, then former ones.    minimum, width, several: as of `suppression_subgroups.hide_rows`.
    """
    every = np.array([day.shown for day in days])
    if not (every.any(axis=0) & ~every.all(axis=0)).any():
        return None
    same = {
        (one, other): (days[one].n == days[other].n).any(axis=1)
        for one, other in itertools.permutations(range(len(days)), 2)
    }
    for reader in readers_of(every.shape[1] - 1, several, lambda row: not every[:, row].all()):
        own = np.zeros(every.shape[1], dtype=bool)
        own[sorted(reader)] = True
        alone = every | own
        together = _carried(alone, same)
        for at, day in enumerate(days):
            if (together[at] != alone[at]).any() and _places(together[at], day.n, minimum, width):
                row = _to_hide(alone, together, at, days[0], own)
                if row is not None:
                    return row
    return None


def unchanged(days: Sequence[Day]) -> NDArray[np.bool_]:
    """(schools + 1,) rows of the first day that are known by a former one."""
    found = np.zeros(len(days[0].shown), dtype=bool)
    for day in days[1:]:
        found |= day.shown & (days[0].n == day.n).any(axis=1)
    return found


def _carried(alone: NDArray[np.bool_], same: dict[tuple[int, int], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """(days, schools + 1) what is known of each day by all of them."""
    known = alone.copy()
    changed = True
    while changed:
        changed = False
        for (one, other), is_same in same.items():
            sure = is_same | (known[one] & known[other])
            open_rows = np.count_nonzero(~sure[:-1])
            if open_rows <= int(sure[-1]):  # the last change follows from all the others
                sure = np.ones_like(sure)
            more = known[other] & sure & ~known[one]
            if more.any():
                known[one] |= more
                changed = True
    return known


def _places(known: NDArray[np.bool_], n: IntArray, minimum: IntArray, width: IntArray) -> bool:
    """Whether the district, less the schools that are known, leaves few over, or a school that is hardly hidden: how
    far one can move is the least of its own results, those of the others, and both parts of them all."""
    rest = ~known[:-1] & (n[:-1] > 0).any(axis=1)
    if not known[-1] or not rest.any():
        return False
    of_school, parts = n[:-1][rest].sum(axis=1), n[:-1][rest].sum(axis=0)
    enough = np.minimum(width[:-1][rest], of_school)
    room = np.minimum(of_school.sum() - of_school, parts.min())
    return bool((room < enough).any() or parts.min() < minimum[:-1][rest].max())


def _to_hide(
    alone: NDArray[np.bool_], together: NDArray[np.bool_], at: int, today: Day, own: NDArray[np.bool_]
) -> int | None:
    """Of what today tells a former day, or of what is new today, the school of which fewest are in it."""
    shown = today.shown & (today.n > 0).any(axis=1) & ~own
    first = shown & together[at] & ~alone[at] if at else shown & ~alone[1:].any(axis=0)
    for area in (first, shown):
        rows = np.flatnonzero(area[:-1]).tolist() or np.flatnonzero(area).tolist()
        if rows:
            return min(rows, key=lambda row: (int(today.n[row, 0]), row))
    return None
