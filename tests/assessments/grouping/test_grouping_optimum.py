"""The suggestion against proven optima: HiGHS in the plain case, every assignment in small ones."""

from dataclasses import replace

import numpy as np
import pytest

from assessments.grouping import NO_GROUP, Conflict, Problem, suggest_groups, topic_values
from bench.grouping import plain_optimum
from tests.assessments.grouping.problems import all_assignments, objective


def section(seed, n, m, k, **wishes):
    rng = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-(rng.normal(0, 1, (n, 1)) + rng.normal(0, 0.8, (n, m)))))
    p = p.clip(0.01, 0.99)
    value = topic_values(p, [(s - 1, s) for s in range(1, m) if s % 2], topics=m)
    return Problem(p=p, value=value, k=k, **wishes)


@pytest.mark.parametrize("seed", range(20))
def test_plain_suggestion_is_the_proven_optimum(seed):
    problem = section(seed, 20 + seed % 10, 4 + seed % 4, 5, lo=3, hi=6, mu=0, sigma=0)
    assert suggest_groups(problem).total >= 0.999 * plain_optimum(problem)


@pytest.mark.parametrize("seed", range(20))
def test_plain_optimum_is_what_trying_everything_finds(seed):
    problem = section(seed, 6, 3, 2, lo=1 + seed % 3, hi=4, mu=0, sigma=0, own_path=seed % 2 == 0)
    best = max(objective(problem, places) for places in all_assignments(problem))
    assert plain_optimum(problem) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_suggestion_with_wishes_is_near_the_best_of_all(seed):
    problem = section(
        seed,
        7,
        3,
        3 if seed % 3 else 2,
        lo=1,
        hi=4,
        previous=np.arange(7) % 3 - (seed % 2),
        apart=[(0, 1), (2, 3)],
        together=[(4, 5)],
        pinned={6: 0},
        mixed=seed % 5 == 4,
    )
    found = [objective(problem, places) for places in all_assignments(problem)]
    if not found:
        with pytest.raises(Conflict):
            suggest_groups(problem)
        return
    assert suggest_groups(problem, kicks=20).total == pytest.approx(max(found), abs=1e-9)
    assert suggest_groups(problem).total >= max(found) - 0.02 * abs(max(found))


def test_suggestion_moves_few_when_needs_changed_little():
    first = section(3, 28, 5, 6, lo=3, hi=6)
    before = suggest_groups(first).assignment
    shift = np.random.default_rng(4).normal(0, 0.03, first.p.shape)
    p = (first.p + shift).clip(0.01, 0.99)
    later = replace(first, p=p, value=topic_values(p, [(0, 1), (2, 3)], topics=5), previous=before)
    found = suggest_groups(later)
    assert not (found.assignment == NO_GROUP).any()
    assert len(found.moved) <= 7


def test_suggestion_gives_two_groups_one_topic_where_most_need_it():
    p = np.column_stack([np.full(12, 0.1), np.full(12, 0.95)])
    found = suggest_groups(Problem(p=p, value=1 - p, k=2, lo=4, hi=6))
    assert found.foci.tolist() == [0, 0]


def test_suggestion_leaves_whom_nothing_is_left_to_teach_on_their_own_path():
    p = np.vstack([np.full((8, 2), 0.2), np.full((2, 2), 0.97)])
    found = suggest_groups(Problem(p=p, value=1 - p, k=2, lo=3, hi=5))
    assert found.members(-2) == [8, 9]
    p[8:] = 0.3
    assert suggest_groups(Problem(p=p, value=1 - p, k=2, lo=3, hi=5)).members(-2) == []
