"""What holds for every problem, not only for the examples."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.grouping import NO_GROUP, OWN, Conflict, suggest_groups, weigh
from tests.assessments.grouping.problems import (
    all_assignments,
    broken,
    laws,
    objective,
    problems,
    reordered,
    solvable_problems,
    with_wishes,
)


def suggestion_or_conflict(problem, **search):
    try:
        return suggest_groups(problem, **search)
    except Conflict as conflict:
        return conflict


@laws
@given(solvable_problems())
def test_suggestion_keeps_every_hard_wish_and_places_everybody_once(problem):
    found = suggest_groups(problem)
    assert broken(problem, found.assignment) == []
    assert (found.broken, found.eased) == ((), ())


@laws
@given(solvable_problems())
def test_suggestion_states_its_own_objective(problem):
    found = suggest_groups(problem)
    assert abs(found.total - objective(problem, found.assignment)) < 1e-9
    assert found.fit <= found.best_fit + 1e-9
    assert sorted([*found.stayed, *found.moved, *found.new]) == list(range(len(problem.p)))
    for group in range(problem.k):
        sums = problem.value[found.members(group)].sum(axis=0)
        best = sums[problem.topics[group]] if group in problem.topics else sums.max()
        assert sums[found.foci[group]] >= best - 1e-12
        if group in problem.topics and found.members(group):
            assert found.foci[group] == problem.topics[group]


@laws
@given(problems(most=5, most_groups=3))
def test_refusal_only_where_no_assignment_exists(problem):
    found = suggestion_or_conflict(problem)
    possible = next(all_assignments(problem), None)
    if isinstance(found, Conflict):
        assert possible is None
    elif found.eased:
        assert possible is None
        assert problem.absent
        assert broken(problem, found.assignment, sizes=False) == []
    else:
        assert broken(problem, found.assignment) == []


@laws
@given(problems(most=5, most_groups=3))
def test_conflicting_wishes_are_irreducible(problem):
    conflict = suggestion_or_conflict(problem)
    assume(isinstance(conflict, Conflict))
    wishes = conflict.wishes
    assert next(all_assignments(with_wishes(problem, wishes)), None) is None
    for dropped in wishes:
        rest = [wish for wish in wishes if wish != dropped]
        assert next(all_assignments(with_wishes(problem, rest)), None) is not None


@laws
@given(problems() | solvable_problems(), st.randoms(use_true_random=False))
def test_reordering_learners_changes_nothing(problem, chance: random.Random):
    order = list(range(len(problem.p)))
    chance.shuffle(order)
    found, again = suggestion_or_conflict(problem), suggestion_or_conflict(reordered(problem, order))
    assert isinstance(found, Conflict) == isinstance(again, Conflict)
    if not isinstance(found, Conflict):
        assert again.assignment.tolist() == found.assignment[order].tolist()
        assert again.foci.tolist() == found.foci.tolist()
        assert again.total == found.total


@laws
@given(solvable_problems(), st.integers(0, 3), st.integers(1, 5), st.integers(0, 2**32))
def test_longer_search_is_never_worse(problem, kicks, more, seed):
    short = suggest_groups(problem, kicks=kicks, seed=seed)
    longer = suggest_groups(problem, kicks=kicks + more, seed=seed)
    assert longer.total >= short.total - 1e-12


@laws
@given(solvable_problems(), st.data())
def test_one_absence_strands_nobody(problem, data):
    assume(len(problem.p) > 1)
    away = data.draw(st.integers(0, len(problem.p) - 1))
    today = replace(problem, absent=[away])
    found = suggest_groups(today)
    assert np.flatnonzero(found.assignment == NO_GROUP).tolist() == [away]
    assert broken(today, found.assignment, sizes=False) == []


@laws
@given(problems(), st.data())
def test_weigh_names_exactly_the_wishes_that_an_edit_breaks(problem, data):
    n = len(problem.p)
    places = st.sampled_from([OWN, *range(problem.k)])
    edited = np.array(data.draw(st.lists(places, min_size=n, max_size=n)))
    edited[list(problem.absent)] = NO_GROUP
    weighed = weigh(problem, edited)
    assert (weighed.broken == ()) == (broken(problem, edited) == [])
    assert abs(weighed.total - objective(problem, edited)) < 1e-9
