import itertools

import numpy as np
import pytest

from assessments.grouping import NO_GROUP, OWN, Conflict, Problem, suggest_groups


def section(n, **wishes):
    p = np.linspace(0.1, 0.9, 2 * n).reshape(n, 2)
    return Problem(p=p, value=1 - p, **{"k": 2, "lo": 1, "hi": n, **wishes})


def conflict_ids(problem):
    with pytest.raises(Conflict) as refused:
        suggest_groups(problem)
    return [wish.id for wish in refused.value.wishes]


def test_conflict_names_too_many_seats_to_fill():
    assert conflict_ids(section(7, k=2, lo=4)) == ["at_least:4:2"]


def test_conflict_names_too_few_seats_only_with_own_path_off():
    assert conflict_ids(section(7, k=2, hi=3, own_path=False)) == ["at_most:3:2", "own_path_off"]
    assert suggest_groups(section(7, k=2, hi=3)).members(OWN) != []


def test_conflict_of_a_smallest_size_above_the_largest():
    assert conflict_ids(section(9, k=2, lo=4, hi=3)) == ["at_least:4:2", "at_most:3:2"]


def test_conflict_of_pins_and_a_chain_of_together():
    problem = section(6, together=[(0, 1), (1, 2)], apart=[(3, 4)], pinned={0: 0, 2: 1, 5: 1})
    assert conflict_ids(problem) == ["together:0:1", "together:1:2", "pin:0:0", "pin:2:1"]


def test_conflict_of_apart_inside_a_chain_of_together():
    problem = section(6, together=[(0, 1), (1, 2)], apart=[(0, 2)])
    assert conflict_ids(problem) == ["together:0:1", "together:1:2", "apart:0:2"]


def test_conflict_of_more_learners_apart_than_groups():
    apart = list(itertools.combinations(range(6), 2))
    problem = section(30, k=5, lo=3, hi=8, apart=[*apart, (10, 11)], own_path=False)
    assert conflict_ids(problem) == ["own_path_off", *(f"apart:{a}:{b}" for a, b in apart)]


def test_conflict_of_a_pin_to_an_own_path_that_is_off():
    assert conflict_ids(section(6, own_path=False, pinned={2: OWN, 3: 0})) == ["own_path_off", "pin:2:own"]


def test_conflict_of_mixed_readiness_with_groups_of_one():
    assert conflict_ids(section(6, k=3, hi=1, mixed=True)) == ["at_most:1:3", "mixed"]


def test_wishes_about_an_absent_learner_rest():
    problem = section(6, together=[(0, 1)], apart=[(0, 1)], pinned={0: 0, 1: 1}, absent=[0])
    assert suggest_groups(problem).assignment[1] == 1


def test_absence_makes_groups_smaller_before_anybody_is_refused():
    found = suggest_groups(section(12, k=4, lo=3, hi=3, absent=[5], own_path=False))
    assert sorted(len(found.members(group)) for group in range(4)) == [2, 3, 3, 3]
    assert found.eased == (("at_least", {"from": 3, "to": 2}),)


def test_absence_lets_a_group_rest_rather_than_leave_one_alone():
    previous = np.array([0, 0, 1, 1, 2, 2])
    found = suggest_groups(section(6, k=3, lo=2, hi=3, absent=[3], previous=previous, own_path=False))
    assert found.eased == (("groups", {"from": 3, "to": 2}),)
    assert found.foci[1] == -1
    assert sorted(len(found.members(group)) for group in range(3)) == [0, 2, 3]
    assert found.broken == ()


def test_absence_of_all_but_own_paths_lets_every_group_rest():
    found = suggest_groups(section(3, k=1, absent=[0], pinned={1: OWN, 2: OWN}))
    assert found.assignment.tolist() == [NO_GROUP, OWN, OWN]
    assert found.eased == (("groups", {"from": 1, "to": 0}),)
    assert (found.foci.tolist(), found.broken) == ([-1], ())


def test_absence_does_not_excuse_wishes_that_clash_anyway():
    assert conflict_ids(section(7, k=2, lo=4, absent=[0])) == ["at_least:4:2"]
