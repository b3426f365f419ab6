"""The closing of a group: outcomes member by member, and a change only beside what was expected and of enough."""

import numpy as np
import pytest

from assessments.grouping.closing import FIRST_RESULT, LOWER, MOVED_UP, NO_NEWER, STAYED, Change, close

NAN = float("nan")


def closed(n, **columns):
    usual = {
        "level_before": [1] * n,
        "level_now": [2] * n,
        "is_newer": [True] * n,
        "before": [0.2] * n,
        "expected": [0.4] * n,
        "since": [0.5] * n,
    }
    return close(**(usual | columns))


def test_outcomes_compare_the_shown_level_with_the_start():
    closing = closed(
        6,
        level_before=[1, 2, 3, 0, 2, 0],
        level_now=[2, 2, 2, 1, 3, 0],
        is_newer=[True, True, True, True, False, True],
    )
    assert closing.outcomes == (MOVED_UP, STAYED, LOWER, FIRST_RESULT, NO_NEWER, NO_NEWER)
    assert closing.tried_again == 4
    assert closing.counts[NO_NEWER] == 2


def test_change_stands_beside_the_expected_one():
    closing = closed(5, before=[0.2, 0.2, 0.2, 0.4, 0.5], expected=[0.5] * 5, since=[0.2, 0.9, 0.4, 0.5, 1.0])
    assert closing.change == Change(5, pytest.approx(0.3), pytest.approx(0.2))


def test_change_of_few_is_not_claimed():
    assert closed(4).change is None
    assert closed(4).known == 4
    assert closed(0).change is None


def test_member_without_one_of_the_three_scores_is_left_out_of_both_means():
    closing = closed(
        8,
        before=[0.2] * 5 + [NAN, 0.9, 0.9],
        expected=[0.4] * 6 + [NAN, 0.9],
        since=[0.5] * 7 + [0.9],
        is_newer=[True] * 7 + [False],
    )
    assert closing.change == Change(5, pytest.approx(0.3), pytest.approx(0.2))


def test_scores_that_rise_by_chance_alone_show_no_more_than_was_expected():
    """Learners picked because their first tries went badly: the rise is all expected (engine part 5.1)."""
    chance = np.random.default_rng(7)
    ability = chance.normal(0.6, 0.15, 20_000).clip(0.05, 0.95)
    before, since = chance.binomial(3, ability) / 3, chance.binomial(3, ability) / 3
    picked = before <= 1 / 3
    expected = np.full(picked.sum(), ability[picked].mean())
    n = len(expected)
    change = closed(n, before=before[picked], expected=expected, since=since[picked]).change
    assert change.observed > 0.2
    assert abs(change.observed - change.expected) < 0.02


@pytest.mark.parametrize(
    "wrong", [{"before": [0.2, 1.2]}, {"since": [0.2]}, {"expected": [[0.4, 0.4]]}, {"level_now": [2, 2, 2]}]
)
def test_columns_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match=r"members|since holds|before holds"):
        closed(2, **wrong)


def test_every_member_has_one_outcome_and_the_order_changes_nothing():
    every = [(then, now, newer) for then in range(5) for now in range(5) for newer in (True, False)]
    columns = lambda rows: dict(zip(("level_before", "level_now", "is_newer"), zip(*rows, strict=True), strict=True))
    found = closed(len(every), **columns(every))
    assert closed(len(every), **columns(every[::-1])).outcomes == found.outcomes[::-1]
    assert found.counts == {MOVED_UP: 6, STAYED: 4, LOWER: 6, FIRST_RESULT: 4, NO_NEWER: 30}
