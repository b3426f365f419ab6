"""Exact placement for fixed topics: a transport problem, solved by linear_sum_assignment."""

import numpy as np

FILL = 10.0  # bonus of a seat that a group needs to reach its smallest size: more than any V and mu


def worth(units, topics):
    """(N, k+1) what each unit adds in each column when the topics are fixed; forbidden columns far below."""
    table = np.column_stack([units.value[:, topics], units.own]) + units.mu * units.stay
    return np.where(units.allowed, table, table - 1000.0)


def seats(units, blocks):
    """(columns, bonus) of the seats left for single learners, once the blocks sit; own path has one for each."""
    taken = np.zeros(units.k, int)
    for unit, column in blocks.items():
        if column < units.k:
            taken[column] += units.size[unit]
    order = np.arange(units.hi)
    group, seat = np.nonzero(order[None, :] >= taken[:, None])
    own = int((units.size == 1).sum()) if units.allowed[:, units.k].any() else 0
    bonus = np.where(seat < units.lo, FILL, 0.0)
    return np.concatenate([group, np.full(own, units.k)]), np.concatenate([bonus, np.zeros(own)])


def place(units, topics, blocks, free=None):
    """Columns (N,) of the best placement for `topics`, with units of several learners where `blocks` says.

    topics: (k,) standard of each group. blocks: {unit: column} for every unit of two or more learners.
    free: seats(units, blocks), where the caller has them already.
    Best means the sum of V, own path and mu, with sizes filled; readiness and apart are not seen here.
    Where sizes cannot hold, the rest goes where it adds most (the search then mends or refuses).
    """
    table = worth(units, topics)
    columns = table.argmax(axis=1)
    for unit, column in blocks.items():
        columns[unit] = column
    seat_column, bonus = free or seats(units, blocks)
    single = np.flatnonzero(units.size == 1)
    if len(single) and len(seat_column):
        from scipy.optimize import linear_sum_assignment  # 14 MB that a web process needs only where a board is edited

        gain = table[single[:, None], seat_column] + bonus
        who, where = linear_sum_assignment(gain, maximize=True)
        columns[single[who]] = seat_column[where]
    return columns
