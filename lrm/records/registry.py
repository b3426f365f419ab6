"""What apps say of rows that several people share."""

from collections.abc import Callable, Iterable
from typing import Any

Part = Callable[[Any], Iterable[dict[str, Any]]]
"""(learner) -> what of the shared rows is this learner's, as plain values."""
Cut = Callable[[Any], int]
"""(leaving: see profiles.services.erasures.leaving.Leaving) -> how many rows it has changed or taken away."""

PARTS: dict[str, Part] = {}
CUTS: dict[str, Cut] = {}


def part(label: str) -> Callable[[Part], Part]:
    """Let a function say what of a model's rows is one learner's. Raises ValueError: another one does."""

    def register(function: Part) -> Part:
        if PARTS.setdefault(label, function) is not function:
            raise ValueError(f"Two functions say what of {label} is one learner's.")
        return function

    return register


def cut(label: str) -> Callable[[Cut], Cut]:
    """Let a function take one learner out of a model's rows. Raises ValueError: another one does."""

    def register(function: Cut) -> Cut:
        if CUTS.setdefault(label, function) is not function:
            raise ValueError(f"Two functions take a learner out of {label}.")
        return function

    return register
