"""A guard against groups that become tracks: who stays in the group with the most to learn, and whom a group mirrors.

Lasting low groups widen gaps (engine specification, part 4.3). Both findings are questions to a teacher, never facts
about a child.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import comb

import numpy as np

from .problem import NO_GROUP, Problem
from .suggestion import Suggestion, weigh

TIMES = 3
LONGEST = timedelta(weeks=6)
BEYOND_CHANCE = 0.01
"""How likely at most, over all groups and subgroups together, a split by chance alone would be as lopsided."""
LEAST_ODDS = 3.0
"""In a large count a small difference is beyond chance too; at least so many times the odds are worth a thought."""


@dataclass(frozen=True)
class Round:
    """Groups that ran side by side. lowest: who was in the one with the most to learn; elsewhere: in another place.

    Who is in neither was away, which changes nothing. last_day counts.
    """

    first_day: date
    last_day: date
    lowest: frozenset
    elsewhere: frozenset


@dataclass(frozen=True)
class Stay:
    """A learner's unbroken stay in the group with the most to learn: over how many rounds, and how long together."""

    times: int
    spent: timedelta

    @property
    def is_long(self) -> bool:
        return self.times >= TIMES or self.spent > LONGEST

    def once_more(self) -> "Stay":
        return replace(self, times=self.times + 1)


NEVER = Stay(0, timedelta(0))


def lowest_group(readiness: Sequence[float | None]) -> int | None:
    """Index of the group of least mean readiness.

    readiness: of each group, None where it is not known or the group is mixed on purpose. None where fewer than two
    are known, or two share the least: then no group is the lowest.
    """
    known = sorted((value, index) for index, value in enumerate(readiness) if value is not None)
    if len(known) < 2 or known[0][0] == known[1][0]:
        return None
    return known[0][1]


def stays(rounds: Iterable[Round]) -> dict[Hashable, Stay]:
    """{learner: the stay that the newest round continues}, learners without one left out.

    rounds: oldest first. Where one begins before the last day of the one before, days are not counted twice.
    """
    found: dict[Hashable, Stay] = {}
    counted_to = date.min
    for each in rounds:
        first = max(each.first_day, counted_to + timedelta(days=1)) if counted_to > date.min else each.first_day
        spent = max(each.last_day - first + timedelta(days=1), timedelta(0))
        counted_to = max(counted_to, each.last_day)
        for learner in each.elsewhere - each.lowest:
            found.pop(learner, None)
        for learner in each.lowest:
            before = found.get(learner, NEVER)
            found[learner] = Stay(before.times + 1, before.spent + spent)
    return found


@dataclass(frozen=True)
class Elsewhere:
    """Another group for one row of a split, and its fit then, as fit / best_fit in (0, 1]."""

    group: int
    fit: float


def best_elsewhere(problem: Problem, split: Suggestion, row: int) -> Elsewhere | None:
    """The group with the best whole split in which the row could be instead; wishes about learners hold as they did.

    Its own pin may give way, and a size where no group has room: it is the teacher who decides. None: no group will do.
    """
    free = replace(problem, pinned={key: to for key, to in problem.pinned.items() if key != row})
    held = set(weigh(free, split.assignment, foci=split.foci, eased=split.eased).broken)
    best, found = (-np.inf, -np.inf), None
    for group in range(problem.k):
        if group == split.assignment[row] or split.foci[group] < 0 or split.assignment[row] == NO_GROUP:
            continue
        places = split.assignment.copy()
        places[row] = group
        tried = weigh(free, places, foci=split.foci, eased=split.eased)
        newly = [wish.kind for wish in tried.broken if wish not in held]
        worth = (-len(newly), tried.total)
        if set(newly) <= {"at_least", "at_most"} and worth > best and tried.best_fit > 0:
            best, found = worth, Elsewhere(group, tried.fit / tried.best_fit)
    return found


@dataclass(frozen=True)
class Mirror:
    """A group in which a subgroup is far beyond chance: inside of size in the group, among of everybody.

    chance: probability of so many or more by chance alone, times all that was looked at, at most 1.
    """

    group: Hashable
    field: str
    value: str
    inside: int
    size: int
    among: int
    everybody: int
    chance: float

    @property
    def usual(self) -> float:
        """How many would be in the group by chance on average."""
        return self.size * self.among / self.everybody


def mirrors(
    groups: Sequence[Hashable | None], subgroups: Mapping[str, Sequence[str | None]], *, minimum: int
) -> list[Mirror]:
    """Groups that mirror a subgroup, the least likely first, by Fisher's exact test (one-sided hypergeometric tail).

    groups: the group of each person, None for nobody's. subgroups: field -> value of each person, None for unknown;
    both are left out. minimum: a table with a cell of fewer people says nothing; 0 for readers who may know each
    person. All tables looked at count as tries (Bonferroni).
    Raises ValueError: a field that does not give a value for each person.
    """
    tables = [table for field, values in subgroups.items() for table in _tables(groups, field, values)]
    spoken = [table for table in tables if min(_cells(table)) >= minimum and _odds(table) >= LEAST_ODDS]
    found = [replace(table, chance=min(1.0, _tail(table) * len(tables))) for table in spoken]
    mirrored = [each for each in found if each.chance < BEYOND_CHANCE]
    return sorted(mirrored, key=lambda each: (each.chance, str(each.group), each.field, each.value))


def _tables(groups: Sequence, field: str, values: Sequence[str | None]) -> Iterable[Mirror]:
    if len(values) != len(groups):
        raise ValueError(f"{field} has {len(values)} values for {len(groups)} people.")
    pairs = [(group, value) for group, value in zip(groups, values, strict=True) if group is not None and value]
    everybody = len(pairs)
    for value in sorted({value for _, value in pairs}):
        among = sum(each == value for _, each in pairs)
        for group in sorted({group for group, _ in pairs}, key=str):
            size = sum(each == group for each, _ in pairs)
            if among == everybody or size == everybody:
                continue  # one subgroup, or one group: nothing to compare with
            inside = sum(pair == (group, value) for pair in pairs)
            yield Mirror(group, field, value, inside, size, among, everybody, 1.0)


def _cells(table: Mirror) -> tuple[int, int, int, int]:
    others = table.everybody - table.size - table.among + table.inside
    return table.inside, table.size - table.inside, table.among - table.inside, others


def _tail(table: Mirror) -> float:
    """P(so many or more inside) where chance alone fills the group: the hypergeometric tail, in whole numbers.

    Not by scipy.stats, which weighs more than the rest of a web process.
    """
    others, most = table.everybody - table.among, min(table.among, table.size)
    ways = sum(comb(table.among, k) * comb(others, table.size - k) for k in range(table.inside, most + 1))
    return float(Fraction(ways, comb(table.everybody, table.size)))


def _odds(table: Mirror) -> float:
    inside, rest_inside, rest_among, others = _cells(table)
    return np.inf if rest_inside * rest_among == 0 else inside * others / (rest_inside * rest_among)
