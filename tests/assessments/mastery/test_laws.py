"""Raising one score never lowers the value: claimed for five methods, and the counterexamples of those that cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, level_from_micro
from assessments.mastery.tree import add_result, new_state
from assessments.mastery.tree_reading import read_pair
from tests.assessments.mastery.strategies import LAWS, series

P = Parameters.on(DEFAULT_SCALE)
MONOTONE = ["decaying", "weighted", "latest", "highest", "mean"]


@pytest.mark.parametrize("name", MONOTONE)
@LAWS
@given(points=series, where=st.integers(0, 11), raised=st.floats(0, 4))
def test_raising_one_score_never_lowers_the_level(name, points, where, raised):
    weights = [0.5 + i % 2 for i in range(len(points))]
    better = list(points)
    better[where % len(points)] += raised
    before, after = (to_micro(METHODS[name].value(x, weights, P)) for x in (points, better))
    assert after >= before
    assert level_from_micro(after, 4) >= level_from_micro(before, 4)


def level(name, points):
    return int(level_from_micro(to_micro(METHODS[name].value(points, [1.0] * len(points), P)), 4))


def test_n_times_may_fall_when_a_score_rises_to_mastery():
    assert level("n_times", [4, 4, 4, 3, 3, 3, 2]) == 4
    assert level("n_times", [4, 4, 4, 3, 3, 3, 3]) == 3


def test_power_law_may_fall_when_an_early_score_rises():
    assert level("power_law", [1, 2, 2, 3]) == 3
    assert level("power_law", [3, 2, 2, 3]) == 2


def test_mode_may_fall_when_a_score_rises():
    assert level("mode", [1, 1, 4, 4]) == 4
    assert level("mode", [1, 1, 2, 1, 4, 4]) == 1


@LAWS
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.floats(0, 1), st.floats(0.1, 4), st.floats(0, 30)), min_size=1, max_size=15
    ),
    st.floats(0, 1),
    st.floats(0.1, 4),
)
def test_result_at_or_above_the_prediction_never_lowers_the_learner(earlier, above, weight):
    state, ts = new_state(), 0.0
    for standard, score, w, gap in earlier:
        ts += gap
        add_result(state, standard=standard, domain=standard // 2, score=score, weight=w, ts=ts)
    expected = read_pair(state, standard=1, domain=0, now=ts, scale=DEFAULT_SCALE).estimate
    before = state.m
    step = add_result(state, standard=1, domain=0, score=expected + above * (1 - expected), weight=weight, ts=ts)
    assert step.predicted == pytest.approx(expected, abs=1e-12)
    assert state.m >= before - 1e-12


def estimate_after(results):
    state = new_state()
    for standard, score, weight, ts in results:
        add_result(state, standard=standard, domain=standard // 2, score=score, weight=weight, ts=ts)
    return read_pair(state, standard=1, domain=0, now=results[-1][3], scale=DEFAULT_SCALE).estimate


def test_tree_may_fall_when_a_score_rises():
    """A better mark elsewhere makes the next high mark less of a surprise, and a belief less movable."""
    before = [(3, 0.925, 1, 0), (3, 0.925, 2, 90), (1, 0.525, 4, 180), (1, 0.75, 1, 180), (1, 0, 4, 180)]
    before += [(1, 0.925, 4, 180), (3, 0.2, 4, 180)]
    after = list(before)
    after[1] = (3, 1.0, 2, 90)
    assert estimate_after(after) < estimate_after(before) - 3e-4
