"""Which figures of a published table may be shown, so that no small count can be worked out (engine.md 5.3).

A table is additive: schools x grades x levels, with the totals of schools, of grades and of everything. A shown
figure gives away its results at every level. Pure: arrays in, arrays out.

Readers are those who know what is published, and, harder, the staff of each school and whoever works at several, who
know these rows exactly as well (`suppression_readers`).
"""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from assessments.suppression_flow import Flow, Place, Ways
from assessments.suppression_readers import Reader, readers_of

SHOWN, SMALL, TOO, ABSENT = 0, 1, 2, 3
"""A figure is shown; hidden for being small; hidden so that no other can be worked out; of nobody at all."""

IntArray = NDArray[np.int64]


def with_totals(counts: IntArray) -> IntArray:
    """(schools, grades, ..) to (schools + 1, grades + 1, ..): the last row and column hold the totals."""
    down = np.concatenate([counts, counts.sum(axis=0, keepdims=True)], axis=0)
    return np.concatenate([down, down.sum(axis=1, keepdims=True)], axis=1)


def protect(
    results: IntArray,
    learners: IntArray,
    *,
    minimum: int | IntArray,
    width: int | IntArray,
    barred: NDArray[np.bool_] | None = None,
    several: Collection[Reader] = (),
) -> IntArray:
    """Codes of every figure: SHOWN, SMALL, TOO or ABSENT; (schools + 1, grades + 1), totals last.

    results: (schools, grades, levels) counts >= 0.    learners: (schools, grades), how many people at least stand
    behind them; 0 only where nobody is.    minimum: figures of fewer people are hidden.    width: how far apart the
    least and the greatest possible count of every hidden figure must lie, at every level. Both are one number, or one
    for each figure, as a school may ask for more (broadcast to the codes).
    barred: figures that may not be shown for another reason.    several: readers who know several rows.
    """
    people = with_totals(learners)
    least, wide_enough = (np.broadcast_to(np.asarray(each), people.shape) for each in (minimum, width))
    codes = np.where(people == 0, ABSENT, np.where(people < least, SMALL, SHOWN))
    codes[(codes == SHOWN) & _small_complement(people, least)] = TOO
    if barred is not None:
        codes[(codes == SHOWN) & barred] = TOO
    _complete(codes, people, least)
    asked = with_all_levels(results)
    ways: list[Ways] = [{} for _level in range(asked.shape[2])]
    wide = False
    while not wide:
        wide = True
        for place in narrow_figures(asked, people, codes, wide_enough, ways, several):
            wide = False
            _hide_beside(codes, people, place)
            _complete(codes, people, least)
    return codes


def with_all_levels(results: IntArray) -> IntArray:
    """(.., levels) to (.., levels + 1): last how many results there are beyond the first of each cell.

    Of nobody a table says so. So a hidden cell has a result at least, and thirteen of them that make up 14 are known,
    though nobody knows at which level each of these is.
    """
    n = results.sum(axis=2)
    return np.concatenate([results, np.maximum(n - 1, 0)[:, :, None]], axis=2)


def _small_complement(people: IntArray, least: IntArray) -> NDArray[np.bool_]:
    """Figures whose rest under a common parent is small, so that figure and parent together give the rest away."""
    found = np.zeros(people.shape, dtype=bool)
    for rest, enough in (
        (people[-1:, :] - people, least[-1:, :]),
        (people[:, -1:] - people, least[:, -1:]),
    ):
        found |= (rest > 0) & (rest < enough)
    return found


def _lines(shape: tuple[int, ...]) -> Iterator[list[Place]]:
    """Every row and every column of the table, its total last."""
    rows, columns = shape
    for row in range(rows):
        yield [(row, column) for column in range(columns)]
    for column in range(columns):
        yield [(row, column) for row in range(rows)]


def _complete(codes: IntArray, people: IntArray, least: IntArray) -> None:
    """In place: no line keeps exactly one hidden figure, nor hidden parts that are few together."""
    changed = True
    while changed:
        changed = False
        for line in _lines(codes.shape):
            hidden = [place for place in line if codes[place] in (SMALL, TOO)]
            parts = [place for place in hidden if place != line[-1]]
            enough = max((least[place] for place in parts), default=0)
            few = codes[line[-1]] == SHOWN and sum(people[place] for place in parts) < enough
            if hidden and (len(hidden) == 1 or few):
                changed |= _hide_smallest(codes, people, line)


def _hide_smallest(codes: IntArray, people: IntArray, line: list[Place]) -> bool:
    """Hide the smallest shown figure of a line, parts before the total; False where nothing is left to hide."""
    shown = [place for place in line if codes[place] == SHOWN]
    if not shown:
        return False
    parts = [place for place in shown if place != line[-1]] or shown
    codes[min(parts, key=lambda place: (people[place], place))] = TOO
    return True


def _hide_beside(codes: IntArray, people: IntArray, place: Place) -> None:
    """Hide one more figure near a hidden one whose range is too narrow: in its lines, else anywhere."""
    row, column = place
    beside = [(row, other) for other in range(codes.shape[1])] + [(other, column) for other in range(codes.shape[0])]
    for area in (beside, list(np.ndindex(codes.shape))):
        shown = [at for at in area if codes[at] == SHOWN]
        if shown:
            codes[min(shown, key=lambda at: (people[at], at))] = TOO
            return
    raise AssertionError("With nothing shown, every range is wide.")


def narrow_figures(
    results: IntArray,
    people: IntArray,
    codes: IntArray,
    width: IntArray,
    ways: list[Ways],
    several: Collection[Reader] = (),
) -> Iterator[Place]:
    """Hidden figures whose count at some level somebody could place within less than their `width`.

    At most one for each reader and level; the next reader is asked after the caller has changed the codes.
    Readers of the publication come first, then the staff of each school with something hidden, then of several.
    ways: of each level, filled; they hold while nothing is shown again.
    """
    totals = with_totals(results)
    for reader in readers_of(results.shape[0], several, lambda row: bool(hidden_of(codes[row]).any())):
        for level in range(results.shape[2]):
            flow = Flow(sum(codes.shape))
            add_table(flow, totals[:, :, level], people, codes, reader)
            place = flow.find_narrow(lambda at: int(width[at]), ways[level])
            if place is not None:
                yield place


def hidden_of(codes: IntArray) -> NDArray[np.bool_]:
    return (codes == SMALL) | (codes == TOO)


def add_table(flow: Flow, totals: IntArray, people: IntArray, codes: IntArray, reader: Reader) -> None:
    """The hidden figures of one level, as edges: from the top to each school (its total), from there to each grade
    (the cells), on to the bottom (totals of grades) and back to the top (the total of everything).

    Nodes: the schools, the grades, top, bottom.
    """
    schools, grades = codes.shape[0] - 1, codes.shape[1] - 1
    top, bottom = schools + grades, schools + grades + 1
    known = people[sorted(reader)].sum(axis=0)
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(hidden_of(codes))), strict=True):
        if row in reader or (row == schools and people[row, column] == known[column]):
            continue  # of the own schools, or of all schools where the others have nobody
        # From the total of everything, through a school and a grade, and round again.
        tail = (bottom if column == grades else schools + column) if row == schools else row
        head = (top if column == grades else bottom) if row == schools else schools + column
        if column == grades and row < schools:
            tail, head = top, row
        flow.add((row, column), tail, head, int(totals[row, column]))


def too_few(moved: NDArray[np.float64], minimum: int | IntArray) -> NDArray[np.bool_]:
    """Where two published counts differ, but by so few that the difference itself would be a small figure.

    moved: by how much; NaN where one of them is not known.    minimum: as of `protect`.
    """
    apart = np.abs(moved)
    return (apart > 0) & (apart < minimum)


def told_by_change(
    codes: IntArray,
    people: IntArray,
    moved: NDArray[np.float64],
    minimum: int | IntArray,
) -> Place | None:
    """A shown figure to hide, so that two publications do not tell of a small change in what they hide; None: none is.

    In a line whose total was shown both times, the total less the parts that were shown both times leaves the rest, and
    its change with it: that has to be none, or `minimum` and more.
    moved: by how much each figure has changed since the other one; NaN where it was not shown then.
    minimum: as of `protect`.
    """
    least = np.broadcast_to(np.asarray(minimum), codes.shape)
    known = ~np.isnan(moved) & ((codes == SHOWN) | (codes == ABSENT))
    for line in _lines(codes.shape):
        *parts, total = line
        rest = [place for place in parts if not known[place]]
        if not rest or not known[total]:
            continue
        change = moved[total] - sum(moved[place] for place in parts if known[place])
        if 0 < abs(change) < max(least[place] for place in rest):
            shown = [place for place in parts if codes[place] == SHOWN and known[place]]
            if shown or codes[total] == SHOWN:
                return min(shown or [total], key=lambda place: (people[place], place))
    return None


def coarse_share(reached: int, results: int, learners: int) -> tuple[int, int]:
    """Percent as (least, greatest): equal inside, a range near the ends, whose size depends on how many people.

    Raises ValueError: no results.
    """
    if results <= 0:
        raise ValueError("A share needs results.")
    step = 20 if learners < 20 else 10 if learners < 100 else 5
    share = round(100 * reached / results)
    if share <= step:
        return 0, step
    if share >= 100 - step:
        return 100 - step, 100
    return share, share
