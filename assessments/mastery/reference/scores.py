"""Cases of scores and of classes, in the form of the Canvas outcome suites.

A case of scores: "method", "calculation_int" (percent or times), "points_possible", "mastery_points", and "scores"
(oldest first, null for none) or "quiz_results" and "assignment_results".
"""

import re
from collections import defaultdict
from typing import Any, NamedTuple

from assessments.mastery import aggregates
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.rounding import half_up

METHOD_NAMES = {
    None: "highest",
    "average": "mean",
    "decaying_average": "decaying",
    "n_mastery": "n_times",
    "weighted_average": "weighted",
} | {name: name for name in METHODS}
"""A suite's names of methods beside our own; a case without one means the highest."""

ONE_QUIZ_COUNTS_ONCE = "One quiz counts once, however many questions it has; the peer counts every question."
DEFAULT_WEIGHT, DEFAULT_TIMES = 65, 5
"""What a case means that leaves "calculation_int" open."""
_DAYS = {"d": 1.0, "h": 1 / 24, "m": 1 / 1440}


class _Row(NamedTuple):
    """A result, or one question of a quiz, in points; quiz None for a result that stands alone."""

    days_ago: float
    points: float
    possible: float
    quiz: Any


def score(case: dict[str, Any]) -> float | None:
    value = _value(case, _events(case))
    return None if value is None else half_up(value, 2)


def rescale(case: dict[str, Any]) -> float:
    return half_up(case["score"] / case["possible"] * case["scale_max"], 2)


def class_mean(case: dict[str, Any]) -> dict[str, float | None]:
    return {outcome: _two(aggregates.class_mean(values)) for outcome, values in _class_values(case)}


def class_median(case: dict[str, Any]) -> dict[str, float | None]:
    return {outcome: _two(aggregates.class_median(values)) for outcome, values in _class_values(case)}


def rating_percents(case: dict[str, Any]) -> list[int]:
    known = [float("nan") if score is None else score for score in case["input"]["scores"]]
    return aggregates.level_percents(known, case["input"]["ratings"])


def mastery_flag(case: dict[str, Any]) -> dict[str, Any]:
    """The first score that counts as mastered, and every score as a share of what is possible."""
    given = case["input"]
    share = given["outcome_mastery"] / given["outcome_points"]
    mastered = (score for score in given["scores"] if score / given["possible"] >= share - 1e-9)
    percent = [half_up(score / given["possible"], 4) for score in given["scores"]]
    return {"mastered_from_score": next(mastered, None), "percent": percent}


def reason_for(case: dict[str, Any], answer: Any) -> str | None:
    """Why our answer differs from the case's on purpose; None where it does not, or where it should not.

    The reason is given only where counting every question of a quiz leads exactly to the expected answer.
    """
    if answer == case["expected"] or case.get("kind", "score") != "score":
        return None
    for rows in _every_question(case):
        value = _value(case, rows)
        if (None if value is None else half_up(value, 2)) == case["expected"]:
            return ONE_QUIZ_COUNTS_ONCE
    return None


def _value(case: dict[str, Any], points: list[float]) -> float | None:
    method = METHODS[METHOD_NAMES[case.get("method")]]
    given = case.get("calculation_int")
    parameters = Parameters(
        newest_weight=(given or DEFAULT_WEIGHT) / 100 if "newest_weight" in method.uses else 0.65,
        times=(given or DEFAULT_TIMES) if "times" in method.uses else 3,
        mastery_points=case.get("mastery_points", 3),
        top=case.get("points_possible") or 5,
    )
    return method.value(points, case.get("weights") or [1.0] * len(points), parameters) if points else None


def _events(case: dict[str, Any]) -> list[float]:
    """Points of each event, oldest first; the questions of one quiz are put together by what is possible."""
    if "scores" in case:
        return [float(score) for score in case["scores"] if score is not None]
    return [row.points for row in _by_quiz(_rows(case))]


def _every_question(case: dict[str, Any]) -> list[list[float]]:
    """Points as a peer takes them that counts every question: as they are, and at the level of their quiz."""
    if "quiz_results" not in case:
        return []
    rows = _rows(case)
    together = {row.quiz: row.points for row in _by_quiz(rows) if row.quiz is not None}
    if len(together) == sum(row.quiz is not None for row in rows):
        return []
    return [[row.points for row in rows], [together.get(row.quiz, row.points) for row in rows]]


def _rows(case: dict[str, Any]) -> list[_Row]:
    """Every question and every result that was scored, oldest first."""
    top = case["points_possible"] or case["mastery_points"]  # Canvas: no points possible, then out of mastery
    rows = [
        _Row(
            _days_ago(question["assessed"]),
            question["percent"] * top,
            question.get("possible", 1),
            question.get("quiz"),
        )
        for question in case["quiz_results"]
        if question["percent"] is not None
    ]
    rows += [
        _Row(_days_ago(result.get("assessed") or result["submitted"]), float(result["score"]), 1.0, None)
        for result in case.get("assignment_results", ())
        if result["score"] is not None
    ]
    return sorted(rows, key=lambda row: -row.days_ago)


def _by_quiz(rows: list[_Row]) -> list[_Row]:
    quizzes: dict[Any, list[_Row]] = defaultdict(list)
    for row in rows:
        quizzes[row.quiz].append(row)
    together = quizzes.pop(None, [])
    for quiz, questions in quizzes.items():
        possible = sum(question.possible for question in questions)
        shares = [question.possible if possible else 1.0 for question in questions]
        points = sum(share * question.points for share, question in zip(shares, questions, strict=True)) / sum(shares)
        together.append(_Row(min(question.days_ago for question in questions), points, possible, quiz))
    return sorted(together, key=lambda row: -row.days_ago)


def _days_ago(stamp: str) -> float:
    """0 for "t", 2 for "t-2d", a twelfth for "t-2h"."""
    found = re.fullmatch(r"t(?:-(\d+(?:\.\d+)?)([dhm]))?", stamp)
    if not found:
        raise ValueError(f'A time of a case is "t" or like "t-2d", "t-3h" and "t-5m"; not "{stamp}".')
    return float(found[1]) * _DAYS[found[2]] if found[1] else 0.0


def _class_values(case: dict[str, Any]) -> list[tuple[str, list[float]]]:
    found = []
    for outcome, learners in case["input"].items():
        values = [_value(case, [float(score) for score in scores if score is not None]) for scores in learners.values()]
        found.append((outcome, [float("nan") if value is None else value for value in values]))
    return found


def _two(value: float | None) -> float | None:
    return None if value is None else half_up(value, 2)
