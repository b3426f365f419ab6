"""Steepest search by moves and swaps: all of them weighed at once as arrays, the best one made."""

from collections.abc import Sequence

import numpy as np

from .gains import Gains

SMALLEST_GAIN = 1e-9
MOST_STEPS = 400


def improve(gains: Gains, columns, *, steps=MOST_STEPS):
    """Columns (N,) that no move of one unit and no swap of two improves (within `steps`). Ties: lowest index.

    J is a sum over columns, so a move changes two terms (one left, one joined) and a swap replaces one
    unit by another in two of them; after either, only those two columns are weighed anew.
    """
    columns = columns.copy()
    count, width = len(columns), gains.units.k + 1
    leave, join, replace = np.empty(count), np.empty((count, width)), np.empty((count, count))
    changed: Sequence[int] = range(width)
    for _ in range(steps):
        for column in changed:
            rows, table = gains.of(column, columns == column)
            leave[rows], join[:, column], replace[rows] = table[:-1, -1], table[-1, :-1], table[:-1, :-1]
        moves, swaps = leave[:, None] + join, replace + replace.T
        move, swap = int(moves.argmax()), int(swaps.argmax())
        move_gain, swap_gain = moves.flat[move], swaps.flat[swap]
        if max(move_gain, swap_gain) <= SMALLEST_GAIN:
            break
        if move_gain >= swap_gain:
            unit, column = divmod(move, width)
            changed = (int(columns[unit]), column)
            columns[unit] = column
        else:
            a, b = divmod(swap, count)
            changed = (int(columns[a]), int(columns[b]))
            columns[a], columns[b] = columns[b], columns[a]
    return columns
