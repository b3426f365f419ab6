"""What a teacher asks the solver: needs, sizes and wishes. Hard wishes hold in every suggestion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

NO_GROUP = -1  # in `previous`: was in no group; in an assignment: absent today
OWN = -2  # on their own path
MOST_GROUPS = 100


class InvalidProblem(ValueError):
    """The problem itself makes no sense (a shape, an index): a caller's mistake, not a clash of wishes."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """One section, its chosen standards, and what must hold. Rows are learners, named by index everywhere.

    p: (n, m) adjusted p_mastered on the chosen standards, in [.01, .99] (see `value.adjusted_mastery`).
    value: (n, m) V of the same standards, in [0, 1] (see `value.topic_values`).
    k, lo, hi: number of groups, smallest and largest size; own path has no size.
    previous: (n,) index of the present group, NO_GROUP, or OWN; an index >= k is a group that is gone.
    own_path: whether a learner without need here may work on their own path.
    together: pairs always in the same group, or both on their own path. They chain.
    apart: pairs never in one group. Two learners each on their own path are apart, unless a chain of
    `together` says otherwise: that is a contradiction wherever they are.
    topics: {group index: column} of groups whose standard is settled; the others get the one with most to gain.
    pinned: {row: group index or OWN}. absent: rows not placed today; wishes that name them rest.
    mu: worth of one learner staying; sigma: cost of the readiness range of a group, ignored when mixed.
    mixed: every group holds a learner of the upper and one of the lower half of readiness.
    keys: unique sortable name of each row (an id; default the row itself): ties are broken by it, so the
        order of rows changes nothing.
    Raises InvalidProblem, with what and where, for anything that cannot be read.
    """

    p: np.ndarray
    value: np.ndarray
    k: int
    lo: int
    hi: int
    previous: np.ndarray | None = None
    own_path: bool = True
    apart: Collection[tuple[int, int]] = ()
    together: Collection[tuple[int, int]] = ()
    topics: Mapping[int, int] = field(default_factory=dict)
    pinned: Mapping[int, int] = field(default_factory=dict)
    absent: Collection[int] = ()
    mu: float = 0.05
    sigma: float = 0.3
    mixed: bool = False
    keys: Sequence = ()

    def __post_init__(self):
        p, value = _matrix(self.p, "p"), _matrix(self.value, "value")
        if p.shape != value.shape:
            raise InvalidProblem(f"p is {p.shape} and value is {value.shape}; they describe the same pairs.")
        n, m = p.shape
        if m == 0:
            raise InvalidProblem("Choose at least one standard to group by.")
        for name, lowest in (("k", 1), ("lo", 1), ("hi", 1)):
            number = getattr(self, name)
            if int(number) != number or number < lowest:
                raise InvalidProblem(f"{name} is {number}; it must be a whole number of at least {lowest}.")
        if self.k > MOST_GROUPS:
            raise InvalidProblem(f"k is {self.k}; at most {MOST_GROUPS} groups can be made at once.")
        for name in ("mu", "sigma"):
            if not 0 <= getattr(self, name) <= 100:
                raise InvalidProblem(f"{name} is {getattr(self, name)}; it must lie between 0 and 100.")
        put = lambda name, entry: object.__setattr__(self, name, entry)
        put("p", p)
        put("value", value)
        put("previous", _previous(self.previous, n))
        put("apart", _pairs(self.apart, n, "apart"))
        put("together", _pairs(self.together, n, "together"))
        put("topics", _topics(self.topics, self.k, m))
        put("pinned", _pins(self.pinned, n, self.k))
        put("absent", frozenset(_row(row, n, "absent") for row in self.absent))
        put("keys", _keys(self.keys, n))
        if len(self.absent) == n:
            raise InvalidProblem("There is nobody to group: no learner, or everybody is absent.")

    @property
    def readiness(self):
        """(n,) mean p over the chosen standards."""
        return self.p.mean(axis=1)

    @property
    def own_value(self):
        """(n,) product of p over the chosen standards: how far nothing here is left to teach."""
        return self.p.prod(axis=1)

    @property
    def present(self):
        """Rows of the learners to place, in the order of their keys."""
        return [row for row in sorted(range(len(self.p)), key=self.keys.__getitem__) if row not in self.absent]

    @property
    def lower_half(self):
        """Rows of the lower half of readiness of those present; the middle one of an odd number is not in it."""
        readiness = self.readiness
        ranked = sorted(self.present, key=lambda row: (readiness[row], self.keys[row]))
        return frozenset(ranked[: len(ranked) // 2])


def _matrix(entry, name):
    matrix = np.array(entry, dtype=float)
    if matrix.ndim != 2:
        raise InvalidProblem(f"{name} must be a table of learners by standards, not of shape {matrix.shape}.")
    if not ((matrix >= 0) & (matrix <= 1)).all():
        row, column = np.argwhere(~((matrix >= 0) & (matrix <= 1)))[0]
        raise InvalidProblem(f"{name}[{row}, {column}] is {matrix[row, column]}; it must lie between 0 and 1.")
    matrix.setflags(write=False)
    return matrix


def _row(row, n, name):
    if int(row) != row or not 0 <= row < n:
        raise InvalidProblem(f"{name} names row {row}; there are {n} learners.")
    return int(row)


def _previous(previous, n):
    groups = np.full(n, NO_GROUP) if previous is None else np.array(previous)
    if groups.shape != (n,) or groups.dtype.kind not in "iu" or (groups < OWN).any():
        raise InvalidProblem(f"previous must hold a group index, NO_GROUP or OWN for each of {n} learners.")
    groups = groups.astype(int)
    groups.setflags(write=False)
    return groups


def _pairs(pairs, n, name):
    found = set()
    for a, b in pairs:
        first, second = sorted((_row(a, n, name), _row(b, n, name)))
        if first == second:
            raise InvalidProblem(f"{name} pairs row {first} with itself.")
        found.add((first, second))
    return tuple(sorted(found))


def _pins(pinned, n, k):
    pins = {}
    for row, group in pinned.items():
        if group != OWN and (int(group) != group or not 0 <= group < k):
            raise InvalidProblem(f"Row {row} is pinned to group {group}; there are groups 0 to {k - 1}, and OWN.")
        pins[_row(row, n, "pinned")] = int(group)
    return pins


def _topics(topics, k, m):
    settled = {}
    for group, column in topics.items():
        if int(group) != group or int(column) != column or not (0 <= group < k and 0 <= column < m):
            raise InvalidProblem(f"topics gives group {group} column {column}; there are {k} groups, {m} standards.")
        settled[int(group)] = int(column)
    return settled


def _keys(keys, n):
    names = tuple(keys) or tuple(range(n))
    if len(names) != n or len(set(names)) != n:
        raise InvalidProblem(f"keys must name each of the {n} learners once.")
    return names
