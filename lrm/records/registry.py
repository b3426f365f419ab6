"""What apps say of rows that several people share."""

from collections.abc import Callable, Iterable
from typing import Any

Part = Callable[[Any], Iterable[dict[str, Any]]]
"""(learner) -> what of the shared rows is this learner's, as plain values."""
Cut = Callable[[Any], int]
"""(leaving: see profiles.services.erasures.leaving.Leaving) -> how many rows it has changed or taken away."""

Move = Callable[[Any, int, int], int]
"""(model, id of the learner who goes, id of the key without a name) -> how many rows have moved."""

PARTS: dict[str, Part] = {}
CUTS: dict[str, Cut] = {}
MOVES: dict[str, Move] = {}
"""Of models whose rows stay under a key without a name; without an entry, their `learner` is set."""


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


def move(label: str) -> Callable[[Move], Move]:
    """Let a function move a model's rows to a key without a name. Raises ValueError: another one does."""

    def register(function: Move) -> Move:
        if MOVES.setdefault(label, function) is not function:
            raise ValueError(f"Two functions move rows of {label}.")
        return function

    return register
