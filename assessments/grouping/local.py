"""Steepest search by moves and swaps: all of them weighed at once as arrays, the best one made."""

import numpy as np

from .units import BROKEN

SMALLEST_GAIN = 1e-9
MOST_STEPS = 400


def improve(units, columns, *, steps=MOST_STEPS):
    """Columns (N,) that no move of one unit and no swap of two improves (within `steps`). Ties: lowest index.

    J is a sum over columns, so a move changes two terms (one left, one joined) and a swap replaces one
    unit by another in two of them.
    """
    columns = columns.copy()
    count = len(columns)
    upper_triangle = np.triu(np.ones((count, count), dtype=bool), 1)
    for _ in range(steps):
        leave, join, replace = changes(units, columns)
        moves = leave[:, None] + join
        moves[np.arange(count), columns] = -np.inf
        swaps = np.where(upper_triangle & (columns[:, None] != columns), replace + replace.T, -np.inf)
        move, swap = int(moves.argmax()), int(swaps.argmax())
        move_gain, swap_gain = moves.flat[move], swaps.flat[swap]
        if max(move_gain, swap_gain) <= SMALLEST_GAIN:
            break
        if move_gain >= swap_gain:
            unit, column = divmod(move, units.k + 1)
            columns[unit] = column
        else:
            a, b = divmod(swap, count)
            columns[a], columns[b] = columns[b], columns[a]
    return columns


def changes(units, columns):
    """What J, broken wishes included, would change by.

    leave (N,): the unit leaves its column. join (N, k+1): it joins a column that it is not in.
    replace (N, N): in the column of u, u leaves and v (from another column) takes the place.
    """
    k, rows = units.k, np.arange(len(columns))
    in_group = columns < k
    mine = np.minimum(columns, k - 1)  # a group to index by; masked by in_group where it is own path
    here = columns[:, None] == np.arange(k)

    sums = here.T.astype(float) @ units.value + units.closed
    now = sums.max(axis=1)
    without = sums[mine] - units.value
    leave = np.where(in_group, without.max(axis=1) - now[mine], -units.own)
    join = np.empty((len(columns), k + 1))
    join[:, :k] = _highest_sum(units.value, sums) - now
    join[:, k] = units.own
    replaced = _highest_sum(without, units.value) - now[mine][:, None]
    replace = np.where(in_group[:, None], replaced, units.own - units.own[:, None])

    reward = units.mu * units.stay - BROKEN * ~units.allowed
    leave -= reward[rows, columns]
    join += reward
    replace += reward[:, columns].T - reward[rows, columns][:, None]

    if units.sigma:
        _add_ranges(units, columns, here, in_group, mine, leave, join, replace)
    _add_sizes(units, here, in_group, mine, leave, join, replace)
    if units.apart.any():
        foes = np.column_stack([units.apart @ here.astype(float), np.zeros(len(columns))])
        leave += BROKEN * foes[rows, columns]
        join -= BROKEN * foes
        both = (units.apart & in_group[:, None]).astype(float)
        replace -= BROKEN * (foes[:, columns].T - both - foes[rows, columns][:, None])
    if units.mixed:
        for half in (units.upper, units.lower):
            _add_counts(lambda c: (c <= 0) * 1.0, half, here, in_group, mine, leave, join, replace)
    return leave, join, replace


def _highest_sum(a, b):
    """max over topics of a (A, m) and b (B, m) added pair by pair: (A, B). By topic: m is short, A and B are long."""
    highest = a[:, 0, None] + b[:, 0]
    for topic in range(1, a.shape[1]):
        np.maximum(highest, a[:, topic, None] + b[:, topic], out=highest)
    return highest


def _add_ranges(units, columns, here, in_group, mine, leave, join, replace):
    most, least, k = units.most, units.least, units.k
    high = np.where(here, most[:, None], -np.inf).max(axis=0)
    low = np.where(here, least[:, None], np.inf).min(axis=0)
    now = np.maximum(high - low, 0.0)
    mates = columns[:, None] == columns
    np.fill_diagonal(mates, False)
    high_left = np.where(mates, most, -np.inf).max(axis=1)
    low_left = np.where(mates, least, np.inf).min(axis=1)
    leave -= units.sigma * np.where(in_group, np.maximum(high_left - low_left, 0.0) - now[mine], 0.0)
    joined = np.maximum(high, most[:, None]) - np.minimum(low, least[:, None])
    join[:, :k] -= units.sigma * (joined - now)
    swapped = np.maximum(high_left[:, None], most) - np.minimum(low_left[:, None], least)
    replace -= units.sigma * np.where(in_group[:, None], swapped - now[mine][:, None], 0.0)


def _add_sizes(units, here, in_group, mine, leave, join, replace):
    outside = lambda size: np.maximum(units.lo - size, 0) + np.maximum(size - units.hi, 0)
    _add_counts(outside, units.size, here, in_group, mine, leave, join, replace)


def _add_counts(broken, amount, here, in_group, mine, leave, join, replace):
    """A hard wish about a sum in each group: broken(sum) says how often it is broken."""
    total = amount @ here
    now = broken(total)
    leave -= BROKEN * np.where(in_group, broken(total[mine] - amount) - now[mine], 0)
    join[:, :-1] -= BROKEN * (broken(total + amount[:, None]) - now)
    after = broken((total[mine] - amount)[:, None] + amount)
    replace -= BROKEN * np.where(in_group[:, None], after - now[mine][:, None], 0)
