"""One absence strands nobody: when somebody is away, sizes give way before anybody is refused a place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .conflict import possible_columns
from .problem import Problem
from .units import make_units


@dataclass(frozen=True)
class Eased:
    """A problem that can be met today, the labels of its groups, and what was eased for it.

    labels: index in the teacher's numbering of each group of `problem`; a number left out rests today.
        Empty where everybody present works on their own path; `problem` is then the one that was given.
    eased: (code, facts) pairs: "at_least" (from, to), "groups" (from, to), "mixed" (nothing).
    """

    problem: Problem
    labels: tuple[int, ...]
    eased: tuple[tuple[str, dict], ...] = ()


def ease_for_absence(problem):
    """The least easing under which those present can be placed, or None where absence is not the cause.

    Tried in this order: smaller groups (not below 2), then also fewer groups, then mixed readiness rests,
    and only at the very last a learner alone. Wishes about people are never eased.
    """
    if not problem.absent or possible_columns(make_units(replace(problem, absent=()))) is None:
        return None
    for candidate in _easings(problem):
        used = candidate.problem
        if used.k * used.lo <= len(used.present) and possible_columns(make_units(used)) is not None:
            return candidate
    if make_units(problem).allowed[:, -1].all():
        return Eased(problem, (), (("groups", {"from": problem.k, "to": 0}),))
    return None


def _easings(problem) -> Iterator[Eased]:
    held = {group for row, group in problem.pinned.items() if row not in problem.absent}
    now = problem.previous[problem.present]
    members = np.bincount(now[now >= 0], minlength=problem.k)
    # Groups without a pin can rest: first those that fewest sit in now, later numbers before earlier.
    may_rest = sorted((g for g in range(problem.k) if g not in held), key=lambda g: (members[g], -g))
    floor = min(problem.lo, 2)
    small_enough = [*range(problem.lo, floor - 1, -1)]
    for mixed in (True, False) if problem.mixed else (False,):
        for sizes in (small_enough, [1] if floor > 1 else []):
            for resting in range(min(len(may_rest), problem.k - 1) + 1):
                for lo in sizes:
                    yield _eased(problem, frozenset(may_rest[:resting]), lo, mixed)


def _eased(problem, resting, lo, mixed):
    labels = tuple(group for group in range(problem.k) if group not in resting)
    new = {old: index for index, old in enumerate(labels)}
    previous = np.array([new.get(g, -1) if g >= 0 else g for g in problem.previous.tolist()])
    pinned = {row: new.get(g, g) for row, g in problem.pinned.items() if row not in problem.absent}
    said = []
    if lo != problem.lo:
        said.append(("at_least", {"from": problem.lo, "to": lo}))
    if resting:
        said.append(("groups", {"from": problem.k, "to": len(labels)}))
    if mixed != problem.mixed:
        said.append(("mixed", {}))
    topics = {new[group]: topic for group, topic in problem.topics.items() if group in new}
    used = replace(problem, k=len(labels), lo=lo, mixed=mixed, previous=previous, topics=topics, pinned=pinned)
    return Eased(used, labels, tuple(said))
