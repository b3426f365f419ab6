"""Why a level fell after a result above what was shown: averages look back, and people ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.mastery.rounding import to_micro

REST_AVERAGED, CURVE, EXPECTED_LESS = "rest_averaged", "curve", "expected_less"
WHY = {"weighted": REST_AVERAGED, "power_law": CURVE, "tree": EXPECTED_LESS}
"""The reason of each method that may do it, a key that screens put into words; the other methods never do."""


@dataclass(frozen=True)
class Moment:
    """What the method gave after one of the counted events: a dot of the line on the receipt."""

    ts: float
    value_micro: int | None
    level: int | None


@dataclass(frozen=True)
class Lowered:
    """The newest result was above the value before it, and the level is lower than before.

    before_micro, after_micro: the values.    points, earlier_points: of the newest result and the one before it.
    why: REST_AVERAGED (the one before it no longer counts as the newest, but as one of all the earlier ones) or
        CURVE (one curve goes through all results in their order, and this one makes it rise less or fall more) or
        EXPECTED_LESS (other work, time or a level set in between had lowered what the tree expected before it).
    """

    before_micro: int
    after_micro: int
    level_before: int
    level_after: int
    points: float
    earlier_points: float
    why: str


def lowered_by_better(method: str, course: Sequence[Moment], points: Sequence[float]) -> Lowered | None:
    """What to explain about the newest event; None where it lowered nothing, or was not above the value before.

    course, points: of the counted events, oldest first.
    """
    if len(course) < 2:
        return None
    before, after = course[-2], course[-1]
    if before.value_micro is None or after.value_micro is None or before.level is None or after.level is None:
        return None
    if to_micro(points[-1]) <= before.value_micro or after.level >= before.level:
        return None
    return Lowered(
        before_micro=before.value_micro,
        after_micro=after.value_micro,
        level_before=before.level,
        level_after=after.level,
        points=points[-1],
        earlier_points=points[-2],
        why=WHY[method],
    )
