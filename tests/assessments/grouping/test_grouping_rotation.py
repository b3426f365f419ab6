import pytest

from assessments.grouping import Slot, counts_for, default_counts, rotation


@pytest.mark.parametrize(
    ("learners", "plan"),
    [(28, (6, 4, 6)), (25, (5, 4, 6)), (7, (2, 3, 6)), (5, (1, 4, 6)), (3, (1, 3, 6)), (1, (1, 1, 6))],
)
def test_default_counts_always_make_a_plan(learners, plan):
    assert default_counts(learners) == plan


@pytest.mark.parametrize("learners", range(1, 200))
def test_default_counts_hold_everybody(learners):
    k, lo, hi = default_counts(learners)
    assert k * lo <= learners <= k * hi


@pytest.mark.parametrize(
    ("learners", "settled", "plan"),
    [
        (28, {"hi": 6}, (6, 4, 6)),
        (40, {"hi": 5}, (9, 4, 5)),
        (28, {"hi": 3}, (10, 2, 3)),
        (28, {"k": 3}, (3, 4, 10)),
        (2, {"k": 6}, (6, 1, 6)),
        (7, {"lo": 4, "hi": 6}, (2, 3, 6)),
        (28, {"lo": 8}, (3, 8, 10)),
        (28, {"k": 3, "hi": 6}, (3, 4, 6)),
        (300, {"hi": 1}, (100, 1, 1)),
    ],
)
def test_counts_that_a_teacher_leaves_open_are_chosen_around_those_that_are_settled(learners, settled, plan):
    assert counts_for(learners, **settled) == plan


def test_rotation_leads_the_most_need_first_and_extends_last():
    purposes, need = ["extend", "practise", "reteach", None, "reteach"], [0.9, 0.5, 0.6, float("nan"), 0.7]
    assert rotation(purposes, need, adults=2) == [
        Slot(0, 1, 1),
        Slot(1, 0, 1),
        Slot(2, 1, 0),
        Slot(4, 0, 0),
    ]


def test_rotation_with_one_adult_and_with_none():
    assert [slot.turn for slot in rotation(["reteach"] * 5, [0.5] * 5, adults=1)] == [0, 1, 2, 3, 4]
    assert rotation(["reteach", "extend"], [0.5, 0.5], adults=0) == [Slot(0, None, 0), Slot(1, None, 0)]
