"""Which figures of a subgroup may be shown beside the published table of the same schools (engine.md 5.3).

A subgroup parts each school in two: who is in it, and everybody else. Beside the total of the school the one gives away
the other, so a school, and the district, shows both or neither. A school whose total is hidden shows nothing: then
whatever its total may be, each subgroup can make it up, so that what holds for the grades and one subgroup holds for
the grades and all subgroups together. Pure: arrays in, arrays out.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.suppression import ABSENT, SHOWN, SMALL, TOO, IntArray, hidden_of, with_all_levels, with_totals
from assessments.suppression_flow import Flow, Ways
from assessments.suppression_readers import PUBLIC, Reader, readers_of


@dataclass(frozen=True)
class Beside:
    """The table of schools x grades as it is published: what `suppression.protect` was given and its codes."""

    results: IntArray
    learners: IntArray
    codes: IntArray

    @property
    def total_hidden(self) -> NDArray[np.bool_]:
        """(schools + 1,)"""
        return hidden_of(self.codes[:, -1])

    @property
    def absent(self) -> NDArray[np.bool_]:
        """(schools + 1,) schools of nobody."""
        return self.codes[:, -1] == ABSENT


def hide_rows(
    beside: Beside,
    results: IntArray,
    learners: IntArray,
    *,
    minimum: IntArray,
    width: IntArray,
    barred: NDArray[np.bool_],
    several: Collection[Reader] = (),
) -> NDArray[np.bool_]:
    """(schools + 1,) which schools, and whether the district, show nothing of the subgroup.

    results: (schools, 2, levels) of who is in it and of everybody else.    learners: (schools, 2), at least so many.
    minimum, width, barred: (schools + 1,), as of `suppression.protect`; several, too. Here nobody at all is few. A
    hidden figure is as wide as `width`, or as it would be with nothing of the subgroup published.
    """
    people = with_district(learners)
    rest = people[-1] - people
    small = (people < minimum[:, None]).any(axis=1) | ((rest > 0) & (rest < minimum[-1])).any(axis=1)
    hidden = (beside.total_hidden | small | barred) & ~beside.absent
    _complete(hidden, beside.absent, people, minimum)
    ways: list[Ways] = [{} for _level in range(results.shape[2] + 1)]
    while _has_narrow(hidden, beside, results, width, ways, several):
        _hide_smallest(hidden, beside.absent, people)
        _complete(hidden, beside.absent, people, minimum)
    return hidden


def _with_sum(results: IntArray) -> IntArray:
    """(.., levels) to (.., levels + 1)."""
    return np.concatenate([results, results.sum(axis=-1, keepdims=True)], axis=-1)


def codes_of(
    hidden: NDArray[np.bool_], absent: NDArray[np.bool_], learners: IntArray, minimum: IntArray
) -> NDArray[np.int64]:
    """(schools + 1, 2) SHOWN, SMALL, TOO or ABSENT."""
    few = with_district(learners) < minimum[:, None]
    return np.where(absent[:, None], ABSENT, np.where(~hidden[:, None], SHOWN, np.where(few, SMALL, TOO)))


def with_district(counts: IntArray) -> IntArray:
    """(schools, ..) to (schools + 1, ..): the last row is the district."""
    return np.concatenate([counts, counts.sum(axis=0, keepdims=True)], axis=0)


def _complete(hidden: NDArray[np.bool_], absent: NDArray[np.bool_], people: IntArray, minimum: IntArray) -> None:
    """In place: nothing is hidden alone, nor few together."""
    while True:
        parts = np.flatnonzero(hidden[:-1])
        alone = len(parts) + int(hidden[-1]) == 1 and not (hidden[-1] and len(parts))
        few = False
        if len(parts) and not hidden[-1]:
            few = bool((people[parts].sum(axis=0) < minimum[parts].max()).any())
        if not (alone or few) or not _hide_smallest(hidden, absent, people):
            return


def _hide_smallest(hidden: NDArray[np.bool_], absent: NDArray[np.bool_], people: IntArray) -> bool:
    """Hide the school of which fewest are in it, or the district after all of them; False where all is hidden."""
    shown = np.flatnonzero(~hidden & ~absent)
    if not len(shown):
        return False
    parts = [int(row) for row in shown if row < len(hidden) - 1] or [len(hidden) - 1]
    hidden[min(parts, key=lambda row: (people[row, 0], row))] = True
    return True


def _has_narrow(
    hidden: NDArray[np.bool_],
    beside: Beside,
    results: IntArray,
    width: IntArray,
    ways: list[Ways],
    several: Collection[Reader],
) -> bool:
    """Whether somebody could place a hidden figure too closely: the public, or the staff of one or several schools."""
    if (hidden | beside.absent).all() or not hidden.any():
        return False
    knows_more = hidden | hidden_of(beside.codes).any(axis=1)
    readers = list(readers_of(hidden.size - 1, several, lambda row: bool(knows_more[row])))
    # Last all levels together: each grade has a result at least, while nobody at all may be in the subgroup.
    totals, parts = with_totals(with_all_levels(beside.results)), with_district(_with_sum(results))
    true = with_district(_with_sum(beside.results.sum(axis=1)))
    for level in range(parts.shape[2]):
        for reader in readers:
            flow = _flow(hidden, beside, totals[:, :, level], parts[:, :, level], reader)
            of_rows = true[:, level].copy()
            of_rows[-1] -= of_rows[sorted(reader)].sum()
            # What nobody knows the total of can be any number: as much is asked for there.
            enough = np.where(beside.total_hidden, width, np.minimum(width, of_rows))
            asked = {(row, part): int(enough[row]) for row in range(hidden.size) for part in (0, 1)}
            if flow.find_narrow(defaultdict(int, asked).__getitem__, ways[level]):
                return True
    return False


def _flow(hidden: NDArray[np.bool_], beside: Beside, totals: IntArray, parts: IntArray, reader: Reader) -> Flow:
    """What is hidden of the subgroup and of the grades, at one level, as a flow: from the top to who is in it and who
    is not, from there to each school, through its total to its grades, on to the bottom and back to the top.

    Places: (school, 0) and (school, 1) of the subgroup, (school, 2 + column) of the table.
    """
    schools, grades = hidden.size - 1, beside.codes.shape[1] - 1
    top, bottom, first_school, first_grade = 0, 1, 4, 4 + 2 * schools
    flow = Flow(first_grade + grades)
    people = with_totals(beside.learners)
    known = people[sorted(reader)].sum(axis=0)
    for row in np.flatnonzero(hidden).tolist():
        if row in reader or (row == schools and people[row, -1] == known[-1]):
            continue
        for part in (0, 1):
            tail, head = (top, 2 + part) if row == schools else (2 + part, first_school + 2 * row)
            flow.add((row, part), tail, head, int(parts[row, part]))
    if not beside.total_hidden.any():
        return flow  # with every total known, the grades say nothing about the subgroup
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(hidden_of(beside.codes))), strict=True):
        if row in reader or (row == schools and people[row, column] == known[column]):
            continue
        into = bottom if row == schools else first_school + 2 * row
        if row < schools:
            tail, head = (into, into + 1) if column == grades else (into + 1, first_grade + column)
        else:
            tail, head = (bottom, top) if column == grades else (first_grade + column, bottom)
        flow.add((row, 2 + column), tail, head, int(totals[row, column]))
    return flow


def told_by_change(
    hidden: NDArray[np.bool_],
    people: IntArray,
    moved: NDArray[np.float64],
    minimum: IntArray,
    true_moved: IntArray | None,
    several: Collection[Reader] = (),
) -> int | None:
    """A row to hide, so that no reader learns by two publications that few results have come to what is hidden of a
    subgroup; None: none is. Rows that show too few alone are for the caller (`suppression.too_few`).

    All that follows of a subgroup from what its rows show is the sum of its hidden schools.
    moved: (schools + 1, 2) by how much each figure has changed; NaN where it was not shown then.    true_moved:
    (schools, 2) the same of all that is hidden too; None where it is not known.    several: readers of several rows.
    """
    known = ~np.isnan(moved).any(axis=1) & ~hidden
    rest = np.flatnonzero(~known[:-1])
    if not known[-1] or not len(rest):
        return None
    left = moved[-1] - moved[:-1][known[:-1]].sum(axis=0)
    for reader in readers_of(hidden.size - 1, several, lambda row: not known[row]):
        if reader != PUBLIC and true_moved is None:
            break
        parts = rest[[row not in reader for row in rest]]
        change = np.abs(left if true_moved is None else left - true_moved[sorted(reader)].sum(axis=0))
        if len(parts) and ((change > 0) & (change < minimum[parts].max())).any():
            somebody = np.flatnonzero(known & (people.sum(axis=1) > 0)).tolist()
            shown = [row for row in somebody if row < len(hidden) - 1] or somebody
            if shown:
                return min(shown, key=lambda row: (people[row, 0], row))
    return None
