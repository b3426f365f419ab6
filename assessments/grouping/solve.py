"""The suggestion: exact placement inside focus descent, then local search; the best of fixed starts."""

import numpy as np

from .absence import ease_for_absence
from .conflict import find_conflict, possible_columns
from .descent import descend
from .gains import Gains
from .local import improve
from .place import Placement
from .problem import NO_GROUP, OWN
from .start import greedy_groups, present_groups
from .suggestion import weigh
from .units import make_units, score

USUAL_KICKS = 4  # measured: wishes that bind a small section are met as well as by trying everything


def suggest_groups(problem, *, kicks=USUAL_KICKS, seed=0):
    """The best Suggestion found for a Problem: the same for the same problem, whatever the order of rows.

    kicks: how many seeded disturbances to search on from; more are never worse for the same seed.
    seed: int, the only source of chance, used by kicks alone.
    Raises Conflict: the wishes cannot all hold (proven), with a set none of which can be left out.
    """
    units = make_units(problem)
    columns = _search(units, kicks, seed)
    labels, eased = range(problem.k), ()
    if columns is None:
        way_out = ease_for_absence(problem)
        if way_out is None:
            raise find_conflict(problem)
        labels, eased = way_out.labels, way_out.eased
        if labels:
            units = make_units(way_out.problem)
            columns = _search(units, kicks, seed)
        else:
            columns = np.zeros(len(units.size), int)
    return weigh(problem, _assignment(problem, units, columns, labels), eased=eased)


def _search(units, kicks, seed):
    """The best columns that keep every wish, or None where there are none."""
    if units.contradictory:
        return None
    topics, greedy = greedy_groups(units)
    placement = Placement(units)
    starts = [descend(placement, topics, greedy), greedy]
    if units.stay.any():
        now_topics, now = present_groups(units)
        starts += [descend(placement, now_topics, now), now]
    gains = Gains(units)
    found = [improve(gains, columns) for columns in starts]
    best = max(found, key=lambda columns: score(units, columns).penalised)
    if score(units, best).broken:
        possible = possible_columns(units)
        if possible is None:
            return None
        best = improve(gains, possible)
    return _kick(gains, best, kicks, seed)


def _kick(gains, best, kicks, seed):
    units, chance = gains.units, np.random.default_rng(seed)
    best_score = score(units, best).penalised
    for _ in range(kicks):
        shaken = best.copy()
        some = chance.choice(len(shaken), size=min(len(shaken), 4), replace=False)
        shaken[some] = shaken[np.roll(some, 1)]
        trial = improve(gains, shaken)
        trial_score = score(units, trial).penalised
        if trial_score > best_score:
            best, best_score = trial, trial_score
    return best


def _assignment(problem, units, columns, labels):
    names = np.array([*labels, OWN])
    assignment = np.full(len(problem.p), NO_GROUP)
    for unit, members in enumerate(units.members):
        assignment[list(members)] = names[columns[unit]]
    return assignment
