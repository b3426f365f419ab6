"""What a group came to: who moved up and who stayed, and the change in scores beside the one that comes anyway.

Learners are picked for a group after low results, and low results are partly chance: their next ones are higher
without any teaching (engine specification, part 5.1: 20 to 32 points of 100 with no intervention at all). So an
observed change says nothing on its own; beside it stands what the evidence tree expected at acceptance.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

MOVED_UP, FIRST_RESULT, STAYED, LOWER, NO_NEWER = "moved_up", "first_result", "stayed", "lower", "no_newer"
OUTCOMES = (MOVED_UP, FIRST_RESULT, STAYED, LOWER, NO_NEWER)
FEWEST = 5
"""Below so many learners with everything known a mean says more about chance than about the group."""


@dataclass(frozen=True)
class Change:
    """Mean change of n learners, in scores of [0, 1]: observed = later - before, expected = expectation - before."""

    n: int
    observed: float
    expected: float


@dataclass(frozen=True)
class Closing:
    """outcomes: one of OUTCOMES for each member. change: None where too few have all three scores.

    known: how many have them.
    """

    outcomes: tuple[str, ...]
    change: Change | None
    known: int

    @property
    def counts(self) -> Counter:
        return Counter(self.outcomes)

    @property
    def tried_again(self) -> int:
        return len(self.outcomes) - self.counts[NO_NEWER]


def close(*, level_before, level_now, is_newer, before, expected, since, fewest: int = FEWEST) -> Closing:
    """The closing of a group of n members, or of several together. All arguments are (n,).

    level_before, level_now: int shown level on the focus at the start and now, 0 for none. is_newer: bool, a result or
    a teacher's level since the start. before, since: mean score in [0, 1] of the last results before the start and of
    the first ones after it, NaN without one. expected: the tree's estimate frozen at acceptance, NaN where it was not
    kept. fewest: learners below which no change is claimed.
    Raises ValueError: columns of different length, or a score outside [0, 1].
    """
    then, now = np.asarray(level_before, dtype=int), np.asarray(level_now, dtype=int)
    newer = np.asarray(is_newer, dtype=bool)
    scores = [np.asarray(column, dtype=float) for column in (before, expected, since)]
    if {column.shape for column in (then, now, newer, *scores)} != {(len(then),)}:
        raise ValueError("Every column describes the same members, one value each.")
    for name, column in zip(("before", "expected", "since"), scores, strict=True):
        if not (np.isnan(column) | ((column >= 0) & (column <= 1))).all():
            raise ValueError(f"{name} holds a score outside 0 to 1.")
    earlier, likely, later = scores
    known = newer & ~np.isnan(earlier) & ~np.isnan(likely) & ~np.isnan(later)
    n = int(known.sum())
    change = None
    if n >= max(fewest, 1):
        start = earlier[known].mean()
        change = Change(n, float(later[known].mean() - start), float(likely[known].mean() - start))
    outcomes = tuple(_outcome(*each) for each in zip(then.tolist(), now.tolist(), newer.tolist(), strict=True))
    return Closing(outcomes, change, n)


def _outcome(then: int, now: int, newer: bool) -> str:
    if not newer or now == 0:  # a result that counts for no level yet is not yet a second look
        return NO_NEWER
    if then == 0:
        return FIRST_RESULT
    return MOVED_UP if now > then else LOWER if now < then else STAYED
