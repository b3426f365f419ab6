"""The pseudo-trial: its cells by hand, and that it finds what was put in."""

import numpy as np
import pytest

from assessments.mastery.calibration import UNCALIBRATED
from assessments.mastery.events import history
from bench import impact
from bench.responses import FOLDER, ITEMS_2009, read


def test_cells_are_the_first_three_and_the_next_three_of_a_standard():
    answers = {(1, 7): [1, 0, 0, 1, 1, 0, 1], (1, 8): [1, 1, 1, 1, 1], (2, 7): [0, 0, 0, 1, 1, 1]}
    rows = [(who, which, score) for (who, which), scores in answers.items() for score in scores]
    learner, standard, score = (np.array(column) for column in zip(*rows, strict=True))
    cells = impact.cells_of(history(learner=learner, standard=standard, ts=0.0, points=score.astype(float), possible=1))
    assert cells.learner.tolist() == [1, 2]
    assert cells.first.tolist() == pytest.approx([1 / 3, 0])
    assert cells.observed.tolist() == pytest.approx([2 / 3, 1])
    assert cells.expected[0] > cells.expected[1]


def test_what_comes_later_does_not_move_what_was_expected(monkeypatch):
    monkeypatch.setattr(impact, "calibrate", lambda rows, scale: UNCALIBRATED)  # learns from all results, on purpose
    made = impact.simulated(60)
    points = made.points.copy()
    points[impact.EARLIER :: 6] = 1 - points[impact.EARLIER :: 6]
    one, other = (impact.cells_of(history(**(vars(made) | {"points": p}))) for p in (made.points, points))
    # Standards of one learner follow each other, so only the first one's expectation is before all that was changed.
    assert one.expected[::4].tolist() == other.expected[::4].tolist()
    assert (one.expected != other.expected).any()
    assert one.first.tolist() == other.first.tolist()


def by_name(rows):
    return {row["name"]: row for row in rows}


def test_pseudo_trial_on_simulated_learners_finds_nothing_and_what_was_given():
    found = by_name(
        impact.measure("s", impact.cells_of(impact.simulated(600)), section_of=impact.taught_in, small=True)
    )
    assert found["impact.s.nothing.off_by"]["value"] <= impact.WITHIN_POINTS
    assert found["impact.s.6.7_points.off_by"]["value"] <= impact.WITHIN_POINTS
    assert found["impact.s.nothing.naive_gain"]["value"] > 8


@pytest.mark.skipif(not (FOLDER / ITEMS_2009).exists(), reason="no response data under ../shared/data/responses")
def test_pseudo_trial_on_real_learners_finds_nothing():
    found = by_name(impact.measure("a09", impact.cells_of(read(ITEMS_2009)), small=True))
    assert found["impact.a09.nothing.off_by"]["value"] <= impact.WITHIN_POINTS
    assert found["impact.a09.nothing.naive_gain"]["value"] > 8


def test_absent_data_are_named_and_simulated_ones_measured(tmp_path, capsys):
    found = list(impact.rows(small=True, folder=tmp_path))
    assert {row["name"].split(".")[1] for row in found} == {"simulated"}
    assert ITEMS_2009 in capsys.readouterr().err
