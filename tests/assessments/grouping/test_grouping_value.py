import numpy as np
import pytest

from assessments.grouping import adjusted_mastery, meet, topic_values


def test_meet_bounds_the_belief_by_the_shown_level():
    p = [0.40, 0.95, 0.95, 0.40, 0.40, 0.95]
    level = [3, 4, 2, 1, 0, 0]
    assert meet(p, level, 3).tolist() == [0.70, 0.95, 0.69, 0.40, 0.40, 0.69]


def test_adjusted_mastery_lets_an_override_have_the_last_word():
    p, level = np.array([[0.2, 0.97, 0.5]]), np.array([[3, 2, 0]])
    assert adjusted_mastery(p, level, 3).tolist() == [[0.70, 0.69, 0.5]]
    overridden = np.array([[True, True, False]])
    assert adjusted_mastery(p, level, 3, overridden=overridden).tolist() == [[0.99, 0.01, 0.5]]


def test_adjusted_mastery_clips_certainty():
    assert adjusted_mastery([[0.0, 1.0]], [[0, 3]], 3).tolist() == [[0.01, 0.99]]


@pytest.mark.parametrize("p", [[[1.2]], [[-0.1]], [[float("nan")]]])
def test_adjusted_mastery_refuses_what_is_no_probability(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted_mastery(p, [[0]], 3)


def test_topic_values_need_times_readiness_with_prerequisites_outside_the_choice():
    p = np.array([[0.2, 0.9, 0.5, 0.1]])
    values = topic_values(p, [(0, 1), (3, 1), (1, 2), (1, 2)], topics=3)
    assert values == pytest.approx(np.array([[0.8, 0.1 * 0.2 * 0.1, 0.5 * 0.9]]))


@pytest.mark.parametrize("pair", [(0, 0), (0, 3), (4, 0), (-1, 0)])
def test_topic_values_refuse_a_prerequisite_that_is_no_pair(pair):
    with pytest.raises(ValueError, match="Prerequisite"):
        topic_values(np.full((1, 4), 0.5), [pair], topics=3)
