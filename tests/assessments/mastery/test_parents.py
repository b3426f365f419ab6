"""Parent standards: rolled up by policy, with coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.parents import ChildPoints, PointsRule, lowest, mean, points, proportion_met, usual_points
from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL, Scale
from tests.assessments.mastery.strategies import LAWS

SEVEN = [[3, 4, 2, 0, 0, 0, 0], [3, 3, 3, 4, 4, 3, 3], [0] * 7]
"""Three of seven assessed, all of them mastered, none assessed."""


def said(found):
    return [column.tolist() for column in (found.assessed, found.mastered, found.value_micro, found.level, found.met)]


def test_proportion_met_counts_all_children():
    found = proportion_met(SEVEN, scale=DEFAULT_SCALE)
    assert found.total == 7
    assert said(found) == [
        [3, 7, 0],
        [2, 7, 0],
        [285_714, 1_000_000, NO_VALUE],
        [NO_LEVEL] * 3,
        [False, True, False],
    ]


@pytest.mark.parametrize(("needed", "met"), [(2 / 3, True), (0.67, False), (0.5, True), (1, False)])
def test_proportion_met_is_in_whole_children(needed, met):
    assert proportion_met([[3, 3, 1]], scale=DEFAULT_SCALE, needed=needed).met.tolist() == [met]


def test_lowest_is_the_weakest_child_that_shows_a_level():
    found = lowest(SEVEN, scale=DEFAULT_SCALE)
    assert said(found)[2:] == [[2_000_000, 3_000_000, NO_VALUE], [2, 3, NO_LEVEL], [False, True, False]]
    assert lowest([[4, 0]], scale=DEFAULT_SCALE).met.tolist() == [False]
    assert lowest([[4, 0]], scale=DEFAULT_SCALE).level.tolist() == [4]
    assert lowest([[4, 0]], scale=DEFAULT_SCALE, at_least=2).level.tolist() == [NO_LEVEL]


def test_mean_is_of_values_half_up_and_its_level_the_nearest():
    levels, values = [[3, 2, 0], [2, 3, 3]], [[2_500_000, 2_499_999, 9_000_000], [2_400_000, 2_600_000, 2_500_000]]
    found = mean(levels, values, scale=DEFAULT_SCALE)
    assert said(found)[2:] == [[2_500_000, 2_500_000], [3, 3], [False, True]]
    assert mean(levels, values, scale=DEFAULT_SCALE, whole=True).level.tolist() == [2, 2]
    assert mean(levels, values, scale=DEFAULT_SCALE, at_least=3).level.tolist() == [NO_LEVEL, 3]


def test_parent_without_children_shows_nothing_and_is_never_met():
    nobody = np.zeros((2, 0))
    for found in (
        proportion_met(nobody, scale=DEFAULT_SCALE),
        lowest(nobody, scale=DEFAULT_SCALE),
        mean(nobody, nobody, scale=DEFAULT_SCALE),
    ):
        assert said(found)[2:] == [[NO_VALUE] * 2, [NO_LEVEL] * 2, [False] * 2]


def test_points_need_enough_and_every_required_child():
    rule = PointsRule(5, (ChildPoints(11, 3), ChildPoints(12, 2, required=True), ChildPoints(13, 2)))
    levels = [[3, 3, 1, 1], [3, 1, 3, 4], [1, 4, 4, 0], [4, 4, 4, 4], [0, 0, 0, 0]]
    found = points(levels, rule, children=[11, 12, 13, 14], scale=DEFAULT_SCALE)
    assert found.met.tolist() == [True, False, False, True, False]
    assert found.value_micro.tolist() == [1_000_000, 1_000_000, 800_000, 1_000_000, NO_VALUE]
    with pytest.raises(ValueError, match="13 is not among the children"):
        points([[3, 3]], rule, children=[11, 12], scale=DEFAULT_SCALE)


@pytest.mark.parametrize(
    ("needed", "children", "wrong"),
    [
        (0, [(2, 1)], "at least 1 whole point, not 0"),
        (None, [(2, 1)], "at least 1 whole point, not None"),
        (1.5, [(2, 1)], "at least 1 whole point, not 1.5"),
        (True, [(2, 1)], "at least 1 whole point, not True"),
        (1, [], "at least one child"),
        (1, [(1, 1)], "1 is the parent itself"),
        (1, [(2, 1), (2, 1)], "2 is named twice"),
        (1, [(9, 1)], "9 is not a child of 1"),
        (1, [(2, -1), (3, 5)], "0 or more, not -1"),
        (1, [(2, "1")], "whole points"),
        (1, [(2, 1, "yes")], "required or is not; yes"),
        (4, [(2, 1), (3, 2)], "worth 3 points, fewer than 4"),
    ],
)
def test_points_rule_that_cannot_work_is_refused(needed, children, wrong):
    rule = PointsRule(needed, tuple(ChildPoints(*child) for child in children))
    with pytest.raises(ValueError, match=wrong):
        rule.check(parent=1, children=[2, 3])


def test_points_rule_that_works_is_accepted():
    PointsRule(3, (ChildPoints(2, 1), ChildPoints(3, 2, required=True))).check(parent=1, children=[2, 3, 4])


def test_points_are_counted_and_the_usual_rule_wants_one_of_each():
    rule = PointsRule(3, (ChildPoints(11, 2, required=True), ChildPoints(12, 2), ChildPoints(13, 1)))
    assert points([[3, 3, 3], [2, 3, 4]], rule, children=[11, 12, 13], scale=DEFAULT_SCALE).earned.tolist() == [5, 3]
    usual = usual_points([11, 12])
    assert points([[3, 3], [3, 0]], usual, children=[11, 12], scale=DEFAULT_SCALE).met.tolist() == [True, False]


def test_points_of_a_child_that_is_gone_are_not_needed_any_more():
    rule = PointsRule(4, (ChildPoints(11, 2, required=True), ChildPoints(12, 1), ChildPoints(13, 1)))
    assert rule.among([12, 13, 14]) == PointsRule(2, (ChildPoints(12, 1), ChildPoints(13, 1)))
    assert rule.among([11, 12, 13]) == rule
    assert rule.among([14]) == usual_points([14])


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match=r"at most 1, not 1\.2"):
        proportion_met([[3]], scale=DEFAULT_SCALE, needed=1.2)
    with pytest.raises(ValueError, match="at least one child on, not 0"):
        lowest([[3]], scale=DEFAULT_SCALE, at_least=0)
    with pytest.raises(ValueError, match=r"not of shape \(2,\)"):
        lowest([3, 4], scale=DEFAULT_SCALE)


@LAWS
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 7), st.randoms())
def test_raising_a_child_lowers_no_parent_and_order_changes_nothing(levels, where, shuffler):
    scale = Scale((0.2, 0.4, 0.6, 0.8), mastery_level=4)
    better = list(levels)
    better[where % len(levels)] = min(max(better[where % len(levels)], 1) + 1, 5)
    shuffled = list(range(len(levels)))
    shuffler.shuffle(shuffled)
    rule = PointsRule(2, tuple(ChildPoints(i, i % 3, required=i == 0) for i in range(len(levels))))

    def each(row, order):
        row = [row[i] for i in order]
        micro = [level * 1_000_000 for level in row]
        yield proportion_met([row], scale=scale, needed=0.5)
        yield lowest([row], scale=scale)
        yield mean([row], [micro], scale=scale)
        yield points([row], rule, children=list(order), scale=scale)

    straight = range(len(levels))
    for before, after, mixed in zip(
        each(levels, straight), each(better, straight), each(levels, shuffled), strict=True
    ):
        assert said(before) == said(mixed)
        # A child that shows its first level may be a low one; what was known before is never worth less.
        if levels[where % len(levels)] != NO_LEVEL:
            assert after.value_micro[0] >= before.value_micro[0]
            assert after.level[0] >= before.level[0]
        assert after.met[0] >= before.met[0]
