"""The laws of shown levels and of the tree, and the counterexamples of the methods that cannot claim one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.calibration import calibrate
from assessments.mastery.events import history, replay_order
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, level_from_micro
from assessments.mastery.shown import shown_levels
from assessments.mastery.tree import add_result, new_state
from assessments.mastery.tree_reading import read, read_pair
from assessments.mastery.tree_replay import replay
from tests.assessments.mastery.strategies import LAWS, histories, joined, series

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


# What changes nothing


def shown(rows, name):
    return shown_levels(rows, method=METHODS[name], parameters=P, scale=DEFAULT_SCALE, now=1000.0)


@LAWS
@given(histories(learners=1, standards=1), st.sampled_from([1, 2, 3, 4]))
def test_reassessment_shows_its_own_mark_whatever_came_before(rows, mark):
    again = history(learner=1, standard=1, ts=500.0, points=mark, event=999, record=999, is_reassessment=True)
    both = joined(rows, again)
    for name in METHODS:
        found = shown(both, name)
        expected = 0 if name == "n_times" else mark  # one result is not yet several times
        assert (found.computed_level[0], found.n[0]) == (expected, 1), name


def arrived(rows, order):
    """The rows as they come in, put back in the order of replay."""
    came = rows.take(order)
    ids = np.array([int(record).to_bytes(16, "big") for record in came.record], dtype="V16")
    put_back = replay_order(
        learner=came.learner,
        observed_at=(came.ts * 4).astype(np.int64),
        kind=came.kind,
        assessment=ids,
        standard=ids,
        item=ids,
        attempt=came.record,
    )
    return came.take(put_back)


@LAWS
@given(histories(), st.randoms(use_true_random=False))
def test_order_of_arrival_changes_no_bit_of_the_belief_or_of_a_calibration(rows, chance):
    order = list(range(len(rows)))
    straight = arrived(rows, order)
    chance.shuffle(order)
    mixed_up = arrived(rows, order)
    one, other = replay(straight, scale=DEFAULT_SCALE), replay(mixed_up, scale=DEFAULT_SCALE)
    for name, column in vars(one).items():
        assert column.tobytes() == getattr(other, name).tobytes(), name
    versions = [calibrate(found, scale=DEFAULT_SCALE, rounds=1).version for found in (straight, mixed_up)]
    assert versions[0] == versions[1]


@LAWS
@given(histories(), st.integers(-14, 14))
def test_another_time_zone_changes_no_level_and_no_belief(rows, hours):
    """Midnight elsewhere is another origin of the days, and nothing else."""
    moved = history(**(vars(rows) | {"ts": rows.ts + hours / 24, "override_ends": rows.override_ends + hours / 24}))
    for name in METHODS:
        here, there = shown(rows, name), shown(moved, name)
        assert here.value_micro.tolist() == there.value_micro.tolist(), name
        assert here.shown_level.tolist() == there.shown_level.tolist(), name
    asked = {"learner": rows.learner, "standard": rows.standard, "domain": rows.domain, "scale": DEFAULT_SCALE}
    here = read(replay(rows, scale=DEFAULT_SCALE), now=60.0, **asked)
    there = read(replay(moved, scale=DEFAULT_SCALE), now=60.0 + hours / 24, **asked)
    assert here.estimate == pytest.approx(there.estimate, abs=1e-12, rel=0)
