"""Exact placement for fixed topics: a transport problem, solved by linear_sum_assignment."""

import numpy as np
from scipy.optimize import linear_sum_assignment

FILL = 10.0  # bonus of a seat that a group needs to reach its smallest size: more than any V and mu


def worth(units, topics):
    """(N, k+1) what each unit adds in each column when the topics are fixed; forbidden columns far below."""
    table = np.column_stack([units.value[:, topics], units.own]) + units.mu * units.stay
    return np.where(units.allowed, table, table - 1000.0)


def place(units, topics, blocks):
    """Columns (N,) of the best placement for `topics`, with units of several learners where `blocks` says.

    topics: (k,) standard of each group. blocks: {unit: column} for every unit of two or more learners.
    Best means the sum of V, own path and mu, with sizes filled; readiness and apart are not seen here.
    Where sizes cannot hold, the rest goes where it adds most (the search then mends or refuses).
    """
    k, table = units.k, worth(units, topics)
    columns = table.argmax(axis=1)
    taken = np.zeros(k + 1, int)
    for unit, column in blocks.items():
        columns[unit] = column
        taken[column] += units.size[unit]
    single = np.flatnonzero(units.size == 1)
    seat = np.arange(units.hi)[None, :]
    free = (seat >= taken[:k, None]) & (seat < units.hi)
    group, order = np.nonzero(free)
    own_seats = len(single) if units.allowed[:, k].any() else 0
    seat_column = np.concatenate([group, np.full(own_seats, k)])
    bonus = np.concatenate([np.where(order < units.lo, FILL, 0.0), np.zeros(own_seats)])
    if len(single) and len(seat_column):
        who, where = linear_sum_assignment(table[single][:, seat_column] + bonus, maximize=True)
        columns[single[who]] = seat_column[where]
    return columns
