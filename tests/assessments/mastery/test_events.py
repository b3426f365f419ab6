import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.events import (
    EXCUSED,
    NOT_SEEN,
    OVERRIDE_LIFT,
    OVERRIDE_SET,
    OVERRIDE_WITHDRAW,
    RESULT,
    days,
    history,
    replay_order,
)
from assessments.mastery.scale import DEFAULT_SCALE
from tests.assessments.mastery.strategies import LAWS


def row(**changed):
    return history(**({"learner": [1], "standard": [2], "ts": [3.0], "record": [77]} | changed))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ts": [np.nan]}, "Record 77 has a time"),
        ({"kind": [9]}, "Record 77 is of a kind"),
        ({"points": [-1.0]}, "Record 77 has points below zero"),
        ({"points": [np.inf]}, "Record 77 has points below zero or without limit"),
        ({"points": [1.0], "possible": [0.0]}, "Record 77 is out of a possible total"),
        ({"weight": [-1.0]}, "Record 77 has a weight"),
        ({"teacher_weight": [np.nan]}, "Record 77 has a weight"),
        ({"kind": [OVERRIDE_SET]}, "Record 77 sets no level"),
        ({"override_ends": [np.nan]}, "Record 77 has an end"),
        ({"points": [1.0, 2.0]}, "of one length"),
        ({"points": [[1.0]]}, "of one length"),
    ],
)
def test_history_that_makes_no_sense_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        row(**changed)


def test_history_reads_marks_fractions_and_what_was_not_scored():
    rows = history(
        learner=[1] * 5,
        standard=[1] * 5,
        ts=range(5),
        kind=[RESULT, RESULT, RESULT, EXCUSED, NOT_SEEN],
        points=[3, 13, np.nan, 2, 2],
        possible=[np.nan, 20, 20, np.nan, np.nan],
    )
    assert rows.scores(DEFAULT_SCALE) == pytest.approx([0.75, 0.65, np.nan, np.nan, np.nan], nan_ok=True)
    assert rows.scale_points(DEFAULT_SCALE) == pytest.approx([3, 2.5, np.nan, np.nan, np.nan], nan_ok=True)
    assert row(points=[30.0], possible=[20.0]).scores(DEFAULT_SCALE).tolist() == [1.0]


def test_days_count_from_1970():
    assert days(np.array(["1970-01-02T12:00"], dtype="datetime64[us]")).tolist() == [1.5]


def uuids(values):
    return np.array([value.bytes for value in values], dtype="S16")


def test_replay_order_breaks_ties_by_key_after_key():
    low, high = uuid.UUID(int=1), uuid.UUID(int=1 << 120)
    keys = [
        # learner, observed_at, kind, assessment, standard, item, attempt
        (1, 5, RESULT, low, low, low, 1),
        (1, 5, RESULT, low, low, low, 2),
        (1, 5, RESULT, low, low, high, 1),
        (1, 5, RESULT, low, high, low, 1),
        (1, 5, RESULT, high, low, low, 1),
        (1, 5, OVERRIDE_SET, low, low, low, 1),
        (1, 5, OVERRIDE_LIFT, low, low, low, 1),
        (1, 5, OVERRIDE_WITHDRAW, low, low, low, 1),
        (1, 6, RESULT, low, low, low, 1),
        (2, 4, RESULT, low, low, low, 1),
    ]
    arrival = np.random.default_rng(7).permutation(len(keys))
    order = order_of([keys[i] for i in arrival])
    assert [int(arrival[i]) for i in order] == list(range(len(keys)))


def order_of(keys):
    learner, observed_at, kind, assessment, standard, item, attempt = zip(*keys, strict=True)
    return replay_order(
        learner=learner,
        observed_at=np.array(observed_at, dtype="datetime64[us]"),
        kind=kind,
        assessment=uuids(assessment),
        standard=uuids(standard),
        item=uuids(item).astype("V16"),
        attempt=attempt,
    )


small_uuids = st.integers(0, 3).map(lambda i: uuid.UUID(int=(i * 85) << 120 | i))
keys = st.tuples(
    st.integers(1, 2), st.integers(0, 3), st.sampled_from([RESULT, EXCUSED]), *[small_uuids] * 3, st.integers(1, 2)
)


def place_in_order(key):
    learner, observed_at, _kind, *rest = key
    return (learner, observed_at, *rest)


@LAWS
@given(st.lists(keys, min_size=1, max_size=12, unique_by=place_in_order), st.randoms())
def test_replay_order_is_the_order_of_the_uuids_whatever_arrived_first(rows, shuffler):
    mixed = list(rows)
    shuffler.shuffle(mixed)
    by_hand = sorted(mixed, key=lambda k: (k[0], k[1], *[u.int for u in k[3:6]], k[6]))
    assert [mixed[i] for i in order_of(mixed)] == by_hand


def test_replay_order_refuses_uuids_that_are_not_16_bytes():
    with pytest.raises(ValueError, match="16 bytes"):
        replay_order(learner=[1], observed_at=[1], kind=[0], assessment=["a"], standard=["b"], item=["c"], attempt=[1])
