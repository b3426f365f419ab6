"""The bench of groups: what is compared gets the same sections, and each way its rows."""

import numpy as np
import pytest

from assessments.grouping import OWN, Problem, weigh
from bench import rivals
from bench.grouping import measure, ways
from bench.sections import Quiz, Section


def section(seed, n=12, skills=3):
    chance = np.random.default_rng(seed)
    learners = tuple(
        tuple(Quiz(int(chance.integers(skills)), int(chance.integers(6)) / 5, 5, float(day)) for day in range(4))
        for _ in range(n)
    )
    return Section(learners, tuple(range(skills)), ((0, 1),), 3)


def two_kinds(**wishes):
    p = np.repeat([[0.1, 0.9], [0.9, 0.1]], 4, axis=0)
    return Problem(p=p, value=1 - p, **{"k": 2, "lo": 3, "hi": 5, **wishes})


@pytest.fixture(scope="module")
def measured():
    return {row["name"].removeprefix("grouping."): row for row in measure([section(1), section(2)], "two made up")}


def test_every_way_has_the_same_rows(measured):
    plain = {"plain_sum_of_value", "plain_at_optimum", "plain_shortfall", "plain_ms"}
    wishes = {f"{case}_{what}" for case in ("soft", "full") for what in ("kept", "moved", "ms")}
    for way in ways():
        assert {f"{name}{way}" for name in plain | wishes} <= measured.keys()


def test_suggestion_keeps_every_wish_and_no_way_is_above_the_proven_optimum(measured):
    assert measured["wishes_broken"] == {
        "name": "grouping.wishes_broken",
        "size": "two made up",
        "value": 0.0,
        "unit": "share of sections",
        "limit": 0.0,
        "ratio": 0.0,
    }
    best = measured["plain_sum_of_value"]["value"]
    for way in ways():
        assert measured[f"plain_sum_of_value{way}"]["value"] <= best + 1e-9
        assert measured[f"plain_shortfall{way}"]["value"] >= 0


def test_greedy_groups_find_two_kinds_of_learners():
    found = weigh(two_kinds(), rivals.greedy(two_kinds()))
    assert sorted([found.members(0), found.members(1)]) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert found.broken == ()


@pytest.mark.skipif(rivals.KMeansConstrained is None, reason="k-means-constrained is not installed (bench.txt)")
def test_k_means_is_compared_under_the_numbers_of_the_groups_before():
    assert "_kmeans" in ways()
    problem = two_kinds(previous=np.array([1, 1, 1, 0, 0, 0, 0, OWN]))
    found = weigh(problem, rivals.k_means(problem))
    assert (found.members(1), found.members(0)) == ([0, 1, 2, 3], [4, 5, 6, 7])
    assert (found.moved, found.broken) == ((3, 7), ())
