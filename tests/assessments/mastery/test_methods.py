import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from assessments.mastery.decaying import decaying_average
from assessments.mastery.methods import METHODS, Parameters, values_after_each, values_by_pair
from assessments.mastery.n_times import n_times
from assessments.mastery.power_law import PowerSums, power_law, power_law_sums
from assessments.mastery.rounding import NO_VALUE, to_micro
from assessments.mastery.scale import DEFAULT_SCALE, Scale, level_from_micro
from assessments.mastery.segments import starts_of
from assessments.mastery.simple import highest, latest, mean, mode
from assessments.mastery.weighted import weighted_average
from tests.assessments.mastery.strategies import LAWS, pairs, series

P = Parameters.on(DEFAULT_SCALE)
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def test_decaying_average_is_the_recursion():
    assert decaying_average([2, 1, 3, 4], newest_weight=0.65) == pytest.approx(3.447875, abs=1e-12)
    assert decaying_average([2], newest_weight=0.65) == 2
    assert decaying_average([4, 1], newest_weight=1) == 1
    assert type(decaying_average(np.array([2, 1]), newest_weight=0.65)) is float


@pytest.mark.parametrize("weight", [0, -0.1, 1.01, float("nan")])
@pytest.mark.parametrize("average", [decaying_average, weighted_average])
def test_averages_refuse_a_weight_out_of_range(average, weight):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        average([1, 2], newest_weight=weight)


@pytest.mark.parametrize(
    "call",
    [
        lambda: decaying_average([], newest_weight=0.65),
        lambda: decaying_average(np.array([]), newest_weight=0.65),
        lambda: weighted_average([], newest_weight=0.65),
        lambda: latest([]),
        lambda: highest([]),
        lambda: mean([]),
        lambda: mode([]),
        lambda: power_law([], top=4),
    ],
)
def test_no_results_are_refused(call):
    with pytest.raises(ValueError, match="at least one result"):
        call()


def test_weighted_average_sets_the_newest_against_the_mean_of_the_rest():
    assert weighted_average([1, 2, 3, 4, 5], newest_weight=0.65) == pytest.approx(4.125)
    assert weighted_average([3], newest_weight=0.65) == 3


def test_mean_uses_the_weights_of_the_teacher():
    assert mean([4, 1], [0.5, 1]) == pytest.approx(2)
    with pytest.raises(ValueError, match="weight above zero"):
        mean([4, 1], [0, 0])
    with pytest.raises(ValueError, match="as many weights"):
        mean([4, 1], [1])


@pytest.mark.parametrize(
    ("points", "value"), [([3, 2, 2, 3], 3), ([3, 3, 2, 2], 2), ([1, 4, 1], 1), ([1, 2, 3], 3), ([2], 2)]
)
def test_mode_breaks_ties_to_the_later(points, value):
    assert mode(points) == value


@pytest.mark.parametrize(
    ("points", "value"), [([3, 4, 3], 10 / 3), ([3, 4, 2], None), ([], None), ([1, 3, 3, 4, 2], 10 / 3)]
)
def test_n_times_waits_for_enough_results_at_mastery(points, value):
    assert n_times(points, times=3, mastery_points=3) == (None if value is None else pytest.approx(value))


def test_n_times_counts_a_fraction_at_the_cut_as_mastered():
    found = METHODS["n_times"].value([2.5, 2.75, 3.0], [1, 1, 1], P)
    assert found == pytest.approx(2.75)


@pytest.mark.parametrize(
    ("points", "value"), [([1, 2, 3, 4], 4.00), ([1, 3, 2, 4], 3.66), ([2, 4, 1, 3], 2.16), ([4, 3, 2, 1], 1.28)]
)
def test_power_law_agrees_with_the_published_table(points, value):
    assert round(power_law(points, top=4), 2) == value


def test_power_law_needs_five_sums_and_raises_points_below_one():
    assert power_law_sums([0, math.e]) == pytest.approx(PowerSums(2, math.log(2), math.log(2) ** 2, 1.0, math.log(2)))
    assert power_law([2.5], top=4) == pytest.approx(2.5)


@every_method
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_constant_marks_show_their_level(method, level):
    for n in range(1, 21):
        value = method.value([level] * n, [1.0] * n, P)
        if method.name == "n_times" and (level < 3 or n < 3):
            assert value is None
        else:
            assert to_micro(value) == level * 1_000_000
            assert level_from_micro(to_micro(value), 4) == level


@LAWS
@given(pairs())
def test_batch_equals_one_pair_at_a_time(given_pairs):
    points, weights, starts = given_pairs
    for method in METHODS.values():
        batch = values_by_pair(method, points, weights, starts, P)
        for i, (a, b) in enumerate(pairwise(starts)):
            alone = method.value(points[a:b].tolist(), weights[a:b].tolist(), P) if b > a else None
            if alone is None:
                assert np.isnan(batch[i]), method.name
                assert to_micro(batch)[i] == NO_VALUE
            else:
                assert batch[i] == pytest.approx(alone, abs=1e-12, rel=0), method.name
                assert to_micro(batch)[i] == to_micro(alone), method.name


@LAWS
@given(pairs())
def test_batch_gives_a_pair_the_same_bits_in_any_company(given_pairs):
    points, weights, starts = given_pairs
    for method in METHODS.values():
        batch = values_by_pair(method, points, weights, starts, P)
        for i, (a, b) in enumerate(pairwise(starts)):
            alone = values_by_pair(method, points[a:b], weights[a:b], starts_of([b - a]), P)
            assert alone.tobytes() == batch[i : i + 1].tobytes(), method.name


@LAWS
@given(series)
def test_shares_times_points_are_the_value(points):
    weights = [1.0 + i % 3 for i in range(len(points))]
    linear = [method for method in METHODS.values() if method.coefficients]
    assert {method.name for method in METHODS.values()} - {method.name for method in linear} == {"power_law"}
    for method in linear:
        value, shares = method.value(points, weights, P), method.coefficients(points, weights, P)
        if value is None:
            assert shares is None
            continue
        assert sum(shares) == pytest.approx(1, abs=1e-12)
        assert sum(s * x for s, x in zip(shares, points, strict=True)) == pytest.approx(value, abs=1e-11)


def test_stamp_names_method_version_and_the_parameters_in_use():
    assert METHODS["decaying"].stamp(P) == {
        "method": "decaying",
        "version": "1",
        "parameters": {"newest_weight": 0.65, "whole": False, "top": 4.0},
    }
    assert METHODS["n_times"].stamp(P)["parameters"] == {"times": 3, "mastery_points": 2.5, "whole": False, "top": 4.0}


def test_parameters_take_mastery_and_top_from_the_scale():
    five = Scale((0.3, 0.5, 0.7, 0.9), mastery_level=4)
    assert Parameters.on(five, times=2) == Parameters(times=2, mastery_points=3.5, top=5.0)
    assert Parameters.on(five, whole=True).mastery_points == 4
    with pytest.raises(ValueError, match="not 0 times"):
        Parameters(times=0)


@LAWS
@given(pairs())
def test_running_form_equals_the_whole_history_after_every_result(given_pairs):
    points, weights, starts = given_pairs
    for method in METHODS.values():
        found = values_after_each(method, points, weights, starts, P)
        for a, b in pairwise(starts):
            for end in range(a + 1, b + 1):
                whole = values_by_pair(method, points[a:end], weights[a:end], starts_of([end - a]), P)
                assert found[end - 1] == pytest.approx(whole[0], abs=1e-12, rel=0, nan_ok=True), method.name
                assert to_micro(found)[end - 1] == to_micro(whole)[0], method.name


@every_method
def test_running_form_goes_on_from_what_it_kept(method):
    points, weights = np.array([2.0, 1.0, 3.0, 3.0, 4.0]), np.ones(5)
    running = method.running(P)
    state = running.start(1)
    assert np.isnan(running.read(state)).tolist() == [True]
    kept = []
    for x, w in zip(points, weights, strict=True):
        state = tuple(np.array(column.tolist()) for column in running.add(state, np.array([x]), np.array([w])))
        kept.append(running.read(state)[0])
    assert kept == pytest.approx(
        values_after_each(method, points, weights, starts_of([5]), P).tolist(), abs=1e-12, rel=0, nan_ok=True
    )
