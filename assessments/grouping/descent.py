"""Focus descent: change one topic at a time, place everybody exactly, keep what improves J."""

import numpy as np

from .place import place, seats
from .units import score

MOST_PLACEMENTS = 90  # of one descent; two are run where there are present groups


def descend(units, topics, columns, *, placements=MOST_PLACEMENTS):
    """Columns (N,) that no single change of one topic, or of one unit's column, improves, within the budget.

    topics (k,), columns (N,): the start; its columns place the units of several learners.
    """
    blocks = {int(unit): int(columns[unit]) for unit in (units.size > 1).nonzero()[0]}
    topics = topics.copy()
    free = seats(units, blocks)
    best = place(units, topics, blocks, free)
    best_score, spent = score(units, best).penalised, 1
    choices = [("topic", g, s) for g, s in np.argwhere(units.closed == 0).tolist()]
    choices += [("block", unit, c) for unit in blocks for c in units.allowed[unit].nonzero()[0].tolist()]
    since_better = at = 0
    while since_better < len(choices) and spent < placements:
        kind, index, value = choices[at]
        at, since_better = (at + 1) % len(choices), since_better + 1
        holder = topics if kind == "topic" else blocks
        before = holder[index]
        if before == value:
            continue
        holder[index] = value
        trial = place(units, topics, blocks, free if kind == "topic" else None)
        trial_score, spent = score(units, trial).penalised, spent + 1
        if trial_score > best_score + 1e-9:
            best, best_score, since_better = trial, trial_score, 0
            free = free if kind == "topic" else seats(units, blocks)
        else:
            holder[index] = before
    return best
