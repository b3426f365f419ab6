"""The level shown: the laws of the engine, what counts, overrides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.counted import (
    COUNTED,
    LEFT_EARLIER_TRY,
    LEFT_EXCUSED,
    LEFT_NO_WEIGHT,
    LEFT_NOT_SEEN,
    NOT_A_RESULT,
    count_results,
)
from assessments.mastery.events import (
    EXCUSED,
    NONE,
    NOT_SEEN,
    OVERRIDE_LIFT,
    OVERRIDE_SET,
    OVERRIDE_WITHDRAW,
    RESULT,
    history,
    replay_order,
)
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL, fraction_to_points
from assessments.mastery.shown import shown_levels, trend
from tests.assessments.mastery.strategies import LAWS, histories, joined

P = Parameters.on(DEFAULT_SCALE)


def shown(rows, method="decaying", now=1000.0):
    return shown_levels(rows, method=METHODS[method], parameters=P, scale=DEFAULT_SCALE, now=now)


def one_pair(marks=(), **columns):
    n = len(marks) or len(columns["kind"])
    return history(**({"learner": [1] * n, "standard": [1] * n, "ts": range(n), "points": marks or np.nan} | columns))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_constant_marks_show_their_level_from_1_to_20(method, level):
    for n in range(1, 21):
        found = shown(one_pair([float(level)] * n), method)
        waiting = method == "n_times" and (level < 3 or n < 3)
        assert found.shown_level.tolist() == [NO_LEVEL if waiting else level]
        assert found.n.tolist() == [n]


def test_decaying_average_of_2_1_3_4_is_3_447875_and_secure():
    found = shown(one_pair([2, 1, 3, 4]))
    assert (found.value_micro[0], found.shown_level[0]) == (3_447_875, 3)
    assert found.stamp["method"] == "decaying"


@LAWS
@given(histories(learners=2, standards=3), st.integers(1, 4))
def test_result_on_another_standard_changes_no_shown_level(rows, mark):
    other = history(learner=2, standard=99, ts=500.0, points=mark)
    both = joined(rows, other)
    both = both.take(np.argsort(both.learner, kind="stable"))
    for method in METHODS:
        before, after = shown(rows, method), shown(both, method)
        same = after.standard != 99
        assert after.shown_level[same].tolist() == before.shown_level.tolist()
        assert after.value_micro[same].tolist() == before.value_micro.tolist()


@pytest.mark.parametrize("method", [m for m in METHODS if m != "n_times"])
def test_reassessment_at_4_after_two_1s_shows_4(method):
    rows = one_pair([1, 1, 4], is_reassessment=[False, False, True])
    found = shown(rows, method)
    assert (found.shown_level[0], found.n[0], found.tries[0]) == (4, 1, 3)
    assert found.counted.status.tolist() == [LEFT_EARLIER_TRY, LEFT_EARLIER_TRY, COUNTED]


def test_reassessment_counts_earlier_tries_where_the_teacher_says_so():
    rows = one_pair([1, 1, 4], is_reassessment=[False, False, True], counts_earlier=[False, False, True])
    assert shown(rows).value_micro.tolist() == [2_950_000]


def test_excused_reassessment_replaces_nothing():
    rows = one_pair([2, 2, np.nan], kind=[RESULT, RESULT, EXCUSED], is_reassessment=[False, False, True])
    assert (shown(rows).shown_level[0], shown(rows).n[0]) == (2, 2)


def test_excused_not_seen_not_submitted_and_weightless_are_no_zeros():
    rows = one_pair(
        [4, 4, 4, np.nan, 1],
        kind=[RESULT, EXCUSED, NOT_SEEN, RESULT, RESULT],
        teacher_weight=[1, 1, 1, 1, 0],
    )
    found = shown(rows)
    assert found.shown_level.tolist() == [4]
    assert found.counted.status.tolist() == [COUNTED, LEFT_EXCUSED, LEFT_NOT_SEEN, LEFT_NOT_SEEN, LEFT_NO_WEIGHT]


def test_zero_is_evidence():
    found = shown(one_pair([0.0, 10.0], possible=10.0), "latest")
    assert shown(one_pair([0.0], possible=10.0)).shown_level.tolist() == [1]
    assert found.value_micro.tolist() == [4_000_000]


def test_no_evidence_is_no_level():
    found = shown(one_pair(kind=[EXCUSED, OVERRIDE_LIFT]))
    assert (found.value_micro[0], found.computed_level[0], found.shown_level[0]) == (NO_VALUE, NO_LEVEL, NO_LEVEL)
    assert np.isnan(found.last_ts[0])
    assert found.counted.status.tolist() == [LEFT_EXCUSED, NOT_A_RESULT]


@pytest.mark.parametrize("method", METHODS)
def test_empty_history_shows_nothing(method):
    nothing = np.empty(0)
    found = shown(history(learner=nothing, standard=nothing, ts=nothing), method)
    assert len(found.shown_level) == 0


def test_items_of_one_quiz_count_once():
    rows = one_pair([1, 0, 8, 3], possible=[1, 1, 10, np.nan], event=[5, 5, 5, 6])
    found = shown(rows, "mean")
    quiz = float(fraction_to_points(9 / 12, DEFAULT_SCALE))
    assert found.counted.points.tolist() == pytest.approx([quiz, 3])
    assert found.n.tolist() == [2]
    assert found.counted.place.tolist() == [0, 0, 0, 1]
    assert found.counted.row.tolist() == [2, 3]


def test_quiz_takes_the_place_of_its_last_item():
    rows = one_pair([1, 2, 1], possible=[1, np.nan, 1], event=[5, 6, 5])
    found = shown(rows, "latest")
    assert found.value_micro.tolist() == [4_000_000]
    assert found.last_ts.tolist() == [2.0]


def test_two_rubric_marks_of_one_event_are_averaged_and_may_meet_a_fraction():
    assert shown(one_pair([4, 1], event=[1, 1])).value_micro.tolist() == [2_500_000]
    mixed = shown(one_pair([4, 3], possible=[np.nan, 4], event=[1, 1]))
    assert mixed.value_micro.tolist() == [3_500_000]


def test_mean_weighs_by_the_teacher():
    assert shown(one_pair([1, 4], teacher_weight=[0.5, 1]), "mean").value_micro.tolist() == [3_000_000]


def test_pairs_of_several_learners_come_sorted():
    rows = history(
        learner=[1, 1, 1, 2], standard=[9, 3, 9, 3], ts=[0, 1, 2, 0], points=[1, 2, 4, 3], record=[10, 11, 12, 13]
    )
    found = shown(rows, "latest")
    assert list(zip(found.learner.tolist(), found.standard.tolist(), strict=True)) == [(1, 3), (1, 9), (2, 3)]
    assert found.shown_level.tolist() == [2, 4, 3]


def test_history_out_of_order_is_refused():
    with pytest.raises(ValueError, match="sorted by learner"):
        count_results(history(learner=[2, 1], standard=[1, 1], ts=[0, 1], points=3), DEFAULT_SCALE)


# Overrides


def overridden(*kinds, **columns):
    n = len(kinds)
    levels = [{OVERRIDE_SET: 4}.get(kind, 0) for kind in kinds]
    return one_pair(
        [2.0] * n, **({"kind": list(kinds), "override_level": levels, "record": range(100, 100 + n)} | columns)
    )


def test_override_has_the_last_word_and_the_method_keeps_computing():
    found = shown(overridden(RESULT, OVERRIDE_SET, RESULT, RESULT))
    assert (found.shown_level[0], found.computed_level[0], found.value_micro[0]) == (4, 2, 2_000_000)
    assert (found.override_record[0], found.newer[0]) == (101, 2)


@pytest.mark.parametrize(
    ("kinds", "columns", "record"),
    [
        ((RESULT, OVERRIDE_SET, OVERRIDE_LIFT), {}, NONE),
        ((RESULT, OVERRIDE_SET, OVERRIDE_WITHDRAW), {}, NONE),
        ((RESULT, OVERRIDE_SET), {"override_ends": 1000.0}, NONE),
        ((RESULT, OVERRIDE_SET), {"override_ends": 1000.5}, 101),
        ((RESULT, OVERRIDE_SET, OVERRIDE_SET), {}, 102),
        ((OVERRIDE_SET, OVERRIDE_SET, OVERRIDE_WITHDRAW), {}, 100),
        ((OVERRIDE_SET, OVERRIDE_SET, OVERRIDE_WITHDRAW), {"withdraws": [NONE, NONE, 100]}, 101),
        ((OVERRIDE_SET, OVERRIDE_SET, OVERRIDE_LIFT), {}, NONE),
        ((OVERRIDE_SET, OVERRIDE_WITHDRAW, OVERRIDE_WITHDRAW, OVERRIDE_SET), {}, 103),
        ((OVERRIDE_LIFT, OVERRIDE_WITHDRAW), {}, NONE),
    ],
)
def test_override_stands_until_lifted_withdrawn_or_ended(kinds, columns, record):
    found = shown(overridden(*kinds, **columns))
    assert found.override_record.tolist() == [record]
    assert found.shown_level[0] == (found.computed_level[0] if record == NONE else 4)


def test_override_without_results_shows_until_lifted():
    assert shown(overridden(OVERRIDE_SET)).shown_level.tolist() == [4]
    assert shown(overridden(OVERRIDE_SET, OVERRIDE_LIFT)).shown_level.tolist() == [NO_LEVEL]


def test_override_of_one_learner_leaves_another_alone():
    rows = history(learner=[1, 1, 2], standard=1, ts=[0, 1, 0], kind=[0, OVERRIDE_SET, 0], points=2, override_level=4)
    assert shown(rows).shown_level.tolist() == [4, 2]


# Order of arrival


@LAWS
@given(histories(), st.randoms())
def test_order_of_arrival_changes_nothing(rows, shuffler):
    def ordered(arrived):
        ids = np.array([int(record).to_bytes(16, "big") for record in arrived.record], dtype="V16")
        order = replay_order(
            learner=arrived.learner,
            observed_at=(arrived.ts * 4).astype(np.int64),
            kind=arrived.kind,
            assessment=ids,
            standard=ids,
            item=ids,
            attempt=arrived.record,
        )
        return arrived.take(order)

    arrival = list(range(len(rows)))
    shuffler.shuffle(arrival)
    one, other = shown(ordered(rows)), shown(ordered(rows.take(arrival)))
    for column in ("learner", "standard", "value_micro", "shown_level", "n", "tries", "override_record", "newer"):
        assert getattr(one, column).tolist() == getattr(other, column).tolist()


# Trend and the p of groups


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ((2, 2_490_000), (3, 2_510_000), 1),
        ((3, 2_600_000), (3, 2_850_000), 1),
        ((3, 2_600_000), (3, 2_849_999), 0),
        ((3, 3_400_000), (3, 3_150_000), -1),
        ((3, 2_500_000), (2, 2_499_999), -1),
        ((2, 2_400_000), (4, 2_000_000), 1),
        ((NO_LEVEL, NO_VALUE), (3, 3_000_000), 0),
        ((4, NO_VALUE), (4, 3_000_000), 0),
    ],
)
def test_trend_is_the_change_of_level_or_a_quarter_within_it(before, now, direction):
    assert trend(*before, *now) == direction


def test_trend_of_many_pairs():
    found = trend([1, 3], [1_000_000, 3_000_000], [2, 3], [2_000_000, 2_700_000])
    assert found.tolist() == [1, -1]
