"""What if: the board under other settings, made like any other and stored nowhere, beside the one that stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.models import GroupSuggestion
from assessments.services.board_trail import kept_settings
from assessments.services.suggesting import make_board
from profiles.models import Section


@dataclass(frozen=True)
class Change:
    """Learners who would work on another standard: from, to are ids, None for own path or no group."""

    learner: int
    before: int | None
    after: int | None


def try_settings(section: Section, suggestion: GroupSuggestion, settings: dict[str, Any], *, on: date) -> dict | None:
    """The board (suggesting.make_board) that change_settings would store; None where there is nothing to group by."""
    standing = suggestion.settings
    if standing.get("by_hand"):
        standing = kept_settings(standing)
    return make_board(section, standing | settings, on=on, standing=suggestion.board)


def changes(standing: dict, trial: dict) -> list[Change]:
    """Who would learn something else than on the standing board; a letter alone is no change."""
    before, after = dict(_topics(standing)), dict(_topics(trial))
    return [
        Change(learner, before[learner], topic)
        for learner, topic in after.items()
        if learner in before and before[learner] != topic
    ]


def _topics(board: dict) -> Iterator[tuple[int, int | None]]:
    for entry in board.get("groups", []):
        for member in entry["members"]:
            yield member["learner"], entry["focus"]
    for name in ("own", "unplaced"):
        for member in board.get(name, []):
            yield member["learner"], None
