"""Bayesian knowledge tracing with given parameters: a peer's model to compare with, not one that is shipped.

Source: Corbett and Anderson 1994. Parameters have the names that OATutor's files give them.
"""

from typing import Any


def trace(parameters: dict[str, float], responses: list[int]) -> list[float]:
    """The chance of having learned the skill after each response (1 right, 0 wrong)."""
    known, learn = parameters["probMastery"], parameters["probTransit"]
    guess, slip = parameters["probGuess"], parameters["probSlip"]
    found = []
    for right in responses:
        by_knowing = known * (1 - slip if right else slip)
        by_chance = (1 - known) * (guess if right else 1 - guess)
        known = by_knowing / (by_knowing + by_chance)
        known += (1 - known) * learn
        found.append(known)
    return found


def answer(case: dict[str, Any]) -> list[float]:
    """For `manage.py reference_suite FILE --adapter bench.bkt:answer`."""
    return trace(case["params"], case["responses"])
