from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grouping import (
    NO_GROUP,
    OWN,
    Evidence,
    Problem,
    Reason,
    Result,
    explain,
    suggest_groups,
    weigh,
)
from tests.assessments.grouping.problems import laws, solvable_problems

MONDAY, FRIDAY = date(2026, 10, 5), date(2026, 10, 9)
SUMS, STORIES = 0, 1  # columns; sums come before stories


def told(levels, *, results=None, places=None, foci=(STORIES,), problem=None, **more):
    """What is said about learners with these shown levels, all in one group about stories."""
    levels = np.array(levels)
    p = np.full(levels.shape, 0.5)
    problem = problem or {}
    problem = Problem(p=p, value=p, k=len(foci), lo=1, hi=9, **problem)
    suggestion = weigh(problem, np.zeros(len(levels), int) if places is None else places, foci=foci)
    evidence = Evidence(level=levels, mastery_level=3, prerequisites=[(SUMS, STORIES)], results=results or {}, **more)
    return explain(problem, suggestion, evidence)


def learner_reason(levels, *results, **more):
    by_day = [Result(level, day) for level, day in zip(results, (MONDAY, FRIDAY), strict=False)]
    _, learners = told([levels], results={(0, STORIES): by_day} if by_day else {}, **more)
    return learners[0].reasons[0]


@pytest.mark.parametrize(
    ("levels", "results", "code", "facts"),
    [
        ([3, 0], (), "no_result_ready", {"has": SUMS, "has_level": 3}),
        ([2, 0], (), "no_result", {}),
        ([4, 1], (1,), "not_yet_has", {"level": 1, "day": MONDAY, "has": SUMS, "has_level": 4}),
        ([4, 1], (), "not_yet_has", {"level": 1, "day": None, "has": SUMS, "has_level": 4}),
        (
            [3, 2],
            (3, 1),
            "newest_lower",
            {"level": 2, "newest": 1, "day": FRIDAY, "has": SUMS, "has_level": 3},
        ),
        ([0, 2], (3, 1), "newest_lower", {"level": 2, "newest": 1, "day": FRIDAY}),
        ([1, 2], (1, 2), "moved_up", {"level": 2, "from": 1, "tries": 2, "day": FRIDAY}),
        ([1, 1], (1,), "first_result", {"level": 1, "day": MONDAY}),
        ([1, 1], (1, 1), "same_again", {"level": 1, "day": FRIDAY, "before": MONDAY}),
        ([1, 2], (2, 3), "level_here", {"level": 2, "day": FRIDAY}),
        ([1, 3], (3,), "secure_here", {"level": 3, "day": MONDAY}),
    ],
)
def test_reason_for_a_learner_follows_from_levels_and_results(levels, results, code, facts):
    assert learner_reason(levels, *results) == Reason(code, {"standard": STORIES, **facts})


def test_reason_for_a_level_set_by_the_teacher():
    assert learner_reason([3, 2], 4, overridden=np.array([[False, True]])) == Reason(
        "set_by_teacher", {"standard": STORIES, "level": 2}
    )


def test_reason_for_a_pin_for_company_and_for_a_newcomer_comes_first():
    problem = {"pinned": {0: 0}, "together": [(1, 2)]}
    _, learners = told([[3, 0], [3, 1], [0, 0]], problem=problem, newcomers=[2])
    codes = [[reason.code for reason in learner.reasons] for learner in learners]
    assert codes == [["pinned", "no_result_ready"], ["together", "not_yet_has"], ["together", "new_this_week"]]
    assert learners[0].pinned
    assert learners[1].reasons[0].facts == {"with": (2,)}


def test_reason_on_an_own_path_and_in_absence():
    levels = [[3, 4], [0, 0], [3, 1], [3, 0], [2, 2]]
    _, learners = told(
        levels,
        places=[OWN, OWN, OWN, OWN, NO_GROUP],
        problem={"absent": [4]},
    )
    assert [learner.reasons[0].code for learner in learners] == [
        "own_path_nothing_left",
        "own_path_no_results",
        "own_path_next",
        "own_path_nothing_left",
        "absent_today",
    ]
    assert learners[0].reasons[0].facts == {"standards": 2, "seen": 2, "lowest": 3, "highest": 4}
    assert learners[4].standard is None


def test_reason_says_where_a_moved_learner_came_from():
    problem = {"previous": np.array([1, 0, OWN, NO_GROUP])}
    _, learners = told([[3, 1]] * 4, foci=(STORIES, SUMS), problem=problem)
    assert [learner.came_from for learner in learners] == [1, None, OWN, None]


@pytest.mark.parametrize(
    ("levels", "purpose", "codes"),
    [
        ([[3, 1], [3, 1], [0, 1], [0, 2]], "reteach", ["most_at", "ready_after"]),
        ([[1, 1], [1, 1], [0, 2]], "reteach", ["most_at"]),
        ([[3, 2], [3, 2], [3, 1]], "practise", ["ready_after", "most_at"]),
        ([[1, 0], [2, 0], [0, 0]], "practise", ["first_look"]),
        ([[3, 0], [4, 0], [3, 2]], "extend", ["ready_after", "first_look"]),
        ([[0, 3], [0, 4], [0, 2]], "extend", ["secure_here"]),
        ([[3, 1], [3, 2]], "practise", ["ready_after", "most_at"]),
    ],
)
def test_purpose_and_reason_of_a_group(levels, purpose, codes):
    groups, _ = told(levels)
    assert (groups[0].purpose, [reason.code for reason in groups[0].reasons]) == (purpose, codes)


def test_purpose_of_mixed_groups_is_mix():
    groups, _ = told([[3, 1], [3, 3]], problem={"mixed": True})
    assert groups[0].purpose == "mix"
    assert groups[0].reasons == (Reason("mixed_readiness", {"standard": STORIES, "size": 2, "secure": 1}),)


def test_reason_of_a_group_counts_levels():
    groups, _ = told([[3, 1], [3, 1], [0, 1], [0, 2], [0, 0]])
    assert groups[0].reasons[0] == Reason("most_at", {"standard": STORIES, "size": 5, "levels": (1, 2), "count": 4})


def test_empty_group_has_no_purpose():
    groups, _ = told([[3, 1]], foci=(STORIES, SUMS))
    assert (groups[1].focus, groups[1].purpose, groups[1].reasons) == (None, None, ())


@laws
@given(solvable_problems(), st.data())
def test_reasons_name_only_levels_counts_and_days(problem, data):
    n, m = problem.p.shape
    level = np.array(data.draw(st.lists(st.lists(st.integers(0, 4), min_size=m, max_size=m), min_size=n)))[:n]
    evidence = Evidence(
        level=level,
        mastery_level=3,
        prerequisites=[(s - 1, s) for s in range(1, m)],
        results={(0, 0): [Result(2, MONDAY)]},
    )
    groups, learners = explain(problem, suggest_groups(problem), evidence)
    assert [group.group for group in groups] == list(range(problem.k))
    assert [learner.row for learner in learners] == list(range(n))
    for about in [*groups, *learners]:
        assert 1 <= len(about.reasons) <= 2
        for reason in about.reasons:
            for fact in reason.facts.values():
                whole = fact if isinstance(fact, tuple) else (fact,)
                assert all(type(part) in (int, date, type(None)) for part in whole)
