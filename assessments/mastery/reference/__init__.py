"""This engine's answers to the cases of reference suites, our own and other systems' (docs/reference.md).

`answer(case)` and `reason_for(case, answer)` are all that a suite needs of an engine; `suite` runs the cases. Our own
cases stand in `cases/`. A new kind of case is one function in KINDS.
"""

from collections.abc import Callable
from typing import Any

from assessments.mastery.reference import histories, parents, scores
from assessments.mastery.reference.scores import METHOD_NAMES

KINDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "score": scores.score,
    "rescale": scores.rescale,
    "class_mean": scores.class_mean,
    "class_median": scores.class_median,
    "rating_percents": scores.rating_percents,
    "mastery_flag": scores.mastery_flag,
    "shown": histories.shown,
    "tree": histories.tree,
    "parent": parents.parent,
    "rule_all": parents.rule_all,
    "rule_points_config_valid": parents.rule_points_config_valid,
    "rule_points_match": parents.rule_points_match,
}

__all__ = ["KINDS", "METHOD_NAMES", "answer", "reason_for"]


NO_TRACING = (
    "Knowledge tracing is not a method of this engine; the peer's model stands in the bench "
    "(--adapter bench.bkt:answer)."
)


def answer(case: dict[str, Any]) -> Any:
    """Our answer to a case: a number at two decimals, half up, None for no value, or what its kind says.

    Raises KeyError for a method or a kind of case that this engine does not have.
    """
    return None if _is_tracing(case) else KINDS[case.get("kind", "score")](case)


def reason_for(case: dict[str, Any], answer: Any) -> str | None:
    """Why our answer differs on purpose, None where it should not."""
    return NO_TRACING if _is_tracing(case) else scores.reason_for(case, answer)


def _is_tracing(case: dict[str, Any]) -> bool:
    """Cases of knowledge tracing name no kind and no method, but the chances of their model."""
    return "probMastery" in case.get("params", ())
