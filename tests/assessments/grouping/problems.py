"""Problems to try the solver on, and a second, naive reading of the rules to hold it against."""

import itertools
import os
from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assessments.grouping import NO_GROUP, OWN, Problem, topic_values

laws = settings(
    max_examples=10_000 if os.environ.get("LRM_LAWS") else 300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def dealt(draw):
    """What one drawn number deals to every learner: a draw for each of them costs more than the solver itself."""
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1)))


# A strategy that is made anew for each example is looked through anew, which costs more than drawing from it.
@cache
def chances(n, m):
    return arrays(float, (n, m), elements=st.floats(0.01, 0.99, allow_subnormal=False))


@cache
def some_columns(m):
    return st.lists(st.sampled_from([(q, s) for s in range(m) for q in range(s)]), max_size=3)


@cache
def some_pairs(n, most):
    return st.lists(st.sampled_from([(a, b) for a in range(n) for b in range(n) if a != b]), max_size=most)


@cache
def some_rows(n, most):
    return st.sets(st.integers(0, n - 1), max_size=most)


@cache
def wished_topics(k, m):
    return st.dictionaries(st.integers(0, k - 1), st.integers(0, m - 1), max_size=2)


@cache
def pins(n, k):
    """Of two rows at most: on an own path, or in one of k groups."""
    return st.dictionaries(st.integers(0, n - 1), st.one_of(st.just(OWN), st.integers(0, k - 1)), max_size=2)


MU, SIGMA = st.sampled_from([0.0, 0.05, 0.5]), st.sampled_from([0.0, 0.3])
MIXED = st.sampled_from([False, False, False, True])


@st.composite
def needs(draw, n):
    """p, value and keys of n learners on up to four standards."""
    m = draw(st.integers(1, 4))
    p = draw(chances(n, m))
    prerequisites = draw(some_columns(m)) if m > 1 else []
    keys = (100 + dealt(draw).permutation(n)).tolist()
    return {"p": p, "value": topic_values(p, prerequisites, topics=m), "keys": keys}


@st.composite
def soft_wishes(draw, n, k, m):
    return {
        "topics": draw(wished_topics(k, m)),
        "previous": dealt(draw).integers(OWN, k, size=n, endpoint=True),
        "mu": draw(MU),
        "sigma": draw(SIGMA),
    }


@st.composite
def problems(draw, *, most=12, most_groups=4):
    """Any small problem, with a solution or without."""
    n, lo = draw(st.integers(1, most)), draw(st.integers(1, 3))
    k = draw(st.integers(1, min(most_groups, n // lo + 1)))
    needed = draw(needs(n))
    return Problem(
        **needed,
        **draw(soft_wishes(n, k, needed["p"].shape[1])),
        k=k,
        lo=lo,
        hi=max(1, lo, -(-n // k)) + draw(st.integers(-1, 3)) or 1,
        own_path=draw(st.booleans()),
        apart=draw(some_pairs(n, 3)) if n > 1 else [],
        together=draw(some_pairs(n, 2)) if n > 1 else [],
        pinned=draw(pins(n, k)),
        absent=draw(some_rows(n, min(2, n - 1))),
        mixed=draw(MIXED),
    )


@st.composite
def solvable_problems(draw, *, most=12, most_groups=4):
    """A problem made around a hidden answer, so that it has one; nobody is absent."""
    n = draw(st.integers(1, most))
    k = draw(st.integers(1, min(most_groups, n)))
    rest = dealt(draw).integers(-1, k, size=n - k).tolist()
    places = [*range(k), *(OWN if place < 0 else place for place in rest)]
    sizes = [places.count(group) for group in range(k)]
    pairs = [(a, b) for b in range(n) for a in range(b)]
    equal = [(a, b) for a, b in pairs if places[a] == places[b]]
    apart = [(a, b) for a, b in pairs if places[a] != places[b]]
    some = lambda those, size: draw(st.lists(st.sampled_from(those), max_size=size)) if those else []
    pinned_rows = draw(some_rows(n, 2))
    needed = draw(needs(n))
    problem = Problem(
        **needed,
        **draw(soft_wishes(n, k, needed["p"].shape[1])),
        k=k,
        lo=draw(st.integers(1, min(sizes))),
        hi=max(sizes) + draw(st.integers(0, 2)),
        own_path=OWN in places or draw(st.booleans()),
        apart=some(apart, 4),
        together=some(equal, 2),
        pinned={row: places[row] for row in pinned_rows},
    )
    mixed = replace(problem, mixed=True)
    return mixed if not broken(mixed, places) and draw(st.booleans()) else problem


def broken(problem, assignment, *, sizes=True):
    """Words for every hard wish that an assignment breaks, read straight off the rules."""
    found, here = [], [row for row in range(len(problem.p)) if row not in problem.absent]
    for row in range(len(problem.p)):
        place = assignment[row]
        if (place == NO_GROUP) != (row in problem.absent):
            found.append(f"{row} is placed at {place}")
        if place == OWN and not problem.own_path:
            found.append(f"{row} is on an own path")
    for group in range(problem.k):
        size = sum(assignment[row] == group for row in here)
        if size > problem.hi or (sizes and size < problem.lo):
            found.append(f"group {group} has {size}")
    awake = lambda *rows: not problem.absent.intersection(rows)
    joined = linked_sets([pair for pair in problem.together if awake(*pair)])
    linked = lambda a, b: any(a in chain and b in chain for chain in joined)
    found += [
        f"{a} and {b} are in one group"
        for a, b in problem.apart
        if awake(a, b) and (assignment[a] == assignment[b] != OWN or linked(a, b))
    ]
    found += [f"{a} and {b} are split" for a, b in problem.together if awake(a, b) and assignment[a] != assignment[b]]
    found += [f"{r} is not at {g}" for r, g in problem.pinned.items() if awake(r) and assignment[r] != g]
    if problem.mixed and sizes:
        ranked = sorted(here, key=lambda r: (problem.p[r].mean(), problem.keys[r]))
        for group in range(problem.k):
            halves = {2 * (at + 1) <= len(here) for at, r in enumerate(ranked) if assignment[r] == group}
            if halves != {True, False}:
                found.append(f"group {group} is not mixed")
    return found


def linked_sets(pairs):
    """Sets of rows that pairs link, by flooding."""
    found = []
    for start in sorted({row for pair in pairs for row in pair}):
        if not any(start in chain for chain in found):
            chain, grown = {start}, True
            while grown:
                more = {row for pair in pairs if chain & set(pair) for row in pair} - chain
                chain, grown = chain | more, bool(more)
            found.append(chain)
    return found


def objective(problem, assignment):
    """J, summed learner by learner."""
    total = 0.0
    for group in range(problem.k):
        rows = [row for row in range(len(problem.p)) if assignment[row] == group]
        if rows:
            topics = [problem.topics[group]] if group in problem.topics else range(problem.p.shape[1])
            total += max(sum(problem.value[row, s] for row in rows) for s in topics)
            readiness = [problem.p[row].mean() for row in rows]
            total -= 0 if problem.mixed else problem.sigma * (max(readiness) - min(readiness))
    for row, place in enumerate(assignment):
        total += problem.p[row].prod() if place == OWN else 0
        total += problem.mu if place != NO_GROUP and place == problem.previous[row] else 0
    return total


def all_assignments(problem):
    """Every assignment that breaks nothing, one at a time; pins, own path and sizes are looked at before words are."""
    everywhere = {OWN, *range(problem.k)} if problem.own_path else set(range(problem.k))
    places = [
        [NO_GROUP]
        if row in problem.absent
        else sorted(everywhere & {problem.pinned.get(row, place) for place in everywhere})
        for row in range(len(problem.p))
    ]
    fits = lambda found: all(problem.lo <= found.count(group) <= problem.hi for group in range(problem.k))
    return (found for found in itertools.product(*places) if fits(found) and not broken(problem, found))


def with_wishes(problem, wishes):
    """The same problem with only these wishes: what is dropped is relaxed as far as it goes."""
    kinds = {wish.kind for wish in wishes}
    return _Relaxed(problem, wishes, kinds)


class _Relaxed:
    """Duck-typed problem for `broken`, since a Problem refuses a smallest size of 0."""

    def __init__(self, problem, wishes, kinds):
        self.p, self.keys, self.k, self.absent = problem.p, problem.keys, problem.k, problem.absent
        self.lo = problem.lo if "at_least" in kinds else 0
        self.hi = problem.hi if "at_most" in kinds else len(problem.p)
        self.own_path, self.mixed = "own_path_off" not in kinds, "mixed" in kinds
        self.apart = [wish.rows for wish in wishes if wish.kind == "apart"]
        self.together = [wish.rows for wish in wishes if wish.kind == "together"]
        self.pinned = {wish.rows[0]: wish.group for wish in wishes if wish.kind == "pin"}


def reordered(problem, order):
    """The same section with its rows in another order; order[i] is the old row at new row i."""
    at = {old: new for new, old in enumerate(order)}
    return replace(
        problem,
        p=problem.p[order],
        value=problem.value[order],
        previous=problem.previous[order],
        apart=[(at[a], at[b]) for a, b in problem.apart],
        together=[(at[b], at[a]) for a, b in reversed(problem.together)],
        pinned={at[row]: group for row, group in reversed(problem.pinned.items())},
        absent=[at[row] for row in problem.absent],
        keys=[problem.keys[row] for row in order],
    )
