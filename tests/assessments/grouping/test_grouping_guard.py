"""The guard against groups that become tracks: who stays in the lowest one, and a group that mirrors a subgroup."""

from datetime import date, timedelta
from math import comb

import numpy as np
import pytest
from scipy.stats import hypergeom

from assessments.grouping import Problem, suggest_groups, weigh
from assessments.grouping.guard import NEVER, Round, Stay, best_elsewhere, lowest_group, mirrors, stays

MONDAY = date(2026, 9, 7)


def weeks(number, *, lowest="", elsewhere="", days=5):
    """A round that begins in the week of that number."""
    first = MONDAY + timedelta(weeks=number)
    return Round(first, first + timedelta(days=days - 1), frozenset(lowest), frozenset(elsewhere))


@pytest.mark.parametrize(
    ("readiness", "lowest"),
    [([0.5, 0.2, 0.9], 1), ([None, 0.5, 0.9], 1), ([0.4, 0.4, 0.9], None), ([0.4, None], None), ([], None)],
)
def test_lowest_group_is_the_one_of_least_readiness_if_there_is_one(readiness, lowest):
    assert lowest_group(readiness) == lowest


def test_stay_is_counted_while_it_is_unbroken():
    rounds = [
        weeks(0, lowest="abc", elsewhere="d"),
        weeks(1, lowest="ab", elsewhere="cd"),
        weeks(2, lowest="acd", elsewhere="x"),  # b was away
        weeks(3, lowest="bcd", elsewhere="a"),
    ]
    found = {learner: stay.times for learner, stay in stays(rounds).items()}
    assert found == {"b": 3, "c": 2, "d": 2}
    assert stays(rounds)["b"].is_long
    assert not stays(rounds)["c"].is_long
    assert Stay(2, timedelta(0)).once_more().is_long


def test_long_round_counts_by_its_days_and_days_count_once():
    assert stays([weeks(0, lowest="a", days=43)])["a"].is_long
    assert not stays([weeks(0, lowest="a", days=42)])["a"].is_long
    overlapping = [weeks(0, lowest="a", days=28), weeks(2, lowest="a", days=28)]
    assert stays(overlapping)["a"] == Stay(2, timedelta(days=42))
    assert not NEVER.is_long


def problem(p, **wishes):
    p = np.asarray(p, dtype=float)
    return Problem(p=p, value=1 - p, k=2, lo=1, hi=4, own_path=False, sigma=0.0, **wishes)


READY = [[0.1, 0.8], [0.2, 0.9], [0.15, 0.6], [0.8, 0.2], [0.9, 0.1], [0.7, 0.2]]


def test_other_group_is_the_one_that_costs_the_least_fit():
    asked = problem(READY)
    split = suggest_groups(asked)
    row = split.members(int(split.assignment[0]))[2]
    found = best_elsewhere(asked, split, row)
    assert found.group != split.assignment[row]
    assert found.fit < split.fit / split.best_fit


def test_other_group_keeps_every_wish_but_the_own_pin():
    base = suggest_groups(problem(READY))
    here, there = int(base.assignment[0]), int(base.assignment[3])
    assert best_elsewhere(problem(READY, apart=[(0, 3)]), base, 0) is None
    assert best_elsewhere(problem(READY, together=[(0, 1)]), base, 0) is None
    assert best_elsewhere(problem(READY, pinned={0: here}), base, 0).group == there


def test_sizes_give_way_only_where_no_group_has_room():
    p = np.array([*READY, [0.6, 0.1], [0.7, 0.3]])
    places = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    asked = Problem(p=p, value=1 - p, k=3, lo=2, hi=3, own_path=False)
    split = weigh(asked, places, foci=[0, 1, 1])
    assert best_elsewhere(asked, split, 0).group == 2
    full = Problem(p=np.array(READY), value=1 - np.array(READY), k=2, lo=3, hi=3, own_path=False)
    split = weigh(full, places[:6], foci=[0, 1])
    assert best_elsewhere(full, split, 0).group == 1


def class_of(*groups):
    """("A", "xxy") is group A with two of x and one of y."""
    places = [name for name, values in groups for _ in values]
    return places, [value for _, values in groups for value in values]


def test_group_of_all_of_a_subgroup_is_found_with_its_exact_chance():
    places, values = class_of(("A", "xxxxx"), ("B", "yyyyyyy"), ("C", "yyyyyyy"))
    (found,) = [each for each in mirrors(places, {"grade": values}, minimum=0) if each.value == "x"]
    assert (found.group, found.inside, found.size, found.among, found.everybody) == ("A", 5, 5, 5, 19)
    assert found.chance == pytest.approx(6 / comb(19, 5))  # three groups by two values
    assert found.usual == pytest.approx(25 / 19)


def test_lopsided_split_that_chance_makes_now_and_then_is_not_told():
    places, values = class_of(("A", "xxxy"), ("B", "xyyy"), ("C", "xyyy"))
    assert mirrors(places, {"grade": values}, minimum=0) == []


def test_small_cells_say_nothing_to_those_who_may_not_know_everybody():
    places, values = class_of(("A", "x" * 60 + "y" * 12), ("B", "x" * 30 + "y" * 200))
    told = mirrors(places, {"field": values}, minimum=10)
    assert {(each.group, each.value) for each in told} == {("A", "x"), ("B", "y")}
    assert mirrors(places, {"field": values}, minimum=13) == []


def test_difference_of_little_weight_is_not_told_however_many_people_it_is_of():
    places, values = class_of(("A", "x" * 1200 + "y" * 1000), ("B", "x" * 1000 + "y" * 1200))
    assert mirrors(places, {"field": values}, minimum=10) == []


def test_unknown_values_and_people_without_a_group_are_left_out():
    places, values = class_of(("A", "xxxxx"), ("B", "yyyyyyyyyyyyyy"))
    told = mirrors([*places, None, "A"], {"field": [*values, "x", None]}, minimum=0)
    assert {each.everybody for each in told} == {19}
    assert mirrors(places, {}, minimum=0) == []
    assert mirrors(places, {"field": ["x"] * 19}, minimum=0) == []
    with pytest.raises(ValueError, match="field has 1 values for 19 people"):
        mirrors(places, {"field": ["x"]}, minimum=0)


@pytest.mark.parametrize(("inside", "size", "among"), [(9, 10, 12), (4, 6, 4), (10, 12, 14)])
def test_chance_is_that_of_fishers_exact_test(inside, size, among):
    everybody = 40
    places, values = class_of(
        ("A", "x" * inside + "y" * (size - inside)),
        ("B", "x" * (among - inside) + "y" * (everybody - size - among + inside)),
    )
    told = {(each.group, each.value): each.chance for each in mirrors(places, {"field": values}, minimum=0)}
    assert told["A", "x"] == pytest.approx(4 * hypergeom.sf(inside - 1, everybody, among, size))
