"""Calibration: what the job finds, which version counts on a day, and what a replay does with it."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.calibration import (
    DEFAULT_ITEM_VARIANCE,
    UNCALIBRATED,
    Calibration,
    Dated,
    calibrate,
    calibrate_blocks,
    in_force,
)
from assessments.mastery.events import NONE, history
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.tree import DEFAULT_OFFSET, add_result, new_state, replay_learner, replay_steps
from assessments.mastery.tree_reading import read_pair
from assessments.mastery.tree_replay import replay, replay_traced
from tests.assessments.mastery.strategies import LAWS, histories
from tests.assessments.mastery.test_tree import assert_close


def version(**changed):
    """Standards 3 (with an item model) and 5, items 30 and 31."""
    columns = {
        "standard": np.array([3, 5]),
        "offset": np.array([-0.5, 1.5]),
        "has_items": np.array([True, False]),
        "item": np.array([30, 31]),
        "difficulty": np.array([0.8, -0.4]),
        "difficulty_variance": np.array([0.1, 0.2]),
        "item_variance": 0.7,
    }
    return Calibration(**(columns | changed))


def answers(learners=200, per_item=1, seed=4):
    """Learners of one ability answer an easy and a hard standard, each with an easy and a hard item."""
    chance = np.random.default_rng(seed)
    item = np.tile(np.repeat([10, 11, 20, 21], per_item), learners)
    right = np.select([item == 10, item == 11, item == 20], [0.95, 0.75, 0.6], 0.2)
    return history(
        learner=np.repeat(np.arange(learners), 4 * per_item),
        standard=item // 10,
        ts=np.zeros(len(item)),
        points=chance.random(len(item)) < right,
        possible=1.0,
        item=item,
    )


def log_loss(rows, calibration):
    _, trace = replay_traced(rows, scale=DEFAULT_SCALE, **calibration.terms(rows)._asdict())
    return -np.mean(np.log(np.where(rows.points == 1, trace.predicted, 1 - trace.predicted)))


def test_calibration_orders_standards_and_items_and_predicts_others_better():
    found = calibrate(answers(), scale=DEFAULT_SCALE)
    assert found.standard.tolist() == [1, 2]
    assert found.item.tolist() == [10, 11, 20, 21]
    assert found.offset[0] > DEFAULT_OFFSET > found.offset[1]
    assert found.difficulty[0] < found.difficulty[1]
    assert found.difficulty[2] < found.difficulty[3]
    others = answers(seed=5)
    assert log_loss(others, found) < log_loss(others, UNCALIBRATED) - 0.05


def test_warm_round_goes_on_from_the_version_given():
    rows = answers()
    four, five = calibrate(rows, scale=DEFAULT_SCALE), calibrate(rows, scale=DEFAULT_SCALE, rounds=5)
    assert calibrate(rows, scale=DEFAULT_SCALE, start=four).version == five.version != four.version


def test_subject_in_parts_is_calibrated_as_a_whole():
    rows = answers(learners=30)
    parts = [
        rows.take(rows.learner < 7),
        rows.take((rows.learner >= 7) & (rows.learner < 29)),
        rows.take(rows.learner >= 29),
    ]
    whole, found = calibrate(rows, scale=DEFAULT_SCALE), calibrate_blocks(lambda: parts, scale=DEFAULT_SCALE)
    for name, column in vars(whole).items():
        assert np.asarray(getattr(found, name)) == pytest.approx(np.asarray(column), abs=1e-12), name


def test_standard_with_few_results_stays_near_the_default():
    rows = answers()
    few = history(learner=np.arange(500, 509), standard=9, ts=0.0, points=0.0, possible=1.0)
    both = history(**{name: np.append(values, getattr(few, name)) for name, values in vars(rows).items()})
    found = calibrate(both, scale=DEFAULT_SCALE)
    middle = np.median(found.offset[:2])
    assert found.offset[2] < DEFAULT_OFFSET  # nine of nine wrong do say something
    enough = history(learner=np.arange(500, 525), standard=9, ts=0.0, points=0.0, possible=1.0)
    more = history(**{name: np.append(values, getattr(enough, name)) for name, values in vars(rows).items()})
    assert calibrate(more, scale=DEFAULT_SCALE).offset[2] < found.offset[2] < middle


def test_calibration_of_nothing_is_what_was_before():
    nothing = np.empty(0)
    rows = history(learner=nothing, standard=nothing, ts=nothing)
    assert calibrate(rows, scale=DEFAULT_SCALE).version == UNCALIBRATED.version
    assert calibrate(rows, scale=DEFAULT_SCALE, start=version()).version == version().version


def test_standard_without_results_keeps_its_numbers():
    found = calibrate(answers(), scale=DEFAULT_SCALE, start=version())
    assert found.standard.tolist() == [1, 2, 3, 5]
    assert found.offset[2:].tolist() == [-0.5, 1.5]
    assert found.item.tolist() == [10, 11, 20, 21, 30, 31]


def test_version_is_named_by_its_content():
    assert version().version == version().version
    assert version().version != version(item_variance=0.71).version
    assert version().version != version(offset=np.array([-0.5, 1.6])).version
    assert len(version().version) == 12


def test_terms_of_unknown_standards_and_items():
    rows = history(
        learner=[1] * 5,
        standard=[3, 3, 3, 5, 8],
        ts=0.0,
        points=1,
        possible=1,
        item=[30, 99, NONE, 98, 97],
    )
    terms = version().terms(rows)
    assert terms.offset.tolist() == [-0.5, -0.5, -0.5, 1.5, DEFAULT_OFFSET]
    assert terms.difficulty.tolist() == [0.8, 0, 0, 0, 0]
    assert terms.difficulty_variance.tolist() == [0.1, 0.7, 0.7, 0, 0]


def test_version_of_a_day_is_the_one_that_started_last():
    first, second, third = version(), version(item_variance=0.5), version(item_variance=0.4)
    events = [Dated(20.0, second), Dated(10.0, first), Dated(20.0, third)]
    assert in_force(events, on=9.99) is UNCALIBRATED
    assert in_force(events, on=10) is first
    assert in_force(events, on=19) is first
    assert in_force(events, on=20) is third
    assert in_force([], on=0) is UNCALIBRATED


def test_candidate_fills_only_what_the_active_version_lacks():
    candidate = version(
        standard=np.array([4, 5]), offset=np.array([9.0, 9.0]), item=np.array([7, 30]), item_variance=3.0
    )
    found = version().filled_from(candidate)
    assert found.standard.tolist() == [3, 4, 5]
    assert found.offset.tolist() == [-0.5, 9.0, 1.5]
    assert found.has_items.tolist() == [True, True, False]
    assert found.item.tolist() == [7, 30, 31]
    assert found.difficulty.tolist() == [0.8, 0.8, -0.4]
    assert found.item_variance == 0.7
    assert UNCALIBRATED.filled_from(candidate).item_variance == 3.0
    assert UNCALIBRATED.item_variance == DEFAULT_ITEM_VARIANCE


@LAWS
@given(histories(), st.integers(0, 2**20))
def test_full_replay_with_a_calibration_equals_one_result_at_a_time(rows, seed):
    chance = np.random.default_rng(seed)
    calibration = version(standard=np.array([1, 2]), item=np.array([0, 1]), offset=chance.normal(0, 1, 2))
    rows = history(**(vars(rows) | {"item": chance.integers(-1, 4, len(rows))}))
    terms = calibration.terms(rows)
    full, trace = replay_traced(rows, scale=DEFAULT_SCALE, **terms._asdict())
    untraced = replay(rows, scale=DEFAULT_SCALE, **terms._asdict())
    for name, column in vars(full).items():
        assert column.tobytes() == getattr(untraced, name).tobytes(), name
    states = full.learner_states()
    predicted = np.full(len(rows), np.nan)
    estimate = np.full(len(rows), np.nan)
    for learner in np.unique(rows.learner).tolist():
        own = np.flatnonzero(rows.learner == learner)
        state = new_state()
        own_terms = type(terms)(*(column[own] for column in terms))
        for row, step in replay_steps(state, rows.take(own), scale=DEFAULT_SCALE, terms=own_terms):
            if step is None:
                continue
            at = own[row]
            predicted[at] = step.predicted
            place = {"standard": int(rows.standard[at]), "domain": int(rows.domain[at]), "now": float(rows.ts[at])}
            estimate[at] = read_pair(state, **place, scale=DEFAULT_SCALE, offset=terms.offset[at]).estimate
        if state.standards:
            assert_close(asdict(states[learner]), asdict(state))
            alone = replay_learner(rows.take(own), scale=DEFAULT_SCALE, terms=own_terms)
            assert alone == state
    assert trace.predicted == pytest.approx(predicted, abs=1e-12, rel=0, nan_ok=True)
    assert trace.estimate == pytest.approx(estimate, abs=1e-12, rel=0, nan_ok=True)


def test_override_stands_in_no_trace():
    rows = history(learner=[1, 1, 1], standard=1, domain=2, ts=[0, 1, 2], kind=[0, 3, 0], points=3, override_level=4)
    _, trace = replay_traced(rows, scale=DEFAULT_SCALE)
    assert np.isnan(trace.predicted).tolist() == [False, True, False]
    state = new_state()
    step = add_result(state, standard=1, domain=2, score=0.75, weight=1, ts=0)
    assert trace.predicted[0] == pytest.approx(step.predicted, abs=1e-12)
