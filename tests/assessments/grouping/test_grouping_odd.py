"""Sections at the edges of what schools have: each gets a plan that keeps every wish, or a refusal that says why."""

import numpy as np
import pytest

from assessments.grouping import OWN, Conflict, InvalidProblem, Problem, counts_for, suggest_groups, topic_values
from tests.assessments.grouping.problems import broken, objective


def section(p, prerequisites=(), *, chosen=None, **wishes):
    p = np.array(p, dtype=float)
    chosen = chosen or p.shape[1]
    value = topic_values(p, prerequisites, topics=chosen)
    return Problem(p=p[:, :chosen], value=value, **{"k": 6, "lo": 4, "hi": 6, **wishes})


def drawn(n, m, seed=5):
    return np.random.default_rng(seed).uniform(0.01, 0.99, (n, m))


ALMOST_SURE = np.where(drawn(28, 4) < 0.5, 0.01, 0.99)
CHAIN = [(s - 1, s) for s in range(1, 8)]
EVERYBODY_APART = [(a, b) for b in range(8) for a in range(b)]

PLANS = {
    "all mastered": section(np.full((28, 4), 0.99)),
    "all mastered, own path off": section(np.full((28, 4), 0.99), own_path=False),
    "nobody known": section(np.full((28, 4), 0.5), CHAIN[:3]),
    "nothing known": section(np.full((28, 4), 0.01), CHAIN[:3], own_path=False),
    "only .01 and .99": section(ALMOST_SURE, CHAIN[:3]),
    "only .01 and .99, mixed": section(ALMOST_SURE, CHAIN[:3], mixed=True, previous=np.arange(28) % 6),
    "one learner": section(drawn(1, 4), k=1, lo=1),
    "one standard": section(drawn(28, 1)),
    "a chain of eight standards": section(drawn(28, 8), CHAIN),
    "a chain of eight, all at .01": section(np.full((28, 8), 0.01), CHAIN),
    "prerequisites outside the choice": section(drawn(28, 9), [(6, 0), (7, 1), (8, 5)], chosen=6),
    "forty in eights of five": section(drawn(40, 5), k=8, lo=5, hi=5, own_path=False),
    "forty, two of them on own paths": section(drawn(40, 5), k=8, hi=5, pinned={3: OWN, 9: OWN}),
    "more seats than learners, own path on": section(drawn(40, 5), k=6, hi=5),
    "a class as one group": section(drawn(28, 3), k=1, hi=28, own_path=False),
    "all groups on one settled topic": section(drawn(28, 3), topics=dict.fromkeys(range(6), 2), pinned={0: 5}),
    "one away of as many as there are seats to fill": section(drawn(24, 3), k=6, absent=[7], own_path=False),
    "all away but two": section(drawn(28, 3), absent=range(2, 28)),
    "wishes given twice": section(
        drawn(28, 3), apart=[(0, 1), (1, 0), (0, 1)], together=[(2, 3), (3, 2)], pinned={2: 1, 3: 1}
    ),
    "all eight apart, one of them on an own path": section(drawn(28, 3), k=7, lo=3, apart=EVERYBODY_APART),
    "together with everybody on an own path": section(drawn(8, 3), k=1, lo=1, together=[(0, 1)], pinned={0: OWN}),
}


@pytest.mark.parametrize("name", PLANS)
def test_odd_section_gets_a_plan(name):
    problem = PLANS[name]
    found = suggest_groups(problem)
    assert broken(problem, found.assignment, sizes=not found.eased) == []
    assert bool(found.eased) <= bool(problem.absent)
    assert found.total == pytest.approx(objective(problem, found.assignment), abs=1e-9)


@pytest.mark.parametrize(
    ("problem", "wishes"),
    [
        (section(drawn(1, 3), k=1, lo=2), ["at_least:2:1"]),
        (section(drawn(40, 3), k=7, hi=5, own_path=False), ["at_most:5:7", "own_path_off"]),
        (
            section(drawn(28, 3), together=[(0, 1)], pinned={0: 2, 1: 3}),
            ["together:0:1", "pin:0:2", "pin:1:3"],
        ),
        (section(drawn(28, 3), apart=[(0, 1)], pinned={0: 2, 1: 2}), ["apart:0:1", "pin:0:2", "pin:1:2"]),
        (
            section(drawn(9, 3), k=2, pinned=dict.fromkeys(range(9), OWN)),
            ["at_least:4:2", "pin:7:own", "pin:8:own"],
        ),
    ],
)
def test_odd_section_is_refused_with_the_wishes_that_clash(problem, wishes):
    with pytest.raises(Conflict) as refused:
        suggest_groups(problem)
    assert [wish.id for wish in refused.value.wishes] == wishes


def test_nobody_present_is_refused_in_words():
    with pytest.raises(InvalidProblem, match="nobody to group"):
        section(drawn(28, 3), absent=range(28))


@pytest.mark.parametrize("learners", [1, 2, 5, 6, 7, 8, 13, 19, 23, 28, 31, 37, 60])
def test_teacher_alone_gets_groups_of_at_most_six_for_any_class(learners):
    k, lo, hi = counts_for(learners, hi=6)
    problem = section(drawn(learners, 4), k=k, lo=lo, hi=hi, own_path=False)
    assert broken(problem, suggest_groups(problem).assignment) == []
