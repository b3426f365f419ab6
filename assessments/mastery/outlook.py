"""What would it take? The next result, and what each possible mark would make of the level."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessments.mastery.methods import Method, Parameters
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import Scale, level_from_micro

FARTHEST = 20
"""How many results in a row are looked ahead at most."""


@dataclass(frozen=True)
class Try:
    """What one more result with this mark would show; None for no value yet."""

    mark: int
    value_micro: int | None
    level: int | None


@dataclass(frozen=True)
class Outlook:
    """What would it take, by the same method.

    tries: one per mark of the scale, lowest first.    target: the next level (the mastery level where the method
        gives none yet); None at the top.
    reach: the lowest mark whose single try reaches the target; None: one try cannot.
    keeps: the marks that leave the level as it is.
    top_marks_needed: how many top marks in a row reach the target; None: not within FARTHEST, or no target.
    """

    tries: tuple[Try, ...]
    target: int | None
    reach: int | None
    keeps: tuple[int, ...]
    top_marks_needed: int | None


def what_would_it_take(
    points: Sequence[float],
    weights: Sequence[float],
    *,
    method: Method,
    parameters: Parameters,
    scale: Scale,
    replaces: bool = False,
) -> Outlook:
    """Look ahead from the results that count now.

    points, weights: of the counted events, oldest first, n >= 0; the next try has weight 1.
    replaces: the next try is a re-assessment, so that the ones before it no longer count.
    """
    known = ([], []) if replaces else (list(points), list(weights))

    def after(marks: list[int], start: tuple[list[float], list[float]] = known) -> tuple[int | None, int | None]:
        x, w = start[0] + [float(mark) for mark in marks], start[1] + [1.0] * len(marks)
        value = method.value(x, w, parameters) if x else None
        if value is None:
            return None, None
        micro = to_micro(value)
        return micro, int(level_from_micro(micro, scale.levels, whole=parameters.whole))

    return look_ahead(after, level=after([], (list(points), list(weights)))[1], scale=scale)


def look_ahead(
    after: Callable[[list[int]], tuple[int | None, int | None]], *, level: int | None, scale: Scale
) -> Outlook:
    """The outlook from a level, None for none yet.  after(marks): micro value and level once these marks follow."""
    target = scale.mastery_level if level is None else level + 1
    tries = tuple(Try(mark, *after([mark])) for mark in range(1, scale.levels + 1))
    keeps = tuple(t.mark for t in tries if level is not None and t.level == level)
    if target > scale.levels:
        return Outlook(tries, None, None, keeps, None)
    reach = next((t.mark for t in tries if t.level is not None and t.level >= target), None)
    needed = None
    for n in range(1, FARTHEST + 1):
        reached = after([scale.levels] * n)[1]
        if reached is not None and reached >= target:
            needed = n
            break
    return Outlook(tries, target, reach, keeps, needed)
