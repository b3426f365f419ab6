"""The mastery engine in memory, on one core: a district's results through the tree and through every simple method.

The control is the tree's plain form, `tree.replay_learner`: the same rows in, the same state out, one result at a time,
interleaved with the vectorised rounds. Seconds are of the processor, so that a busy machine counts for both alike.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from assessments.mastery.events import History, history
from assessments.mastery.methods import METHODS, Parameters, values_by_pair
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.segments import starts_of
from assessments.mastery.tree import replay_learner
from assessments.mastery.tree_replay import replay

STANDARDS, DOMAINS, RESULTS_EACH = 60, 8, 100
ROUNDS = 3
LEARNERS_A_CALL = 10_000
"""A district goes through the engine in calls of this many learners, so that memory stays small."""
PLAIN_LEARNERS = 100


def rows(*, small: bool) -> Iterator[dict]:
    """Results a second; the tree against its plain loop."""
    learners = 5_000 if small else 100_000
    calls = [made(min(LEARNERS_A_CALL, learners - at), seed=at) for at in range(0, learners, LEARNERS_A_CALL)]
    results = sum(len(call) for call in calls)
    size = f"{results} results of {learners} learners x {STANDARDS} standards"
    plain_rows = [call.take(slice(0, int(np.searchsorted(call.learner, PLAIN_LEARNERS)))) for call in calls]
    plain_results = sum(len(rows) for rows in plain_rows)
    taken: dict[str, list[float]] = {"tree": [], "plain": []}
    for _ in range(ROUNDS):
        # In turn, so that a processor that slows down slows both.
        one_by_one = at_once = 0.0
        for call, some in zip(calls, plain_rows, strict=True):
            one_by_one += seconds(lambda some=some: plain_tree(some))
            at_once += seconds(lambda call=call: replay(call, scale=DEFAULT_SCALE))
        taken["plain"].append(one_by_one / plain_results)
        taken["tree"].append(at_once / results)
    tree, plain = (statistics.median(taken[name]) for name in ("tree", "plain"))
    yield row("engine.tree", size, 1 / tree, "at least 3000000 a second", 3e6 * tree)
    said = f"at least 30 times the plain loop, {1 / plain:.0f} a second"
    yield row("engine.tree_times", size, plain / tree, said, 30 * tree / plain, unit="times")
    for name in sorted(METHODS):
        limit = 5e6 if name in ("decaying", "latest", "highest", "mean", "weighted") else None
        each = statistics.median(seconds_by_pair(name, calls) for _ in range(ROUNDS)) / results
        yield row(f"engine.{name}", size, 1 / each, limit and "at least 5000000 a second", limit and limit * each)


def made(learners: int, *, seed: int) -> History:
    """Results of so many learners, about a hundred each in the order of a year, on standards drawn at random."""
    rng = np.random.default_rng(seed)
    many = rng.integers(RESULTS_EACH - 20, RESULTS_EACH + 21, learners)
    size = int(many.sum())
    standard = rng.integers(0, STANDARDS, size)
    day = np.sort(rng.integers(0, 180, size).astype(float) + 200 * np.repeat(np.arange(learners), many)) % 200
    return history(
        learner=np.repeat(np.arange(learners), many),
        standard=standard,
        ts=day,
        points=rng.integers(1, 5, size).astype(float),
        weight=2.0,
        domain=1000 + standard % DOMAINS,
    )


def plain_tree(rows: History) -> None:
    edges = np.flatnonzero(np.diff(rows.learner)) + 1
    for members in np.split(np.arange(len(rows)), edges):
        replay_learner(rows.take(members), scale=DEFAULT_SCALE)


def seconds_by_pair(name: str, calls: list[History]) -> float:
    """Of the method's form by pair alone; results are sorted by pair before the clock starts."""
    parameters = Parameters.on(DEFAULT_SCALE)
    total = 0.0
    for call in calls:
        order = np.lexsort((call.standard, call.learner))
        pair = call.learner[order] * STANDARDS + call.standard[order]
        starts = starts_of(np.unique(pair, return_counts=True)[1])
        points, weights = call.points[order], call.weight[order]
        total += seconds(
            lambda points=points, weights=weights, starts=starts: values_by_pair(
                METHODS[name], points, weights, starts, parameters
            )
        )
    return total


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def row(name: str, size: str, value: float, limit: str | None, ratio: float | None, unit: str = "results/s") -> dict:
    return {
        "name": name,
        "size": size,
        "value": round(value, 1),
        "unit": unit,
        "limit": limit,
        "ratio": None if ratio is None else round(ratio, 3),
    }
