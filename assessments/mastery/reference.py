"""Answers of this engine to the cases of a reference suite, and where it answers otherwise on purpose.

A case is a dict in the form of the Canvas outcome suites: "method", "calculation_int" (percent or times),
"points_possible", "mastery_points", and either "scores" (oldest first, None for none) or "quiz_results".
"""

from collections import defaultdict
from typing import Any

from assessments.mastery.aggregates import class_mean, class_median, level_percents
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.rounding import round_micro, to_micro

METHOD_NAMES = {
    None: "highest",
    "average": "mean",
    "decaying_average": "decaying",
    "highest": "highest",
    "latest": "latest",
    "n_mastery": "n_times",
    "weighted_average": "weighted",
}
"""A suite's names of methods; a case without one means the highest."""

ONE_QUIZ_COUNTS_ONCE = "One quiz counts once, however many questions it has; Canvas counts every question."
DIFFERENCES = {
    "canvas-040": (2.95, ONE_QUIZ_COUNTS_ONCE),
    "canvas-041": (2.04, ONE_QUIZ_COUNTS_ONCE),
    "canvas-046": (None, ONE_QUIZ_COUNTS_ONCE + " Two quizzes are not yet three results."),
}
"""Cases that we answer otherwise: our answer, and why."""


def answer(case: dict[str, Any]) -> Any:
    """Our answer to a case, scores at two decimals half up, None for no score.

    Raises KeyError for a method or a kind of case that this engine does not have.
    """
    kind = case.get("kind", "score")
    if kind == "rescale":
        return _two_decimals(case["score"] / case["possible"] * case["scale_max"])
    if kind in ("class_mean", "class_median"):
        summary = {"class_mean": class_mean, "class_median": class_median}[kind]
        return {
            outcome: summary([_nan_if_none(_value(case, scores)) for scores in learners.values()])
            for outcome, learners in case["input"].items()
        }
    if kind == "rating_percents":
        return level_percents(case["input"]["scores"], case["input"]["ratings"])
    if kind == "mastery_flag":
        return {"mastered_from_score": _first_mastered(case["input"])}
    if kind != "score":
        raise KeyError(kind)
    value = _value(case, _event_points(case))
    return None if value is None else _two_decimals(value)


def _value(case: dict[str, Any], points: list[float]) -> float | None:
    method = METHODS[METHOD_NAMES[case["method"]]]
    given = case.get("calculation_int")
    parameters = Parameters(
        newest_weight=given / 100 if given and "newest_weight" in method.uses else 0.65,
        times=given if given and "times" in method.uses else 3,
        mastery_points=case.get("mastery_points", 3),
        top=case.get("points_possible", 5),
    )
    return method.value(points, [1.0] * len(points), parameters) if points else None


def _event_points(case: dict[str, Any]) -> list[float]:
    """Points of each event, oldest first; the questions of one quiz are put together by their weight."""
    if "scores" in case:
        return [float(score) for score in case["scores"] if score is not None]
    top = case["points_possible"] or case["mastery_points"]  # Canvas: no points possible, then out of mastery
    earned: dict[Any, float] = defaultdict(float)
    possible: dict[Any, float] = defaultdict(float)
    when: dict[Any, int] = {}
    for question in case["quiz_results"]:
        earned[question["quiz"]] += question["percent"] * question["possible"]
        possible[question["quiz"]] += question["possible"]
        when[question["quiz"]] = _days_ago(question["assessed"])
    dated = [(when[quiz], earned[quiz] / possible[quiz] * top) for quiz in earned]
    dated += [(_days_ago(r["submitted"]), float(r["score"])) for r in case.get("assignment_results", ())]
    return [points for _, points in sorted(dated, key=lambda event: -event[0])]


def _days_ago(stamp: str) -> int:
    """0 for "t", 2 for "t-2d"."""
    return int(stamp[2:].removesuffix("d") or 0)


def _first_mastered(given: dict[str, Any]) -> int | None:
    share = given["outcome_mastery"] / given["outcome_points"]
    return next((score for score in given["scores"] if score / given["possible"] >= share), None)


def _two_decimals(value: float) -> float:
    return round_micro(to_micro(value), 2) / 100


def _nan_if_none(value: float | None) -> float:
    return float("nan") if value is None else value
