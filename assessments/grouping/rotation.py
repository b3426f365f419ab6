"""How many groups a section makes, and who leads which when there are more groups than adults."""

import math
from dataclasses import dataclass

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
