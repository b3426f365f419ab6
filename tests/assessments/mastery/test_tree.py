"""The evidence tree: published vectors, full against incremental, overrides."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.events import NONE, OVERRIDE_LIFT, OVERRIDE_SET, OVERRIDE_WITHDRAW, history
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree import (
    DEFAULT_OFFSET,
    Constants,
    LearnerState,
    add_result,
    logit,
    new_state,
    replay_learner,
    set_override,
)
from assessments.mastery.tree_reading import read, read_pair
from assessments.mastery.tree_replay import TreeState, replay
from assessments.mastery.weights import evidence_weight, items_weight
from tests.assessments.mastery.strategies import LAWS, histories

HERE = {"standard": 1, "domain": 10}
STEPS = [
    # score, day, predicted, m_g, v_g, m_d, v_d, m_k, v_k, estimate, lo, hi, p_mastered
    (1, 0, 0.6230, 0.2287, 0.7980, 0.0305, 0.1182, 0.0962, 0.3000, 0.6903, 0.3920, 0.9159, 0.6264),
    (1, 1, 0.6899, 0.4023, 0.7240, 0.0561, 0.1164, 0.1791, 0.3000, 0.7397, 0.4720, 0.9325, 0.7247),
    (0, 2, 0.7389, 0.0150, 0.6680, -0.0059, 0.1149, 0.0351, 0.3000, 0.6354, 0.3384, 0.8805, 0.5169),
    (1, 10, 0.6338, 0.1944, 0.6283, 0.0239, 0.1131, 0.1270, 0.3000, 0.6926, 0.4149, 0.9065, 0.6324),
]


def reading(state, now, standard=1, domain=10):
    found = read_pair(state, standard=standard, domain=domain, now=now, scale=DEFAULT_SCALE)
    return [found.estimate, found.lo, found.hi, found.p_mastered]


def test_tree_gives_the_published_vectors():
    state = new_state()
    assert reading(state, 0) == pytest.approx([0.6230, 0.2987, 0.8901, 0.5000], abs=1e-4)
    for score, day, predicted, m_g, v_g, m_d, v_d, m_k, v_k, *read_then in STEPS:
        step = add_result(state, **HERE, score=score, weight=1, ts=day)
        own = state.standards[1]
        found = [step.predicted, state.m, state.v, *state.domains[10], own.m, own.v]
        assert found == pytest.approx([predicted, m_g, v_g, m_d, v_d, m_k, v_k], abs=1e-4)
        assert reading(state, day) == pytest.approx(read_then, abs=1e-4)
    assert reading(state, 70) == pytest.approx([0.6714, 0.3665, 0.9077, 0.5895], abs=1e-4)
    assert reading(state, 10, standard=2) == pytest.approx([0.6694, 0.3845, 0.8952, 0.5847], abs=1e-4)
    assert reading(state, 10, standard=3, domain=11) == pytest.approx([0.6648, 0.3778, 0.8934, 0.5753], abs=1e-4)


@pytest.mark.parametrize(("mark", "estimate", "p"), [(3, 0.7213, 0.6961), (4, 0.8224, 0.8876), (1, 0.3362, 0.0670)])
def test_four_weekly_rubric_marks_give_the_published_vectors(mark, estimate, p):
    rows = history(learner=[1] * 4, standard=1, domain=10, ts=[0, 7, 14, 21], points=mark, weight=2.0)
    found = reading(replay_learner(rows, scale=DEFAULT_SCALE), 21)
    assert [found[0], found[3]] == pytest.approx([estimate, p], abs=1e-4)


@pytest.mark.parametrize(
    ("score", "weight", "expected"),
    [
        (1.0, 1.0, [0.63, 0.72, 0.79, 0.84]),
        (0.75, 2.0, [0.58, 0.63, 0.67, 0.70, 0.71]),
        (0.925, 2.0, [0.67, 0.78, 0.85, 0.89]),
        (0.8, items_weight(10), [0.64, 0.72, 0.77, 0.80]),
    ],
)
def test_weekly_results_reach_the_published_probabilities(score, weight, expected):
    state, found = new_state(), []
    for week in range(len(expected)):
        add_result(state, **HERE, score=score, weight=weight, ts=7 * week)
        found.append(reading(state, 7 * week)[3])
    assert found == pytest.approx(expected, abs=0.0051)


def test_result_without_score_or_weight_changes_nothing():
    state = new_state()
    assert add_result(state, **HERE, score=float("nan"), weight=1, ts=0) is None
    assert add_result(state, **HERE, score=1, weight=0, ts=0) is None
    assert state == new_state()


def test_negative_time_difference_counts_as_none():
    state, same = new_state(), new_state()
    for belief, second in ((state, -40), (same, 0)):
        add_result(belief, **HERE, score=1, weight=1, ts=0)
        add_result(belief, **HERE, score=0, weight=1, ts=second)
    assert state.m == same.m
    assert state.standards[1].m == same.standards[1].m


def test_standard_without_domain_drops_that_level():
    state = new_state()
    step = add_result(state, standard=1, domain=NONE, score=1, weight=1, ts=0)
    assert state.domains == {}
    spread = 0.9 + 0.3
    assert step.predicted == pytest.approx(1 / (1 + np.exp(-DEFAULT_OFFSET / np.sqrt(1 + np.pi * spread / 8))))


def test_weights_follow_the_published_table():
    assert [items_weight(n) for n in (1, 3, 5, 10)] == pytest.approx([1, 2, 2.5, 3.0769], abs=1e-4)
    assert evidence_weight(2.0, assessment_weight=0.5, standards=2) == 0.5
    assert evidence_weight(3.0, assessment_weight=2.0, standards=2) == 2.0
    assert evidence_weight(np.array([1.0, 9.0])).tolist() == [1.0, 4.0]
    with pytest.raises(ValueError, match="at least one item"):
        items_weight(0)


# Overrides


def test_override_resets_this_standard_and_no_other():
    state = new_state()
    add_result(state, **HERE, score=0, weight=2, ts=0)
    add_result(state, standard=2, domain=10, score=0, weight=2, ts=1)
    before = asdict(state)
    set_override(state, **HERE, level=4, ts=2, scale=DEFAULT_SCALE)
    own = state.standards[1]
    found = read_pair(state, **HERE, now=2, scale=DEFAULT_SCALE)
    assert found.eta == pytest.approx(logit(0.925), abs=1e-12)
    assert (own.v, own.t, own.n) == (0.10, 2, 1)
    after = asdict(state)
    after["standards"][1] = before["standards"][1]
    assert after == before


def test_withdrawn_override_leaves_no_trace_and_a_lift_changes_no_belief():
    plain = history(learner=[1] * 2, standard=1, domain=10, ts=[0, 3], points=2)
    kinds = [0, OVERRIDE_SET, OVERRIDE_WITHDRAW, 0]
    taken_back = history(learner=[1] * 4, standard=1, domain=10, ts=range(4), kind=kinds, points=2, override_level=4)
    assert replay_learner(taken_back, scale=DEFAULT_SCALE) == replay_learner(plain, scale=DEFAULT_SCALE)
    lifted = taken_back.take([0, 1, 3])
    with_lift = history(
        learner=[1] * 4,
        standard=1,
        domain=10,
        ts=range(4),
        kind=[0, OVERRIDE_SET, OVERRIDE_LIFT, 0],
        points=2,
        override_level=4,
    )
    assert replay_learner(with_lift, scale=DEFAULT_SCALE) == replay_learner(lifted, scale=DEFAULT_SCALE)


# Full against incremental


def offsets_of(rows):
    known = {1: -0.3, 3: 1.2}
    return known, np.array([known.get(int(standard), DEFAULT_OFFSET) for standard in rows.standard])


@LAWS
@given(histories(), st.sampled_from([DEFAULT_SCALE, Scale((0.5,), 2)]))
def test_full_replay_equals_one_result_at_a_time(rows, scale):
    known, offset = offsets_of(rows)
    full = replay(rows, scale=scale, offset=offset).learner_states()
    for learner in np.unique(rows.learner).tolist():
        own = rows.take(rows.learner == learner)
        alone = replay_learner(own, scale=scale, offsets=known)
        if not alone.standards:
            assert learner not in full
            continue
        assert_close(asdict(full[learner]), asdict(alone))


def assert_close(one, other):
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        one, other = [one[key] for key in one], [other[key] for key in one]
    if isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_close(a, b)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=1e-12, rel=0)
    else:
        assert one == other


@LAWS
@given(histories(learners=7), st.integers(1, 4))
def test_blocks_equal_the_whole_bit_for_bit(rows, block):
    whole, cut = replay(rows, scale=DEFAULT_SCALE), replay(rows, scale=DEFAULT_SCALE, block=block)
    for column, values in vars(whole).items():
        assert values.tobytes() == getattr(cut, column).tobytes(), column


def test_blocks_of_many_learners_equal_the_whole_bit_for_bit():
    chance = np.random.default_rng(5)
    n = 20_000
    rows = history(
        learner=np.sort(chance.integers(0, 1500, n)),
        standard=chance.integers(0, 30, n),
        ts=np.arange(n) / 7,
        points=chance.random(n),
        possible=1.0,
    )
    whole = replay(rows, scale=DEFAULT_SCALE, block=4096)
    for block in (1, 7, 100, 513):
        some = rows.take(rows.learner < 300) if block < 100 else rows
        cut = replay(some, scale=DEFAULT_SCALE, block=block)
        for column, values in vars(cut).items():
            assert values.tobytes() == getattr(whole, column)[: len(values)].tobytes(), (block, column)


@LAWS
@given(histories())
def test_state_survives_its_bytes_bit_for_bit(rows):
    whole = replay(rows, scale=DEFAULT_SCALE)
    stored = whole.to_bytes()
    assert {u: LearnerState.from_bytes(each).to_bytes() for u, each in stored.items()} == stored
    again = TreeState.from_bytes(stored)
    for column, values in vars(whole).items():
        assert values.tobytes() == getattr(again, column).tobytes(), column


@pytest.mark.parametrize("stored", [b"", b"\0" * 32, new_state().to_bytes() + b"\0" * 8])
def test_bytes_that_are_no_state_are_refused(stored):
    with pytest.raises(ValueError, match="no stored state"):
        LearnerState.from_bytes(stored)


@LAWS
@given(histories(), st.floats(0, 100))
def test_reading_arrays_equals_reading_one_pair(rows, now):
    whole = replay(rows, scale=DEFAULT_SCALE)
    states = whole.learner_states()
    asked = [(u, k, d) for u in (1, 2, 6) for k, d in ((1, 0), (2, 1), (3, 1), (4, -1), (9, 7))]
    learner, standard, domain = zip(*asked, strict=True)
    found = read(whole, learner=learner, standard=standard, domain=domain, now=now, scale=DEFAULT_SCALE)
    for i, (u, k, d) in enumerate(asked):
        one = read_pair(states.get(u, new_state()), standard=k, domain=d, now=now, scale=DEFAULT_SCALE)
        for column in ("estimate", "lo", "hi", "p_mastered", "eta", "spread", "other"):
            assert getattr(found, column)[i] == pytest.approx(getattr(one, column), abs=1e-12, rel=0)
        assert found.n[i] == one.n
        assert (None if np.isnan(found.last_ts[i]) else found.last_ts[i]) == one.last_ts


def test_item_difficulty_enters_the_prediction():
    rows = history(learner=[1, 1], standard=1, domain=10, ts=[0, 1], points=[1, 0], possible=1)
    full = replay(rows, scale=DEFAULT_SCALE, difficulty=np.array([0.4, -0.2]), difficulty_variance=0.6)
    state = new_state()
    for score, difficulty in ((1, 0.4), (0, -0.2)):
        add_result(state, **HERE, score=score, weight=1, ts=1 - score, difficulty=difficulty, difficulty_variance=0.6)
    assert_close(asdict(full.learner_states()[1]), asdict(state))


def test_other_constants_reach_every_form():
    constants = Constants(prior_learner=0.5, prior_domain=0.2, prior_standard=0.4, practice=0.1, fade_day=0.05)
    rows = history(learner=[1, 1, 1], standard=[1, 2, 1], domain=10, ts=[0, 9, 30], points=[4, 1, 3])
    full = replay(rows, scale=DEFAULT_SCALE, constants=constants)
    alone = replay_learner(rows, scale=DEFAULT_SCALE, constants=constants)
    assert_close(asdict(full.learner_states()[1]), asdict(alone))


def test_tree_replay_refuses_what_it_cannot_order():
    with pytest.raises(ValueError, match="sorted by learner"):
        replay(history(learner=[2, 1], standard=1, ts=[0, 1], points=3), scale=DEFAULT_SCALE)
    with pytest.raises(ValueError, match="Standard 5 stands under two domains"):
        replay(history(learner=[1, 1], standard=5, domain=[1, 2], ts=[0, 1], points=3), scale=DEFAULT_SCALE)
    with pytest.raises(ValueError, match="One learner"):
        replay_learner(history(learner=[1, 2], standard=1, ts=[0, 1], points=3), scale=DEFAULT_SCALE)


def test_empty_history_is_an_empty_state():
    nothing = np.empty(0)
    state = replay(history(learner=nothing, standard=nothing, ts=nothing), scale=DEFAULT_SCALE)
    found = read(state, learner=1, standard=1, domain=1, now=0, scale=DEFAULT_SCALE)
    assert found.estimate == pytest.approx([0.6230], abs=1e-4)
    assert found.n.tolist() == [0]
