"""What a teacher asks the solver: needs, sizes and wishes. Hard wishes hold in every suggestion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real

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
        put = lambda name, entry: object.__setattr__(self, name, entry)
        for name in ("k", "lo", "hi"):
            number = _whole(getattr(self, name))
            if number is None or number < 1:
                raise InvalidProblem(f"{name} is {getattr(self, name)}; it must be a whole number of at least 1.")
            put(name, number)
        if self.k > MOST_GROUPS:
            raise InvalidProblem(f"k is {self.k}; at most {MOST_GROUPS} groups can be made at once.")
        for name in ("mu", "sigma"):
            weight = getattr(self, name)
            if not isinstance(weight, Real) or not 0 <= float(weight) <= 100:
                raise InvalidProblem(f"{name} is {weight}; it must lie between 0 and 100.")
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
    try:
        matrix = np.array(entry, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidProblem(f"{name} must be a table of numbers, learners by standards: {error}") from error
    if matrix.ndim != 2:
        raise InvalidProblem(f"{name} must be a table of learners by standards, not of shape {matrix.shape}.")
    if not ((matrix >= 0) & (matrix <= 1)).all():
        row, column = np.argwhere(~((matrix >= 0) & (matrix <= 1)))[0]
        raise InvalidProblem(f"{name}[{row}, {column}] is {matrix[row, column]}; it must lie between 0 and 1.")
    matrix.setflags(write=False)
    return matrix


def _whole(entry):
    """The entry as an int; None where it is no whole number."""
    try:
        number = int(entry)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number == entry else None


def _row(row, n, name):
    number = _whole(row)
    if number is None or not 0 <= number < n:
        raise InvalidProblem(f"{name} names row {row}; there are {n} learners.")
    return number


def _previous(previous, n):
    groups = np.full(n, NO_GROUP) if previous is None else np.array(previous)
    if groups.shape != (n,) or groups.dtype.kind not in "iu" or (groups < OWN).any():
        raise InvalidProblem(f"previous must hold a group index, NO_GROUP or OWN for each of {n} learners.")
    groups = groups.astype(int)
    groups.setflags(write=False)
    return groups


def _pairs(pairs, n, name):
    found = set()
    for pair in pairs:
        rows = sorted(_row(row, n, name) for row in pair)
        if len(rows) != 2:
            raise InvalidProblem(f"{name} holds {pair}; it must hold pairs of rows.")
        first, second = rows
        if first == second:
            raise InvalidProblem(f"{name} pairs row {first} with itself.")
        found.add((first, second))
    return tuple(sorted(found))


def _pins(pinned, n, k):
    pins = {}
    for row, group in pinned.items():
        number = _whole(group)
        if number is None or not (number == OWN or 0 <= number < k):
            raise InvalidProblem(f"Row {row} is pinned to group {group}; there are groups 0 to {k - 1}, and OWN.")
        pins[_row(row, n, "pinned")] = number
    return pins


def _topics(topics, k, m):
    settled = {}
    for group, column in topics.items():
        number, topic = _whole(group), _whole(column)
        if number is None or topic is None or not (0 <= number < k and 0 <= topic < m):
            raise InvalidProblem(f"topics gives group {group} column {column}; there are {k} groups, {m} standards.")
        settled[number] = topic
    return settled


def _keys(keys, n):
    names = tuple(keys) or tuple(range(n))
    if len(names) != n or len(set(names)) != n:
        raise InvalidProblem(f"keys must name each of the {n} learners once.")
    return names
