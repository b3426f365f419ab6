import numpy as np
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from assessments.mastery.counted import LEFT_OUT_REASONS
from assessments.mastery.events import EXCUSED, OVERRIDE_SET, history
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.outlook import what_would_it_take
from assessments.mastery.power_law import value_of_sums
from assessments.mastery.receipt import build_receipt
from assessments.mastery.rounding import NO_VALUE, round_micro, to_micro
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL
from assessments.mastery.shown import shown_levels
from tests.assessments.mastery.strategies import LAWS, histories, joined

P = Parameters.on(DEFAULT_SCALE)
methods = st.sampled_from(list(METHODS.values()))


def receipt(rows, method="decaying", parameters=P, now=1000.0):
    return build_receipt(rows, method=METHODS[method], parameters=parameters, scale=DEFAULT_SCALE, now=now)


def marks(*points, **columns):
    n = len(points)
    made = {"learner": [1] * n, "standard": [1] * n, "ts": range(n), "points": points, "record": range(100, 100 + n)}
    return history(**(made | columns))


def test_receipt_of_the_drawn_example():
    rows = marks(1, 2, np.nan, 1, 3, 4, kind=[0, 0, EXCUSED, 0, 0, 0], is_reassessment=[0, 1, 0, 0, 0, 0])
    found = receipt(rows)
    assert [(line.records, line.points, line.part_micro, line.part_short) for line in found.lines] == [
        ((105,), 4.0, 2_600_000, 260),
        ((104,), 3.0, 682_500, 68),
        ((103,), 1.0, 79_625, 8),
        ((101,), 2.0, 85_750, 9),
    ]
    assert [line.share for line in found.lines] == pytest.approx([0.65, 0.2275, 0.079625, 0.042875])
    assert (found.value_micro, found.value_short, found.short_places) == (3_447_875, 345, 2)
    assert (found.computed_level, found.shown_level) == (3, 3)
    assert found.bounds_micro == (2_500_000, 3_500_000)
    left = [(out.record, out.points, out.reason) for out in found.left_out]
    assert left == [(100, 1.0, "earlier_try"), (102, None, "excused")]
    assert [moment.value_micro for moment in found.course] == [2_000_000, 1_350_000, 2_422_500, 3_447_875]
    assert [moment.level for moment in found.course] == [2, 1, 2, 3]


@LAWS
@given(histories(), methods)
def test_receipts_sum_exactly_to_what_is_stored(rows, method):
    stored = shown_levels(rows, method=method, parameters=P, scale=DEFAULT_SCALE, now=30)
    for i, (learner, standard) in enumerate(zip(stored.learner, stored.standard, strict=True)):
        found = receipt(rows.take((rows.learner == learner) & (rows.standard == standard)), method.name, now=30)
        note(str(found))
        assert (NO_VALUE if found.value_micro is None else found.value_micro) == stored.value_micro[i]
        assert (found.shown_level or NO_LEVEL) == stored.shown_level[i]
        if found.value_micro is None:
            assert found.lines == ()
            continue
        assert found.value_short == round_micro(found.value_micro, found.short_places)
        if method.coefficients is None:
            assert to_micro(value_of_sums(found.power_sums, top=4.0)) == found.value_micro
            continue
        assert sum(line.part_micro for line in found.lines) == found.value_micro
        assert sum(line.part_short for line in found.lines) == found.value_short
        assert all(abs(line.part_micro - line.share * line.points * 1e6) <= 1.001 for line in found.lines)


@LAWS
@given(histories(learners=1, standards=1), methods)
def test_every_scored_record_is_a_line_or_left_out_with_a_reason(rows, method):
    found = receipt(rows, method.name)
    in_lines = [record for line in found.lines for record in line.records]
    named = in_lines + [out.record for out in found.left_out]
    assert sorted(named) == rows.record[rows.kind < OVERRIDE_SET].tolist()
    assert {out.reason for out in found.left_out} <= set(LEFT_OUT_REASONS.values())


def test_receipt_names_what_the_method_does_not_use():
    found = receipt(marks(3, 1, 2), "highest")
    assert [(line.records, line.share) for line in found.lines] == [((100,), 1.0)]
    assert [(out.record, out.reason) for out in found.left_out] == [
        (101, "not_used_by_method"),
        (102, "not_used_by_method"),
    ]


def test_receipt_of_n_times_says_how_far_it_is():
    waiting, there = receipt(marks(3, 1, 4), "n_times"), receipt(marks(3, 1, 4, 3), "n_times")
    assert (waiting.value_micro, waiting.computed_level, waiting.times_reached) == (None, None, 2)
    assert [out.reason for out in waiting.left_out] == ["not_used_by_method"] * 3
    assert (there.value_micro, there.times_reached, len(there.lines)) == (3_333_333, 3, 3)
    assert receipt(marks(3)).times_reached is None


def test_receipt_of_a_quiz_is_one_line_with_all_its_items():
    found = receipt(marks(1, 0, 1, possible=1, event=7))
    assert [line.records for line in found.lines] == [(100, 101, 102)]


def test_receipt_shows_more_decimals_where_two_would_stand_at_another_level():
    found = receipt(marks(2.496))
    assert (found.computed_level, found.value_short, found.short_places) == (2, 2496, 3)
    assert receipt(marks(2.494)).short_places == 2
    assert receipt(marks(2.999), parameters=Parameters(whole=True)).short_places == 3


def test_receipt_of_an_override_keeps_the_computed_value_beside_it():
    found = receipt(marks(2, 2, 2, kind=[0, OVERRIDE_SET, 0], override_level=4))
    assert (found.shown_level, found.computed_level, found.override_record, found.newer) == (4, 2, 101, 1)


def test_receipt_of_two_pairs_is_refused():
    with pytest.raises(ValueError, match="one learner and standard, not of 2"):
        receipt(marks(2, 2, standard=[1, 2]))


# What would it take?


def outlook(points, method="decaying", **options):
    return what_would_it_take(
        points, [1.0] * len(points), method=METHODS[method], parameters=P, scale=DEFAULT_SCALE, **options
    )


def test_outlook_of_the_drawn_example():
    found = outlook([2, 1, 3, 4])
    assert [(t.mark, t.value_micro, t.level) for t in found.tries] == [
        (1, 1_856_756, 2),
        (2, 2_506_756, 3),
        (3, 3_156_756, 3),
        (4, 3_806_756, 4),
    ]
    assert (found.target, found.reach, found.keeps, found.top_marks_needed) == (4, 4, (2, 3), 1)


def test_outlook_says_when_one_try_cannot():
    found = outlook([1, 1, 1, 1, 1, 1], "mean")
    assert (found.target, found.reach, found.top_marks_needed) == (2, None, 2)


def test_outlook_at_the_top_has_no_target():
    found = outlook([4])
    assert (found.target, found.reach, found.top_marks_needed, found.keeps) == (None, None, None, (4,))


def test_outlook_of_a_retry_replaces_the_earlier_tries():
    found = outlook([1, 1], replaces=True)
    assert [t.level for t in found.tries] == [1, 2, 3, 4]
    assert (found.target, found.reach) == (2, 2)


def test_outlook_without_a_value_aims_at_mastery():
    found = outlook([3, 1], "n_times")
    assert [t.level for t in found.tries] == [None] * 4
    assert (found.target, found.reach, found.top_marks_needed, found.keeps) == (3, None, 2, ())


def test_outlook_that_is_out_of_sight_says_so():
    assert outlook([1.0] * 400, "mean").top_marks_needed is None


@LAWS
@given(histories(learners=1, standards=1), methods, st.sampled_from([1, 2, 3, 4]))
def test_outlook_is_what_then_happens(rows, method, mark):
    before = receipt(rows, method.name)
    ahead = what_would_it_take(before.points, before.weights, method=method, parameters=P, scale=DEFAULT_SCALE)
    newest = marks(mark, ts=[900], event=[900], record=[900])
    after = receipt(joined(rows, newest), method.name)
    expected = next(t for t in ahead.tries if t.mark == mark)
    assert (after.value_micro, after.computed_level) == (expected.value_micro, expected.level)
