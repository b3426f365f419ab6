"""The receipt of a level by the evidence tree: its parts add up, and nothing is left unsaid."""

import numpy as np
import pytest
from hypothesis import given

from assessments.mastery.events import OVERRIDE_LIFT, OVERRIDE_SET, OVERRIDE_WITHDRAW, RESULT, history
from assessments.mastery.lowered import EXPECTED_LESS
from assessments.mastery.methods import Parameters
from assessments.mastery.receipt import IN_OVERRIDE
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.shown import shown_levels
from assessments.mastery.tree_level import TreeMethod
from assessments.mastery.tree_receipt import build_tree_receipt, tree_outlook
from tests.assessments.mastery.strategies import LAWS, histories

P = Parameters.on(DEFAULT_SCALE)
TREE = TreeMethod()


def receipt(rows, standard=1, now=1000.0):
    return build_tree_receipt(rows, standard=standard, method=TREE, parameters=P, scale=DEFAULT_SCALE, now=now)


def marks(*points, **columns):
    size = len(points)
    return history(**({"learner": [1] * size, "standard": 1, "domain": 10, "ts": 7.0 * np.arange(size),
                       "points": points, "weight": 2.0} | columns))  # fmt: skip


@LAWS
@given(histories(learners=1, standards=3))
def test_parts_add_up_to_what_is_stored_and_every_record_is_accounted_for(rows):
    shown = shown_levels(rows, method=TREE, parameters=P, scale=DEFAULT_SCALE, now=1000.0)
    for i, standard in enumerate(shown.standard.tolist()):
        found = receipt(rows, standard)
        value = max(int(shown.value_micro[i]), 0)
        assert (found.value_micro or 0, found.shown_level or 0) == (value, shown.shown_level[i])
        parts = [*found.terms, *found.lines]
        assert sum(part.part_micro for part in parts) == value
        assert sum(part.part_short for part in parts) == (found.value_short or 0)
        said = sorted([r for line in found.lines for r in line.records] + [out.record for out in found.left_out])
        overrides = np.isin(rows.kind, [OVERRIDE_SET, OVERRIDE_LIFT, OVERRIDE_WITHDRAW])
        expected = sorted(rows.record[(rows.standard == standard) & ~overrides].tolist())
        assert sorted(set(said)) == expected


def test_terms_of_a_learner_without_other_work():
    """One right answer after nothing, by the published vector: .6230 becomes .6903 on the scale of scores."""
    found = receipt(marks(1.0, possible=1.0, weight=1.0))
    usual, other, practice = found.terms
    assert [term.kind for term in found.terms] == ["usual", "other_work", "practice"]
    assert found.value_micro == pytest.approx(2.5e6 + (0.6903 - 0.65) / 0.20 * 1e6, abs=500)
    assert all(term.part_micro > 0 for term in (usual, other, practice))
    assert found.lines[0].part_micro > practice.part_micro


def test_level_set_by_a_teacher_holds_what_came_before_it():
    kinds = [RESULT, OVERRIDE_SET, OVERRIDE_LIFT, RESULT]
    found = receipt(marks(1, 1, 1, 3, kind=kinds, override_level=4))
    assert [term.kind for term in found.terms] == ["usual", "other_work", "override", "practice"]
    assert [line.records for line in found.lines] == [(3,)]
    assert [(out.record, out.reason) for out in found.left_out] == [(0, IN_OVERRIDE)]


def test_earlier_try_stays_in_the_belief_and_has_its_line():
    found = receipt(marks(1, 4, is_reassessment=[False, True]))
    assert [line.records for line in found.lines] == [(1,), (0,)]
    assert found.lines[1].part_micro < 0 < found.lines[0].part_micro
    assert (found.left_out, found.points) == ((), (4.0,))


def test_level_that_falls_after_a_better_result_is_explained():
    """Poor work elsewhere in between lowers what is expected, so that a fair result does not hold the level."""
    points, standards = [3, 3, 1, 1, 1, 1, 2.8], [1, 1, 2, 2, 2, 2, 1]
    found = receipt(marks(*points, standard=standards))
    assert (found.lowered.why, found.lowered.level_before, found.lowered.level_after) == (EXPECTED_LESS, 3, 2)
    assert found.lowered.before_micro < 2_800_000


@pytest.mark.parametrize("points", [(1, 2), (3,), (4, 4, 4)])
def test_looking_ahead_is_what_the_next_mark_gives(points):
    rows = marks(*points)
    ahead = tree_outlook(
        rows, standard=1, domain=10, level=receipt(rows).computed_level, method=TREE, scale=DEFAULT_SCALE, now=100.0
    )
    times = [*rows.ts, 100.0]
    for found in ahead.tries:
        again = receipt(marks(*points, found.mark, ts=times))
        assert (found.value_micro, found.level) == (again.value_micro, again.computed_level)
