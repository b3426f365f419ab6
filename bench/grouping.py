"""How good, how steady and how fast the suggested groups are, on sections of real learners.

Shortfalls are shares of a reference: plain problems against the optimum that HiGHS proves, problems with
wishes against the same search continued by 20 seeded kicks. Greedy grouping is measured in the same run.
k-means-constrained is not among the dependencies, so that comparison is not made here.
"""

import sys
import time
from collections import defaultdict
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from assessments.grouping import suggest_groups
from assessments.grouping.place import worth
from assessments.grouping.start import fill, greedy_groups
from assessments.grouping.units import make_units, score
from bench.sections import available, draw_sections, problem_of

KICKS = 20


def rows(small):
    """Yield one row for each measure and data set; nothing, with a message, where the data are absent."""
    names = available()
    if not names:
        print("grouping: skipped, no response data under ../shared/data/responses", file=sys.stderr)
    for name in names:
        yield from measure(name, sections=6 if small else 40)


def measure(name, *, sections):
    found = defaultdict(list)
    for index, section in enumerate(draw_sections(name, count=sections, seed=2026)):
        _plain(section, found)
        _with_wishes(section, found, np.random.default_rng(index))
    size = f"{sections} sections of 20 to 35, {name.split('_')[0]}"
    milliseconds = 1000 * np.array(found["seconds"])
    moved = found["moved_after_one_quiz"]
    table = [
        ("plain_shortfall", np.mean(found["plain"]), "share of the optimum", 0.001),
        ("plain_shortfall_max", np.max(found["plain"]), "share of the optimum", 0.01),
        ("plain_shortfall_greedy", np.mean(found["plain_greedy"]), "share of the optimum", None),
        ("wishes_shortfall", np.mean(found["wishes"]), "share of 20 kicks", 0.005),
        ("wishes_shortfall_max", np.max(found["wishes"]), "share of 20 kicks", 0.02),
        ("wishes_shortfall_greedy", np.mean(found["wishes_greedy"]), "share of 20 kicks", None),
        ("wishes_broken_greedy", np.mean(found["greedy_broken"]), "share of sections", None),
        ("wishes_broken", np.mean(found["broken"]), "share of sections", 0.0),
        ("moved_after_one_quiz", np.mean(moved), "share of learners", 0.25),
        ("moved_after_40_percent_more", np.mean(found["moved_later"]), "share of learners", None),
        ("median_ms", np.median(milliseconds), "ms", 60),
        ("p95_ms", np.percentile(milliseconds, 95), "ms", 200),
    ]
    for measured, value, unit, limit in table:
        yield {
            "name": f"grouping.{measured}",
            "size": size,
            "value": round(float(value), 5),
            "unit": unit,
            "limit": limit,
            "ratio": round(float(value) / limit, 3) if limit else None,
        }


def plain_optimum(problem):
    """The largest sum of V that any groups within the sizes reach: proven, by HiGHS.

    Groups with one topic are alike, so it decides how many groups each topic gets and who learns it:
    x[u, s] (who), c[s] whole (how many), lo c[s] <= sum_u x[u, s] <= hi c[s], sum c = k. No other wish is read.
    """
    n, m = problem.value.shape
    worth = np.column_stack([problem.value, problem.own_value])
    who = np.arange(n * (m + 1)).reshape(n, m + 1)
    count = n * (m + 1) + np.arange(m)
    upper = np.concatenate([np.ones(n * (m + 1)), np.full(m, problem.k)])
    upper[who[:, m]] = float(problem.own_path)
    constraints, low, high = [], [], []

    def require(entries, least, most):
        row = np.zeros(len(upper))
        for columns, weight in entries:
            row[columns] = weight
        constraints.append(row)
        low.append(least)
        high.append(most)

    for row in range(n):
        require([(who[row], 1)], 1, 1)
    for topic in range(m):
        require([(who[:, topic], 1), (count[topic], -problem.lo)], 0, np.inf)
        require([(who[:, topic], 1), (count[topic], -problem.hi)], -np.inf, 0)
    require([(count, 1)], problem.k, problem.k)
    answer = milp(
        -np.concatenate([worth.ravel(), np.zeros(m)]),
        integrality=np.ones(len(upper)),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(np.array(constraints), low, high),
        options={"mip_rel_gap": 0},
    )
    if answer.status != 0:
        raise ValueError(f"No proven optimum: {answer.message}")
    return -answer.fun


def _plain(section, found):
    problem = problem_of(section, mu=0, sigma=0)
    best = plain_optimum(problem)
    found["plain"].append(max(0.0, 1 - _timed(problem, found).total / best))
    found["plain_greedy"].append(1 - _greedy(problem).total / best)


def _with_wishes(section, found, rng):
    before = suggest_groups(problem_of(section, keep=_all_but_last))
    today = problem_of(section, previous=before.assignment)
    found["moved_after_one_quiz"].append(_moved(suggest_groups(today)))

    early = suggest_groups(problem_of(section, keep=lambda quizzes: quizzes[: max(1, len(quizzes) * 3 // 5)]))
    n = len(today.p)
    rows_named = rng.choice(n, 8, replace=False).tolist()
    later = replace(today, previous=early.assignment)
    found["moved_later"].append(_moved(suggest_groups(later)))
    full = replace(
        later,
        apart=[tuple(rows_named[0:2]), tuple(rows_named[2:4]), tuple(rows_named[4:6])],
        together=[tuple(rows_named[6:8])],
        pinned={rows_named[0]: int(rng.integers(section.k))},
    )
    for problem in (later, full):
        suggestion = _timed(problem, found)
        long = suggest_groups(problem, kicks=KICKS, seed=1).total
        found["wishes"].append(1 - suggestion.total / long)
        found["broken"].append(bool(suggestion.broken))
        greedy = _greedy(problem)
        found["wishes_greedy"].append(1 - greedy.total / long)
        found["greedy_broken"].append(greedy.broken > 0)


def _all_but_last(quizzes):
    return quizzes[:-1] or quizzes


def _timed(problem, found):
    started = time.perf_counter()
    suggestion = suggest_groups(problem)
    found["seconds"].append(time.perf_counter() - started)
    return suggestion


def _greedy(problem):
    """Topics by coverage, then learner by learner the place that adds most and still has room."""
    units = make_units(problem)
    topics, _ = greedy_groups(units)
    nobody_yet = np.full(len(units.size), -1)
    return score(units, fill(units, nobody_yet, worth(units, topics)))


def _moved(suggestion):
    before = len(suggestion.moved) + len(suggestion.stayed)
    return len(suggestion.moved) / before
