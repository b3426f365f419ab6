"""How many groups a section makes, and who leads which when there are more groups than adults."""

import math
from dataclasses import dataclass

from .problem import MOST_GROUPS

USUAL_LO, USUAL_HI = 4, 6


@dataclass(frozen=True)
class Slot:
    """One group's turn: `adult` 0.. leads it in turn `turn` 0..; adult None is a group without an adult."""

    group: int
    adult: int | None
    turn: int


def default_counts(learners, *, lo=USUAL_LO, hi=USUAL_HI):
    """(k, lo, hi) that fits so many learners: sizes near the middle of lo..hi; lo gives way to few.

    Always a plan: 28 learners are 6 groups of 4 to 6, 3 learners are one group of 3 to 6.
    Raises ValueError: no learners, or sizes that are not 1 <= lo <= hi.
    """
    if learners < 1 or not 1 <= lo <= hi:
        raise ValueError(f"{learners} learners in groups of {lo} to {hi} make no plan.")
    fewest = math.ceil(learners / hi)
    most = max(fewest, learners // lo)
    k = min(max(round(2 * learners / (lo + hi)), fewest), most)
    return k, min(lo, learners // k), hi


def counts_for(learners, *, k=None, lo=None, hi=None):
    """(k, lo, hi) where a teacher has settled some of them, or none: the others are chosen so that all find a place.

    k open: as many groups as the sizes ask for, the smallest size gives way, as in default_counts. k settled: sizes
    left open stretch to hold everybody, settled ones stay, also where that leaves no plan: the solver names the clash.
    """
    if k is None:
        low = lo or min(USUAL_LO, hi or USUAL_LO)
        high = hi or max(USUAL_HI, low + 2)
        k, low, high = default_counts(learners, lo=min(low, high), hi=high)
        return min(k, MOST_GROUPS), low, high
    high = hi or max(USUAL_HI, math.ceil(learners / k), lo or 1)
    return k, lo or max(1, min(USUAL_LO, high, learners // k)), high


def rotation(purposes, mean_need, *, adults):
    """Turns for every group, most need first: as many as there are adults are led at once, the rest rotate.

    purposes: (k,) "reteach", "practise", "extend", "mix", or None for a group that rests today (left out).
    mean_need: (k,) as in Suggestion. adults: 0 or more; with 0 every group runs without one.
    Groups to extend come last in line. Returns Slots in the order of groups.
    """
    line = {"reteach": 0, "mix": 0, "practise": 1, "extend": 2}
    running = [group for group, purpose in enumerate(purposes) if purpose is not None]
    order = sorted(running, key=lambda g: (line[purposes[g]], -mean_need[g], g))
    if not adults:
        return [Slot(group, None, 0) for group in running]
    turns = {group: Slot(group, place % adults, place // adults) for place, group in enumerate(order)}
    return [turns[group] for group in running]
