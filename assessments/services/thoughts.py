"""What a teacher decides about the thoughts on a board: to keep the board as it is, remembered for a while."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from assessments.models import GroupSuggestion, KeptThought
from assessments.services.board_steps import locked, step, undo_step
from profiles.models import Account, Section


def key_of(thought: dict[str, Any]) -> str:
    """Names a thought in a form: "lowest.12", or "grade:04"."""
    return f"{thought['about']}.{thought['learner']}" if "learner" in thought else thought["about"]


@transaction.atomic
def keep_thoughts(*, section: Section, keys: Collection[str], by: Account) -> GroupSuggestion:
    """Leave the board as it is and do not bring these thoughts up again for a while; one step that undo takes back.

    Means the same on any version of the board; keys that are not on it any more are left out.
    """
    suggestion = locked(section)
    thoughts = suggestion.board.get("thoughts", [])
    decided = [thought for thought in thoughts if key_of(thought) in keys]
    if not decided:
        return suggestion
    kept = [
        KeptThought.objects.create(
            section=section, learner_id=thought.get("learner"), about=thought["about"], kept_by=by
        ).pk
        for thought in decided
    ]
    left = [thought for thought in thoughts if thought not in decided]
    undo = undo_step(suggestion) | {"kept": kept}
    return step(suggestion, undo["board"] | {"thoughts": left}, undo=undo)
