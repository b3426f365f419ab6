import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.rounding import NO_VALUE, to_micro
from assessments.mastery.scale import (
    DEFAULT_SCALE,
    Scale,
    fraction_to_points,
    level_bounds_micro,
    level_from_micro,
    level_from_score,
    points_to_score,
)
from tests.assessments.mastery.strategies import LAWS


@st.composite
def scales(draw):
    cuts = draw(st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True))
    return Scale(tuple(cut / 100 for cut in sorted(cuts)), mastery_level=draw(st.integers(2, len(cuts) + 1)))


@pytest.mark.parametrize(
    ("cuts", "mastery", "message"),
    [
        ((), 2, "2 to 10 levels, not 1"),
        (tuple(i / 11 for i in range(1, 11)), 3, "2 to 10 levels, not 11"),
        ((0.4, 0.4, 0.8), 3, "Cut scores rise"),
        ((0.0, 0.5), 2, "Cut scores rise"),
        ((0.5, 1.0), 2, "Cut scores rise"),
        ((0.5, float("nan")), 2, "Cut scores rise"),
        ((0.4, 0.65), 4, "mastery level is 2 to 3, not 4"),
        ((0.4, 0.65), 1, "mastery level is 2 to 3, not 1"),
    ],
)
def test_scale_that_makes_no_sense_is_refused(cuts, mastery, message):
    with pytest.raises(ValueError, match=message):
        Scale(cuts, mastery)


def test_fraction_to_points_follows_the_published_lines():
    found = fraction_to_points([0, 0.2, 0.4, 0.525, 0.65, 0.75, 0.85, 1, 1.3, -1], DEFAULT_SCALE)
    assert found == pytest.approx([1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4, 1])
    assert np.isnan(fraction_to_points(np.nan, DEFAULT_SCALE))


def test_points_to_score_is_the_middle_of_the_band():
    assert points_to_score([1, 2, 3, 4], DEFAULT_SCALE) == pytest.approx([0.2, 0.525, 0.75, 0.925])
    assert points_to_score([0, 9], DEFAULT_SCALE) == pytest.approx([0.2, 0.925])


@LAWS
@given(scales(), st.integers(0, 100))
def test_nearest_level_of_a_fraction_is_the_one_that_the_cuts_say(scale, percent):
    micro = to_micro(fraction_to_points(percent / 100, scale))
    assert level_from_micro(micro, scale.levels) == level_from_score(percent / 100, scale)


@pytest.mark.parametrize(
    ("micro", "nearest", "whole"),
    [
        (2_500_000, 3, 2),
        (2_499_999, 2, 2),
        (3_000_000, 3, 3),
        (2_999_999, 3, 2),
        (0, 1, 1),
        (4_900_000, 4, 4),
        (NO_VALUE, 0, 0),
    ],
)
def test_level_comes_from_the_stored_integer(micro, nearest, whole):
    assert level_from_micro(micro, 4) == nearest
    assert level_from_micro(micro, 4, whole=True) == whole


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_level_bounds_are_where_the_level_changes(level, whole):
    begins, ends = level_bounds_micro(level, 4, whole=whole)
    if begins is not None:
        assert level_from_micro([begins - 1, begins], 4, whole=whole).tolist() == [level - 1, level]
    if ends is not None:
        assert level_from_micro([ends - 1, ends], 4, whole=whole).tolist() == [level, level + 1]
    assert (begins is None, ends is None) == (level == 1, level == 4)
