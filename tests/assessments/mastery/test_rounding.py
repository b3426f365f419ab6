import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.rounding import NO_VALUE, largest_remainder, round_micro, to_micro
from tests.assessments.mastery.strategies import LAWS


@pytest.mark.parametrize(
    ("value", "micro"),
    [
        (4.125, 4_125_000),
        (0.65 * 4 + 0.35 * 2.5, 3_475_000),
        (3.0060624999999996, 3_006_063),  # what binary makes of 1, 1.5, 2.5, 3.5: on paper 3.0060625
        (1.0000005, 1_000_001),
        (1.00000049, 1_000_000),
        (2.0000015, 2_000_002),
        (0.0, 0),
        (float("nan"), NO_VALUE),
    ],
)
def test_to_micro_rounds_half_up_as_on_paper(value, micro):
    assert to_micro(value) == micro
    assert to_micro(np.array([value, value])).tolist() == [micro, micro]


@pytest.mark.parametrize(("micro", "cents"), [(3_475_000, 348), (4_125_000, 413), (2_874_999, 287), (0, 0)])
def test_round_micro_at_two_places_is_half_up(micro, cents):
    assert round_micro(micro, 2) == cents


def test_largest_remainder_gives_the_rest_to_the_largest_fractions():
    assert largest_remainder([260, 68.25, 7.9625, 8.575], 345) == [260, 68, 8, 9]


@pytest.mark.parametrize(("parts", "total"), [([], 3), ([1.0, 2.0], 5), ([1.0, 2.0], 1)])
def test_parts_that_are_no_account_of_the_total_are_refused(parts, total):
    with pytest.raises(ValueError, match="no account of"):
        largest_remainder(parts, total)


def test_no_parts_account_for_nothing():
    assert largest_remainder([], 0) == []


@LAWS
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_largest_remainder_sums_exactly_and_moves_no_part_by_more_than_one(parts):
    total = to_micro(sum(parts) / 1e6)
    shared = largest_remainder(parts, total)
    assert sum(shared) == total
    assert all(abs(whole - part) <= 1 + 1e-6 for whole, part in zip(shared, parts, strict=True))
