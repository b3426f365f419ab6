"""Focus descent: change one topic at a time, place everybody exactly, keep what improves J."""

import numpy as np

from .place import Placement
from .units import score

MOST_PLACEMENTS = 90  # of one descent; two are run where there are present groups


def descend(placement: Placement, topics, columns, *, placements=MOST_PLACEMENTS):
    """Columns (N,) that no single change of one topic, or of one unit's column, improves, within the budget.

    topics (k,), columns (N,): the start; its columns place the units of several learners.
    """
    units = placement.units
    blocks = {int(unit): int(columns[unit]) for unit in (units.size > 1).nonzero()[0]}
    placement.start(topics, blocks)
    best = placement.columns()
    best_score, spent = score(units, best).penalised, 1
    choices = [(placement.topics, placement.set_topic, g, s) for g, s in np.argwhere(units.closed == 0).tolist()]
    for unit in blocks:
        columns_allowed = units.allowed[unit].nonzero()[0].tolist()
        choices += [(placement.blocks, placement.set_block, unit, column) for column in columns_allowed]
    since_better = at = 0
    while since_better < len(choices) and spent < placements:
        holder, put, index, value = choices[at]
        at, since_better = (at + 1) % len(choices), since_better + 1
        before = holder[index]
        if before == value:
            continue
        put(index, value)
        trial = placement.columns()
        weighed, spent = score(units, trial, above=best_score + 1e-9), spent + 1
        if weighed is not None and weighed.penalised > best_score + 1e-9:
            best, best_score, since_better = trial, weighed.penalised, 0
        else:
            put(index, before)
    return best
