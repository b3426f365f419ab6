"""What may be shown of the answers to a poll. Pure: choices in, words and counts out."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""Nothing is shown of fewer answers."""
SMALLEST = 3
"""Of an anonymous poll no count from 1 to below this is shown, and none from which it could be worked out."""


@dataclass(frozen=True)
class Shown:
    """count: None where it is kept back; then `is_most` says whether most chose it."""

    text: str
    count: int | None
    is_most: bool = False


def shown_results(
    options: Sequence[str], answers: Sequence[Sequence[int]], *, is_anonymous: bool, many: bool
) -> list[Shown] | None:
    """None below LEAST answers. answers: places in options. many: several could be chosen.

    Of an anonymous poll a small count is kept back; where the others would tell it, because counts add up, the next
    smallest is kept back too; and where everybody chose the same, so is that.
    """
    if len(answers) < LEAST:
        return None
    counts = [sum(place in answer for answer in answers) for place in range(len(options))]
    hidden = _hidden(counts, len(answers), many) if is_anonymous else set()
    top = max(counts)
    return [
        Shown(text, None if place in hidden else counts[place], place in hidden and counts[place] == top)
        for place, text in enumerate(options)
    ]


def _hidden(counts: Sequence[int], n: int, many: bool) -> set[int]:
    """A choice that all or nearly all made says as much about each of them as one that nearly nobody made."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST or count > n - SMALLEST}
    if many or not hidden:
        return hidden
    if len(hidden) == 1 and len([count for count in counts if count]) > 1:
        left = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden.add(min(left, key=lambda place: (counts[place], place)))
    return hidden
