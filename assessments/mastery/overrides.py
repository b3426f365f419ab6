"""A teacher's own level: which overrides were withdrawn, and which is in force (engine part 2.7)."""

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.events import (
    NONE,
    OVERRIDE_LIFT,
    OVERRIDE_SET,
    OVERRIDE_WITHDRAW,
    History,
)


def withdrawn(rows: History) -> NDArray[np.bool_]:
    """(rows,) True for an OVERRIDE_SET that a later OVERRIDE_WITHDRAW took back as made in error.

    rows: sorted by learner, then in replay order. A withdrawal that names nothing takes the newest override of its
    learner and standard; one that names a record not found before it takes nothing.
    """
    taken_back = np.zeros(len(rows), dtype=bool)
    standing: dict[tuple[int, int], list[int]] = {}
    # Overrides are rare, a few per learner and year, so a plain loop over them alone is fast enough.
    for row in np.flatnonzero((rows.kind == OVERRIDE_SET) | (rows.kind == OVERRIDE_WITHDRAW)):
        sets = standing.setdefault((int(rows.learner[row]), int(rows.standard[row])), [])
        if rows.kind[row] == OVERRIDE_SET:
            sets.append(int(row))
            continue
        named = rows.withdraws[row]
        found = [i for i in sets if named in (NONE, rows.record[i])]
        if found:
            taken_back[found[-1]] = True
            sets.remove(found[-1])
    return taken_back


def in_force(rows: History, *, now: float) -> dict[tuple[int, int], int]:
    """(learner, standard) to the row of the override in force at `now` (days); absent where there is none.

    A new override replaces the one before it for good; a lift ends it; one whose end has come is over.
    """
    gone = withdrawn(rows)
    standing: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero((rows.kind == OVERRIDE_SET) | (rows.kind == OVERRIDE_LIFT)):
        pair = (int(rows.learner[row]), int(rows.standard[row]))
        if rows.kind[row] == OVERRIDE_LIFT:
            standing.pop(pair, None)
        elif not gone[row]:
            standing[pair] = int(row)
    return {pair: row for pair, row in standing.items() if rows.override_ends[row] > now}
