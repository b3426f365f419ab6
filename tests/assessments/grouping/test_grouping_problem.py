import numpy as np
import pytest

from assessments.grouping import InvalidProblem, Problem, suggest_groups

HALF = np.full((4, 2), 0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p": [[0.5, 2.0]] * 4}, r"p\[0, 1\] is 2.0"),
        ({"p": [[0.5, float("nan")]] * 4}, r"p\[0, 1\] is nan"),
        ({"p": [[0.5, 0.5], [0.5]] * 2}, "p must be a table of numbers"),
        ({"p": [["none", 0.5]] * 4}, "p must be a table of numbers"),
        ({"value": np.full((4, 3), 0.5)}, "describe the same pairs"),
        ({"p": np.empty((4, 0)), "value": np.empty((4, 0))}, "at least one standard"),
        ({"k": 0}, "k is 0"),
        ({"k": 101}, "at most 100 groups"),
        ({"lo": 0}, "lo is 0"),
        ({"hi": 2.5}, "hi is 2.5"),
        ({"k": float("inf")}, "k is inf"),
        ({"lo": None}, "lo is None"),
        ({"sigma": float("nan")}, "sigma is nan"),
        ({"mu": None}, "mu is None"),
        ({"apart": [(0, 1, 2)]}, "it must hold pairs"),
        ({"together": [(0, "ana")]}, "together names row ana"),
        ({"mu": -1}, "mu is -1"),
        ({"previous": [0, 1]}, "for each of 4 learners"),
        ({"previous": [0.5, 0, 0, 0]}, "for each of 4 learners"),
        ({"apart": [(1, 1)]}, "apart pairs row 1 with itself"),
        ({"together": [(0, 4)]}, "together names row 4"),
        ({"pinned": {0: 2}}, "pinned to group 2"),
        ({"pinned": {9: 0}}, "pinned names row 9"),
        ({"topics": {0: 2}}, "topics gives group 0 column 2"),
        ({"absent": [7]}, "absent names row 7"),
        ({"absent": [0, 1, 2, 3]}, "nobody to group"),
        ({"keys": [1, 1, 2, 3]}, "each of the 4 learners once"),
    ],
)
def test_problem_refuses_what_cannot_be_read(change, words):
    with pytest.raises(InvalidProblem, match=words):
        Problem(**{"p": HALF, "value": HALF, "k": 2, "lo": 1, "hi": 3, **change})


def test_problem_keeps_its_arrays_from_being_written():
    given = HALF.copy()
    problem = Problem(p=given, value=given, k=2, lo=1, hi=3)
    given[0, 0] = 0.1
    assert problem.p[0, 0] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        problem.p[0, 0] = 0.1


def test_problem_takes_whole_numbers_of_any_kind():
    problem = Problem(p=HALF, value=HALF, k=2.0, lo=np.int64(1), hi=3.0, pinned={np.int64(1): 0.0})
    assert [type(number) for number in (problem.k, problem.lo, problem.hi)] == [int] * 3
    assert suggest_groups(problem).assignment[1] == 0


def test_problem_takes_a_wish_given_twice_once():
    problem = Problem(p=HALF, value=HALF, k=2, lo=1, hi=3, apart=[(0, 1), (1, 0)], together=[(2, 3), (2, 3)])
    assert (problem.apart, problem.together) == (((0, 1),), ((2, 3),))
