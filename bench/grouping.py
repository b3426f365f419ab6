"""How good, how steady and how fast the suggested groups are, on sections of real learners, beside other ways.

Shortfalls are shares of a reference: plain problems against the optimum that HiGHS proves, problems with
wishes against the same search continued by 20 seeded kicks. Greedy grouping (`_greedy`) and k-means-constrained
(`_kmeans`, where it is installed) are given the same problems in the same run: plain, soft (the groups before and
readiness alike count) and full (three pairs apart, one together, one pin on top of that).
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from assessments.grouping import Problem, Suggestion, suggest_groups, weigh
from bench import rivals
from bench.sections import available, draw_sections, problem_of

KICKS = 20
REFERENCE = {"plain": "share of the optimum", "soft": "share of 20 kicks", "full": "share of 20 kicks"}
AT_OPTIMUM = 1e-6  # a shortfall below it is rounding


def ways() -> dict[str, Callable[[Problem], Suggestion]]:
    """What is compared, by the end of its rows' names; "" is the suggestion itself."""
    found = {"": suggest_groups, "_greedy": lambda problem: weigh(problem, rivals.greedy(problem))}
    if rivals.KMeansConstrained:
        found["_kmeans"] = lambda problem: weigh(problem, rivals.k_means(problem))
    return found


def rows(small):
    """Yield one row for each measure and data set; nothing, with a message, where the data are absent."""
    names = available()
    if not names:
        print("grouping: skipped, no response data under ../shared/data/responses", file=sys.stderr)
    elif not rivals.KMeansConstrained:
        print(
            "grouping: no rows for k-means-constrained, it is not installed (requirements/bench.txt)", file=sys.stderr
        )
    for name in names:
        sections = draw_sections(name, count=6 if small else 40, seed=2026)
        yield from measure(sections, f"{len(sections)} sections of 20 to 35, {name.split('_')[0]}")


def measure(sections, size):
    """Rows of these sections; size says in words what they are."""
    found = defaultdict(list)
    for index, section in enumerate(sections):
        plain, soft, full = _problems(section, found, np.random.default_rng(index))
        _compare("plain", plain, plain_optimum(plain), found)
        for case, problem in (("soft", soft), ("full", full)):
            _compare(case, problem, suggest_groups(problem, kicks=KICKS, seed=1).total, found)
    with_wishes = found["soft_shortfall"] + found["full_shortfall"]
    milliseconds = found["plain_ms"] + found["soft_ms"] + found["full_ms"]
    table = [
        ("plain_shortfall", max(0.0, np.mean(found["plain_shortfall"])), "share of the optimum", 0.001),
        ("plain_shortfall_max", np.max(found["plain_shortfall"]), "share of the optimum", 0.01),
        ("wishes_shortfall", np.mean(with_wishes), "share of 20 kicks", 0.005),
        ("wishes_shortfall_max", np.max(with_wishes), "share of 20 kicks", 0.02),
        ("wishes_broken", 1 - np.mean(found["soft_kept"] + found["full_kept"]), "share of sections", 0.0),
        ("moved_after_one_quiz", np.mean(found["moved_after_one_quiz"]), "share of learners", 0.25),
        ("median_ms", np.median(milliseconds), "ms", 60),
        ("p95_ms", np.percentile(milliseconds, 95), "ms", 200),
    ]
    for way in ways():
        table += _table_of(way, found)
    for measured, value, unit, limit in table:
        yield _row(f"grouping.{measured}", size, float(value), unit, limit)


def _row(name, size, value, unit, limit):
    ratio = None if limit is None else value / limit if limit else (1 + value if value else 0.0)
    return {
        "name": name,
        "size": size,
        "value": round(value, 5),
        "unit": unit,
        "limit": limit,
        "ratio": None if ratio is None else round(ratio, 3),
    }


def _table_of(way, found):
    """The rows that every way has. Shortfalls with wishes are of the sections in which it kept them all."""
    yield f"plain_sum_of_value{way}", np.mean(found[f"plain_total{way}"]), "V a section", None
    at_optimum = np.array(found[f"plain_shortfall{way}"]) < AT_OPTIMUM
    yield f"plain_at_optimum{way}", np.mean(at_optimum), "share of sections", None
    for case in ("plain", "soft", "full"):
        if found[f"{case}_shortfall{way}"] and (case, way) != ("plain", ""):  # that one has a limit, above
            yield f"{case}_shortfall{way}", np.mean(found[f"{case}_shortfall{way}"]), REFERENCE[case], None
        if case != "plain":
            yield f"{case}_kept{way}", np.mean(found[f"{case}_kept{way}"]), "share of sections", None
            yield f"{case}_moved{way}", np.mean(found[f"{case}_moved{way}"]), "share of learners", None
        yield f"{case}_ms{way}", np.median(found[f"{case}_ms{way}"]), "ms", None


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


def _problems(section, found, rng):
    """Plain, soft and full, as the module says; the groups before are of the first 60 % of each learner's quizzes."""
    before = suggest_groups(problem_of(section, keep=_all_but_last))
    today = problem_of(section, previous=before.assignment)
    found["moved_after_one_quiz"].append(_moved(suggest_groups(today)))

    early = suggest_groups(problem_of(section, keep=lambda quizzes: quizzes[: max(1, len(quizzes) * 3 // 5)]))
    soft = replace(today, previous=early.assignment)
    named = rng.choice(len(today.p), 8, replace=False).tolist()
    full = replace(
        soft,
        apart=[tuple(named[0:2]), tuple(named[2:4]), tuple(named[4:6])],
        together=[tuple(named[6:8])],
        pinned={named[0]: int(rng.integers(section.k))},
    )
    return problem_of(section, mu=0, sigma=0), soft, full


def _compare(case, problem, best, found):
    for way, group in ways().items():
        started = time.perf_counter()
        suggestion = group(problem)
        found[f"{case}_ms{way}"].append(1000 * (time.perf_counter() - started))
        found[f"{case}_total{way}"].append(suggestion.total)
        found[f"{case}_kept{way}"].append(not suggestion.broken)
        if not suggestion.broken:
            found[f"{case}_shortfall{way}"].append(1 - suggestion.total / best)
        if case != "plain":
            found[f"{case}_moved{way}"].append(_moved(suggestion))


def _all_but_last(quizzes):
    return quizzes[:-1] or quizzes


def _moved(suggestion):
    before = len(suggestion.moved) + len(suggestion.stayed)
    return len(suggestion.moved) / before
