"""Wishes that cannot all hold: found exactly, and cut down to a set in which each one is needed."""

from dataclasses import dataclass, replace

import numpy as np

from .problem import OWN
from .units import make_units

INFEASIBLE = 2  # scipy's status for "proven to have no solution"


@dataclass(frozen=True)
class Wish:
    """One thing asked for, as words can name it. Which fields are set depends on `kind`.

    at_least, at_most: count = the size, groups = the number of groups. own_path_off, mixed: nothing.
    apart, together: rows = two learners. pin: rows = one learner, group = index or OWN.
    """

    kind: str
    rows: tuple[int, ...] = ()
    group: int | None = None
    count: int | None = None
    groups: int | None = None

    @property
    def id(self):
        """A name that is equal for equal wishes, such as "apart:3:7" or "pin:4:own"."""
        tail = [*self.rows, "own" if self.group == OWN else self.group, self.count, self.groups]
        return ":".join([self.kind, *(str(part) for part in tail if part is not None)])


class Conflict(ValueError):
    """The wishes contradict each other or the number of learners. Nothing was suggested.

    wishes: a set that cannot hold together, though it can as soon as any single one of them is dropped.
    learners: how many are to be placed.
    """

    def __init__(self, wishes, learners):
        self.wishes, self.learners = tuple(wishes), learners
        named = ", ".join(wish.id for wish in self.wishes)
        super().__init__(f"For {learners} learners these wishes cannot all hold: {named}.")


def wishes_of(problem):
    """Every hard wish in force today; those that name an absent learner rest."""
    awake = lambda *rows: not problem.absent.intersection(rows)
    found = [
        Wish("at_least", count=problem.lo, groups=problem.k),
        Wish("at_most", count=problem.hi, groups=problem.k),
    ]
    if problem.mixed:
        found.append(Wish("mixed"))
    if not problem.own_path:
        found.append(Wish("own_path_off"))
    found += [Wish("together", pair) for pair in problem.together if awake(*pair)]
    found += [Wish("apart", pair) for pair in problem.apart if awake(*pair)]
    found += [Wish("pin", (row,), group) for row, group in sorted(problem.pinned.items()) if awake(row)]
    return found


def find_conflict(problem):
    """The Conflict of a problem that has no solution (call only then). One solver call for each wish."""
    needed = wishes_of(problem)
    for wish in list(needed):
        rest = [other for other in needed if other != wish]
        if possible_columns(units_under(problem, rest)) is None:
            needed = rest
    return Conflict(needed, len(problem.present))


def units_under(problem, wishes):
    """The units of the problem with only these of its wishes in force."""
    kinds = {wish.kind for wish in wishes}
    units = make_units(
        replace(
            problem,
            apart=[wish.rows for wish in wishes if wish.kind == "apart"],
            together=[wish.rows for wish in wishes if wish.kind == "together"],
            pinned={wish.rows[0]: wish.group for wish in wishes if wish.kind == "pin"},
            own_path="own_path_off" not in kinds,
            mixed="mixed" in kinds,
        )
    )
    everybody = int(units.size.sum())
    lo = units.lo if "at_least" in kinds else 0
    return replace(units, lo=lo, hi=units.hi if "at_most" in kinds else everybody)


def possible_columns(units):
    """Columns (N,) that keep every hard wish, or None where there are none: exact, by HiGHS.

    Cliques of apart pairs are one row each, so that "six apart, five groups" is refuted at once.
    """
    if units.contradictory:
        return None
    count, k = len(units.size), units.k
    variable = np.arange(count * (k + 1)).reshape(count, k + 1)
    rows, low, high = [], [], []

    def require(entries, weights, least, most):
        row = np.zeros(variable.size)
        row[entries] = weights
        rows.append(row)
        low.append(least)
        high.append(most)

    for unit in range(count):
        require(variable[unit], 1, 1, 1)
    cliques = _cliques(units.apart)
    for group in range(k):
        require(variable[:, group], units.size, units.lo, units.hi)
        for clique in cliques:
            require(variable[clique, group], 1, 0, 1)
        if units.mixed:
            require(variable[:, group], units.upper, 1, np.inf)
            require(variable[:, group], units.lower, 1, np.inf)
    # 14 MB that a web process needs only where a board is edited
    from scipy.optimize import Bounds, LinearConstraint, milp

    answer = milp(
        np.zeros(variable.size),
        integrality=np.ones(variable.size),
        bounds=Bounds(0, units.allowed.ravel().astype(float)),
        constraints=LinearConstraint(np.array(rows), low, high),
    )
    if answer.x is None:
        if answer.status != INFEASIBLE:
            raise RuntimeError(f"HiGHS gave no verdict: {answer.message}")
        return None
    return answer.x.reshape(count, k + 1).argmax(axis=1)


def _cliques(apart):
    """Cliques that together hold every apart pair, each grown greedily from a pair not yet held."""
    held, found = np.zeros_like(apart), []
    for a, b in np.argwhere(np.triu(apart, 1)):
        if held[a, b]:
            continue
        clique = [a, b]
        for other in np.flatnonzero(apart[a] & apart[b]):
            if apart[other, clique].all():
                clique.append(other)
        held[np.ix_(clique, clique)] = True
        found.append(clique)
    return found
