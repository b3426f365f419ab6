"""The bench of predictions: its measures by hand, nothing looked ahead, and what the real data give."""

import gzip

import numpy as np
import pytest

from assessments.mastery.events import NONE, history
from bench import quality
from bench.measures import auc, calibration_error, fit_recalibration, log_loss, rmse
from bench.responses import FOLDER, ITEMS_2009, SEQUENCES_2015, read

RIGHT = np.array([1.0, 0.0, 1.0, 0.0])


def test_measures_by_hand():
    chance = np.array([0.8, 0.8, 0.6, 0.2])
    assert auc(RIGHT, chance) == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert log_loss(RIGHT, chance) == pytest.approx(-np.log([0.8, 0.2, 0.6, 0.8]).mean())
    assert rmse(RIGHT, chance) == pytest.approx(np.sqrt((0.04 + 0.64 + 0.16 + 0.04) / 4))
    assert calibration_error(RIGHT, chance) == pytest.approx((0.6 + 0.4 + 0.2) / 4)


def test_certainty_costs_no_more_than_one_in_a_hundred():
    assert log_loss(np.array([0.0]), np.array([1.0])) == pytest.approx(-np.log(0.01))


def test_area_without_a_wrong_response_is_unknown():
    assert np.isnan(auc(np.ones(3), np.array([0.1, 0.5, 0.9])))


def test_recalibration_finds_the_chance_behind_a_score():
    chance = np.random.default_rng(3)
    score, earlier = chance.choice([0.0, 0.5, 1.0, np.nan], 40_000), chance.integers(1, 9, 40_000)
    behind = np.select([score == 0, score == 0.5, score == 1], [0.3, 0.5, 0.7], 0.6)
    right = (chance.random(40_000) < behind).astype(float)
    found = fit_recalibration(score, earlier, right)(np.array([0.0, 0.5, 1.0, np.nan]), np.full(4, 5))
    assert found == pytest.approx([0.3, 0.5, 0.7, 0.6], abs=0.02)


def some_learners(n=60, seed=6):
    chance = np.random.default_rng(seed)
    return history(
        learner=np.repeat(np.arange(n), 12),
        standard=np.tile(np.repeat([1, 2, 3], 4), n),
        ts=0.0,
        points=(chance.random(12 * n) < 0.7).astype(float),
        possible=1.0,
        item=np.tile(np.arange(12), n),
    )


def test_no_prediction_looks_at_its_own_response_or_a_later_one():
    responses = some_learners()
    fold, flipped = responses.learner % quality.FOLDS, 7 * 12 + 6
    points = responses.points.copy()
    points[flipped] = 1 - points[flipped]
    other = history(**(vars(responses) | {"points": points}))
    same = (fold == fold[flipped]) & ((responses.learner != 7) | (np.arange(len(fold)) <= flipped))
    found = [
        list(quality._predictions(ITEMS_2009, r, fold, quality._Pairs.of(r), bounded=False)) for r in (responses, other)
    ]
    for before, after in zip(*found, strict=True):
        assert before.chance[same].tolist() == after.chance[same].tolist(), before.name
        assert not np.isnan(before.chance).any()


def test_rows_name_set_predictor_scope_and_measure():
    found = {row["name"]: row for row in quality.measure(ITEMS_2009, some_learners())}
    predictors = 3 + 2 * len(quality.METHODS)
    assert len(found) == predictors * 2 * 4 + 1
    assert found["quality.a09.tree.all.log_loss"]["limit"] == 0.538
    assert found["quality.a09.default_ece"]["limit"] == 0.025
    assert found["quality.a09.tree.first_5.log_loss"]["limit"] is None


def test_fewer_learners_are_measured_without_the_published_limit():
    found = {row["name"]: row for row in quality.measure(ITEMS_2009, some_learners(), most=20)}
    assert found["quality.a09.tree.all.log_loss"]["limit"] is None
    assert found["quality.a09.default_ece"]["size"] == "240 responses of 20 learners in 5 folds"


def test_absent_data_are_named(tmp_path, capsys):
    assert list(quality.rows(small=True, folder=tmp_path)) == []
    said = capsys.readouterr().err
    assert ITEMS_2009 in said
    assert SEQUENCES_2015 in said


def test_files_are_read_in_their_order_without_padding(tmp_path):
    with gzip.open(tmp_path / SEQUENCES_2015, "wt") as file:
        file.write('fold,uid,concepts,responses\n0,7,"3,3,-1","1,0,-1"\n0,2,5,1\n')
    with gzip.open(tmp_path / ITEMS_2009, "wt") as file:
        file.write("user_id,item_id,timestamp,correct,skill_id\n4,90,0,1,6\n4,91,0,0,7\n")
    sequences, items = read(SEQUENCES_2015, tmp_path), read(ITEMS_2009, tmp_path)
    assert sequences.learner.tolist() == [2, 7, 7]
    assert sequences.points.tolist() == [1, 1, 0]
    assert sequences.item.tolist() == [NONE] * 3
    assert items.standard.tolist() == [6, 7]
    assert items.item.tolist() == [90, 91]


@pytest.mark.skipif(not (FOLDER / ITEMS_2009).exists(), reason="no response data under ../shared/data/responses")
def test_tree_beats_every_method_on_real_learners():
    found = {row["name"]: row["value"] for row in quality.measure(ITEMS_2009, read(ITEMS_2009), most=400)}
    tree = found["quality.a09.tree.all.log_loss"]
    assert all(tree < found[f"quality.a09.{name}.all.log_loss"] for name in quality.METHODS)
    assert found["quality.a09.default_ece"] <= quality.LARGEST_ECE
