"""The published cases of other systems' suites, answered by our methods; and our own."""

import json
from pathlib import Path

import pytest

from assessments.mastery import reference
from assessments.mastery.reference import METHOD_NAMES, NO_TRACING, answer, reason_for
from assessments.mastery.reference.scores import ONE_QUIZ_COUNTS_ONCE
from assessments.mastery.reference.suite import run
from bench import bkt

VECTORS = Path(__file__).parents[5] / "shared" / "data" / "vectors"
OWN = Path(reference.__file__).parent / "cases"
DIFFERENT = {"canvas-040": 2.95, "canvas-041": 2.04, "canvas-046": None}
"""Where one quiz counting once leads to another answer, and to which."""


def outcomes(name, engine=answer):
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"no {name} beside the repository (../shared/data/vectors)")
    return run(json.loads(path.read_text())["cases"], engine, reason_for=reason_for)


def test_scores_are_reproduced_or_differ_because_one_quiz_counts_once():
    found = outcomes("canvas_outcome_scores.json")
    assert [outcome.case for outcome in found if outcome.failed] == []
    differing = {outcome.case: outcome.answer for outcome in found if not outcome.agrees}
    assert differing == DIFFERENT
    assert {outcome.reason for outcome in found if not outcome.agrees} == {ONE_QUIZ_COUNTS_ONCE}


@pytest.mark.parametrize(
    ("name", "engine"),
    [("canvas_aggregates.json", answer), ("moodle_competency_rules.json", answer), ("bkt_computed.json", bkt.answer)],
)
def test_other_cases_are_reproduced(name, engine):
    found = outcomes(name, engine)
    assert [outcome.case for outcome in found if not outcome.agrees] == []


def test_knowledge_tracing_is_left_to_the_bench():
    assert {outcome.reason for outcome in outcomes("bkt_computed.json")} == {NO_TRACING}


@pytest.mark.parametrize("path", sorted(OWN.glob("*.json")), ids=lambda path: path.stem)
def test_our_own_cases_agree(path):
    cases = json.loads(path.read_text())["cases"]
    found = run(cases, answer, reason_for=reason_for)
    assert [(outcome.case, outcome.answer, outcome.problem) for outcome in found if not outcome.agrees] == []
    assert len({case["id"] for case in cases}) == len(cases)


def test_our_own_cases_cover_every_method_and_kind():
    cases = [case for path in OWN.glob("*.json") for case in json.loads(path.read_text())["cases"]]
    assert {METHOD_NAMES[case["method"]] for case in cases if "method" in case} == set(METHOD_NAMES.values())
    assert {case.get("kind", "score") for case in cases} == set(reference.KINDS)


SCORE = {"method": "weighted_average", "calculation_int": 65, "points_possible": 5, "mastery_points": 3}


def question(percent, assessed="t", quiz=1, possible=1):
    return {"percent": percent, "possible": possible, "assessed": assessed, "quiz": quiz}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"quiz_results": [question(1.0), question(0.0, possible=3), question(0.6, "t-2d", 2)]}, 1.86),
        ({"quiz_results": [question(0.2, possible=0), question(0.6, possible=0)]}, 2.0),
        ({"quiz_results": [], "assignment_results": [{"score": 4, "submitted": "t"}, {"score": None}]}, 4.0),
        ({"method": "n_mastery", "calculation_int": None, "scores": [3, 3, 3, 3]}, None),
        ({"method": "n_mastery", "calculation_int": None, "scores": [3, 3, 3, 3, 3]}, 3.0),
    ],
)
def test_answer_of_a_case_beside_the_files(changed, expected):
    assert answer(SCORE | changed) == expected


def test_difference_is_excused_only_where_counting_every_question_gives_the_expected_answer():
    case = SCORE | {"method": "average", "quiz_results": [question(1.0), question(1.0), question(0.4, "t-1d", 2)]}
    assert answer(case | {"expected": 0}) == 3.5
    assert reason_for(case | {"expected": 4.0}, 3.5) == ONE_QUIZ_COUNTS_ONCE
    assert reason_for(case | {"expected": 3.9}, 3.5) is None
    assert reason_for(case | {"expected": 3.5}, 3.5) is None
    one_question = SCORE | {"quiz_results": [question(1.0), question(0.4, "t-1d", 2)]}
    assert reason_for(one_question | {"expected": 3.0}, answer(one_question)) is None


def test_what_we_do_not_have_is_refused():
    assert "bkt" not in METHOD_NAMES
    with pytest.raises(KeyError, match="bkt"):
        answer(SCORE | {"method": "bkt", "scores": [1]})
    with pytest.raises(KeyError, match="outcome_of_a_kind"):
        answer({"kind": "outcome_of_a_kind"})
    with pytest.raises(KeyError, match="majority"):
        answer({"kind": "parent", "rule": "majority", "levels": [3]})
    with pytest.raises(ValueError, match='like "t-2d"'):
        answer(SCORE | {"quiz_results": [question(1.0, "yesterday")]})
