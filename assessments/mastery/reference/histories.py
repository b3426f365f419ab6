"""Cases of whole histories, in our own form: what counts, what is shown, and what the evidence tree believes.

"results" stand oldest first, a day apart unless "day" says otherwise. One of: "mark" (on the scale), "points" and
"possible", "excused", "set_level", "lift", "withdraw"; beside it "quiz" (results of one quiz count once),
"reassessment", "counts_earlier", "weight" (the teacher's). "cuts" is the scale, "whole" takes the whole part.
"""

from typing import Any

from assessments.mastery.events import (
    EXCUSED,
    NONE,
    OVERRIDE_LIFT,
    OVERRIDE_SET,
    OVERRIDE_WITHDRAW,
    RESULT,
    History,
    history,
)
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.reference.scores import METHOD_NAMES
from assessments.mastery.rounding import MICRO, NO_VALUE, half_up
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL, Scale
from assessments.mastery.shown import shown_levels
from assessments.mastery.tree import add_result, new_state
from assessments.mastery.tree_reading import read_pair

_KINDS = {
    "excused": EXCUSED,
    "set_level": OVERRIDE_SET,
    "lift": OVERRIDE_LIFT,
    "withdraw": OVERRIDE_WITHDRAW,
}
_QUIZ = 1_000_000  # quizzes are numbered apart from results that stand alone


def shown(case: dict[str, Any]) -> dict[str, Any]:
    """{"value" at six decimals, "level", "computed_level", "n"}; null for none."""
    scale = Scale(tuple(case.get("cuts", DEFAULT_SCALE.cuts)), case.get("mastery_level", DEFAULT_SCALE.mastery_level))
    parameters = Parameters.on(
        scale,
        newest_weight=case.get("newest_weight", 0.65),
        times=case.get("times", 3),
        whole=case.get("whole", False),
    )
    rows = _history(case["results"])
    found = shown_levels(
        rows,
        method=METHODS[METHOD_NAMES[case["method"]]],
        parameters=parameters,
        scale=scale,
        now=float(rows.ts.max()),
    )
    value, level, computed = int(found.value_micro[0]), int(found.shown_level[0]), int(found.computed_level[0])
    return {
        "value": None if value == NO_VALUE else value / MICRO,
        "level": None if level == NO_LEVEL else level,
        "computed_level": None if computed == NO_LEVEL else computed,
        "n": int(found.n[0]),
    }


def _history(results: list[dict[str, Any]]) -> History:
    kinds = [next((kind for word, kind in _KINDS.items() if result.get(word)), RESULT) for result in results]
    return history(
        learner=[1] * len(results),
        standard=1,
        ts=[result.get("day", number) for number, result in enumerate(results)],
        kind=kinds,
        points=[result.get("mark", result.get("points", float("nan"))) for result in results],
        possible=[result.get("possible", float("nan")) for result in results],
        teacher_weight=[result.get("weight", 1.0) for result in results],
        event=[_QUIZ + result["quiz"] if "quiz" in result else number for number, result in enumerate(results)],
        is_reassessment=[result.get("reassessment", False) for result in results],
        counts_earlier=[result.get("counts_earlier", False) for result in results],
        override_level=[result.get("set_level", 0) for result in results],
    )


def tree(case: dict[str, Any]) -> dict[str, float]:
    """The belief about one standard at a day: {"estimate", "lo", "hi", "p_mastered"} at four decimals.

    "results": {"standard", "domain" (null: none), "score" from 0 to 1, "day", "weight"}.
    "read": {"standard", "domain", "day"}.
    """
    state = new_state()
    numbers: dict[Any, int] = {None: NONE}

    def numbered(name: Any) -> int:
        return numbers.setdefault(name, len(numbers))

    for result in case["results"]:
        add_result(
            state,
            standard=numbered(("standard", result["standard"])),
            domain=numbered(result.get("domain")),
            score=result["score"],
            weight=result.get("weight", 1.0),
            ts=result["day"],
        )
    asked = case["read"]
    found = read_pair(
        state,
        standard=numbered(("standard", asked["standard"])),
        domain=numbered(asked.get("domain")),
        now=asked["day"],
        scale=DEFAULT_SCALE,
    )
    return {name: half_up(getattr(found, name), 4) for name in ("estimate", "lo", "hi", "p_mastered")}
