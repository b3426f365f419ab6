"""The evidence tree as a level method, behind the same interface as the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.calibration import Calibration
from assessments.mastery.events import NONE, OVERRIDE_LIFT, OVERRIDE_SET, RESULT, history
from assessments.mastery.methods import Parameters
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL, fraction_to_points, level_from_micro
from assessments.mastery.shown import shown_levels
from assessments.mastery.tree import new_state, replay_steps
from assessments.mastery.tree_level import TreeMethod
from assessments.mastery.tree_reading import read_pair
from tests.assessments.mastery.strategies import LAWS, histories, joined

P = Parameters.on(DEFAULT_SCALE)


TREE = TreeMethod()


def shown(rows, method=TREE, parameters=P, now=1000.0):
    return shown_levels(rows, method=method, parameters=parameters, scale=DEFAULT_SCALE, now=now)


def weekly(mark, n, **columns):
    return history(**({"learner": [1] * n, "standard": 1, "domain": 10, "ts": 7.0 * np.arange(n), "points": mark,
                       "weight": 2.0} | columns))  # fmt: skip


@pytest.mark.parametrize(("mark", "estimate", "level"), [(3, 0.7213, 3), (4, 0.8224, 3), (1, 0.3362, 1)])
def test_level_is_the_estimate_by_the_cuts(mark, estimate, level):
    """The published vectors; with its priors four straight 4s still read 3, and so no district has it by default."""
    found = shown(weekly(mark, 4))
    assert found.shown_level.tolist() == [level]
    assert found.value_micro[0] == pytest.approx(float(fraction_to_points(estimate, DEFAULT_SCALE)) * 1e6, abs=500)
    assert found.stamp["method"] == "tree"


@LAWS
@given(histories())
def test_full_form_stores_what_one_result_at_a_time_stores(rows):
    full = shown(rows)
    for i, (learner, standard) in enumerate(zip(full.learner.tolist(), full.standard.tolist(), strict=True)):
        own = rows.take(rows.learner == learner)
        last = full.counted.row[full.counted.starts[i] : full.counted.starts[i + 1]]
        places = set((np.flatnonzero(rows.learner == learner).searchsorted(last)).tolist())
        state, found = new_state(), None
        for row, step in replay_steps(state, own, scale=DEFAULT_SCALE):
            if step is not None and row in places:
                place = {"domain": int(own.domain[row]), "now": float(own.ts[row]), "scale": DEFAULT_SCALE}
                found = read_pair(state, standard=standard, **place).estimate
        if found is None:
            assert full.computed_level[i] == NO_LEVEL
            continue
        assert full.value_micro[i] == to_micro(float(fraction_to_points(found, DEFAULT_SCALE)))
        assert full.computed_level[i] == level_from_micro(full.value_micro[i], 4)


@LAWS
@given(histories(learners=2, standards=3), st.integers(1, 4))
def test_later_result_on_another_standard_changes_no_shown_level(rows, mark):
    other = history(learner=2, standard=99, ts=500.0, points=mark, domain=1)
    both = joined(rows, other)
    before, after = shown(rows), shown(both.take(np.argsort(both.learner, kind="stable")))
    same = after.standard != 99
    assert after.value_micro[same].tolist() == before.value_micro.tolist()
    assert after.shown_level[same].tolist() == before.shown_level.tolist()


def test_override_has_the_last_word_and_later_results_count_from_it():
    kinds = [RESULT, OVERRIDE_SET, OVERRIDE_LIFT, RESULT]
    marks = history(learner=[1] * 4, standard=1, domain=10, ts=range(4), kind=kinds, points=2, override_level=4)
    pinned = shown(marks.take([0, 1]))
    assert (pinned.shown_level[0], pinned.override_record[0]) == (4, 1)
    assert pinned.computed_level[0] == 2
    lifted = shown(marks)
    assert lifted.override_record[0] == NONE
    assert lifted.value_micro[0] > shown(marks.take([0, 3])).value_micro[0]
    only_lifted = shown(marks.take([1, 2]))
    assert only_lifted.shown_level.tolist() == [NO_LEVEL]


def test_calibration_moves_the_level_and_stands_in_the_stamp():
    hard = Calibration(
        standard=np.array([1]),
        offset=np.array([-2.0]),
        has_items=np.array([False]),
        item=np.empty(0, np.int64),
        difficulty=np.empty(0),
        difficulty_variance=np.empty(0),
    )
    found, plain = shown(weekly(3, 1), TreeMethod(hard)), shown(weekly(3, 1))
    assert found.value_micro[0] < plain.value_micro[0]
    assert found.stamp["parameters"]["calibration"] == hard.version != plain.stamp["parameters"]["calibration"]


def test_whole_part_is_refused():
    with pytest.raises(ValueError, match="by the cuts"):
        shown(weekly(3, 1), parameters=Parameters.on(DEFAULT_SCALE, whole=True))
