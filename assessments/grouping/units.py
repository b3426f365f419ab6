"""The arrays that the search works on: learners who stay together are one unit and move as one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .chains import chains
from .problem import NO_GROUP, OWN

BROKEN = 1000.0  # cost of one broken hard wish: more than any J can win


@dataclass(frozen=True, eq=False)
class Units:
    """N units of one or more learners; columns 0..k-1 are groups, column k is own path.

    members: rows of the problem in each unit; size (N,) how many. value (N, m) and own (N,) are sums.
    most, least (N,): highest and lowest readiness inside. stay (N, k+1): members who are there now.
    allowed (N, k+1) bool; apart (N, N) bool, True on the diagonal for a unit at odds with itself.
    closed (k, m): 0, or -inf where the group is settled on another topic.
    upper, lower (N,): members of the upper and lower half of readiness; all 0 unless mixed is wished.
    """

    members: tuple[tuple[int, ...], ...]
    size: np.ndarray
    value: np.ndarray
    own: np.ndarray
    most: np.ndarray
    least: np.ndarray
    stay: np.ndarray
    allowed: np.ndarray
    apart: np.ndarray
    closed: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    k: int
    lo: int
    hi: int
    mu: float
    sigma: float
    mixed: bool

    @cached_property
    def at_odds(self):
        """Whether anybody is to be kept apart."""
        return bool(self.apart.any())

    @property
    def contradictory(self):
        """Whether some unit is at odds with itself: apart and together, or pinned to two places."""
        return bool(self.apart.diagonal().any() or not self.allowed.any(axis=1).all())


def make_units(problem):
    """Units of the learners present, in the order of their keys (of a unit's first member)."""
    rows = problem.present
    members = chains(rows, problem.together)
    unit_of = {row: index for index, unit in enumerate(members) for row in unit}
    count, k = len(members), problem.k
    readiness, own_value = problem.readiness, problem.own_value
    low_half = problem.lower_half if problem.mixed else frozenset()

    stay, allowed = np.zeros((count, k + 1)), np.ones((count, k + 1), dtype=bool)
    allowed[:, k] = problem.own_path
    upper, lower, apart = np.zeros(count, int), np.zeros(count, int), np.zeros((count, count), dtype=bool)
    for row in rows:
        unit, group = unit_of[row], problem.previous[row]
        if group != NO_GROUP and group < k:
            stay[unit, k if group == OWN else group] += 1
        if row in problem.pinned:
            pin = problem.pinned[row]
            only = np.arange(k + 1) == (k if pin == OWN else pin)
            allowed[unit] &= only
        if problem.mixed:
            lower[unit] += row in low_half
            upper[unit] += row not in low_half
    closed = np.zeros((k, problem.p.shape[1]))
    for group, topic in problem.topics.items():
        closed[group] = -np.inf
        closed[group, topic] = 0
    for a, b in problem.apart:
        if a in unit_of and b in unit_of:
            apart[unit_of[a], unit_of[b]] = apart[unit_of[b], unit_of[a]] = True
    return Units(
        members=members,
        size=np.array([len(unit) for unit in members]),
        value=np.array([problem.value[list(unit)].sum(axis=0) for unit in members]),
        own=np.array([own_value[list(unit)].sum() for unit in members]),
        most=np.array([readiness[list(unit)].max() for unit in members]),
        least=np.array([readiness[list(unit)].min() for unit in members]),
        stay=stay,
        allowed=allowed,
        apart=apart,
        closed=closed,
        upper=upper,
        lower=lower,
        k=k,
        lo=min(problem.lo, len(rows) + 1),  # a larger one is as impossible
        hi=min(problem.hi, len(rows)),  # a larger size is no wish, and would only make seats
        mu=problem.mu,
        sigma=0.0 if problem.mixed else problem.sigma,
        mixed=problem.mixed,
    )


@dataclass(frozen=True)
class Parts:
    """J in its three parts, and how many hard wishes are broken (0 in every suggestion)."""

    fit: float
    stay: float
    alike: float
    broken: int

    @property
    def total(self):
        return self.fit + self.stay + self.alike

    @property
    def penalised(self):
        return self.total - BROKEN * self.broken


def outside(units, sizes):
    """By how many learners each of these sizes (an array) of a group is too small or too large."""
    return np.maximum(units.lo - sizes, 0) + np.maximum(sizes - units.hi, 0)


def score(units, columns, *, above=-np.inf):
    """J of a placement: sum of V at each group's best topic, + mu a learner who stays, - sigma x ranges.

    None as soon as it is sure not to be more than `above`, broken wishes counted: the later terms only lower it.
    """
    k, number = units.k, np.arange(len(columns))
    here = columns[:, None] == np.arange(k)
    counts = here.astype(float)
    sums = counts.T @ units.value + units.closed
    fit = float(np.add.reduce(np.maximum.reduce(sums, axis=1)) + np.add.reduce(units.own[columns == k]))
    stay = units.mu * float(np.add.reduce(units.stay[number, columns]))
    if fit + stay <= above:
        return None
    alike = 0.0
    if units.sigma:
        most = np.maximum.reduce(np.where(here, units.most[:, None], -np.inf), axis=0)
        least = np.minimum.reduce(np.where(here, units.least[:, None], np.inf), axis=0)
        alike = -units.sigma * float(np.add.reduce(np.maximum(most - least, 0.0)))
    if fit + stay + alike <= above:
        return None
    broken = np.add.reduce(outside(units, units.size @ counts))
    broken += len(columns) - np.count_nonzero(units.allowed[number, columns])
    if units.at_odds:
        same = (columns[:, None] == columns) & (columns < k)
        broken += np.count_nonzero(units.apart & same) // 2
    if units.mixed:
        broken += ((units.upper @ here) == 0).sum() + ((units.lower @ here) == 0).sum()
    return Parts(fit, stay, alike, int(broken))
