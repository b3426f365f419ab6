"""The published cases of a peer's test suites, answered by our methods."""

import json
from pathlib import Path

import pytest

from assessments.mastery.reference import DIFFERENCES, METHOD_NAMES, answer

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "vectors"


def cases(name):
    path = VECTORS / name
    if not path.exists():
        reason = f"no {name} beside the repository (../shared/data/vectors)"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id=name)]
    return [pytest.param(case, id=case["id"]) for case in json.loads(path.read_text())["cases"]]


@pytest.mark.parametrize("case", cases("canvas_outcome_scores.json"))
def test_scores_are_reproduced(case):
    ours, reason = DIFFERENCES.get(case["id"], (case["expected"], None))
    assert answer(case) == ours
    if reason:
        assert ours != case["expected"]


@pytest.mark.parametrize("case", cases("canvas_aggregates.json"))
def test_class_summaries_are_reproduced(case):
    found = answer(case)
    if case["kind"] == "mastery_flag":
        assert found == {"mastered_from_score": case["expected"]["mastered_from_score"]}
    else:
        assert found == case["expected"]


SCORE = {"method": "weighted_average", "calculation_int": 65, "points_possible": 5, "mastery_points": 3}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"scores": [1, 2, 3, 4, 5]}, 4.13),
        ({"scores": [2, None, 3]}, 2.65),
        ({"scores": []}, None),
        ({"method": "n_mastery", "calculation_int": 3, "scores": [3, 4, 3]}, 3.33),
        ({"method": "n_mastery", "calculation_int": 3, "scores": [3, 4, 1]}, None),
        ({"method": None, "calculation_int": None, "scores": [3, 1]}, 3.0),
        ({"method": "decaying_average", "scores": [2, 3, 4]}, 3.53),
        (
            {
                "quiz_results": [
                    {"percent": 1.0, "possible": 1, "assessed": "t", "quiz": 1},
                    {"percent": 0.0, "possible": 3, "assessed": "t", "quiz": 1},
                    {"percent": 0.6, "possible": 1, "assessed": "t-2d", "quiz": 2},
                ]
            },
            1.86,
        ),
    ],
)
def test_answer_of_a_case_of_our_own(changed, expected):
    assert answer(SCORE | changed) == expected


def test_method_that_we_do_not_have_is_refused():
    assert "bkt" not in METHOD_NAMES
    with pytest.raises(KeyError, match="bkt"):
        answer(SCORE | {"method": "bkt", "scores": [1]})
    with pytest.raises(KeyError, match="outcome_of_a_kind"):
        answer({"kind": "outcome_of_a_kind"})
