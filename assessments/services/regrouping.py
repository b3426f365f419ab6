"""Those who stayed, once more: a board of these learners and their standards, changed and accepted like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from assessments.grouping import default_counts
from assessments.models import Group, GroupSuggestion, Wish
from assessments.services.board_trail import kept_settings
from assessments.services.boards import EditRefused, change_board
from assessments.services.closings import read_over
from assessments.services.policies import Policies
from assessments.services.suggesting import make_board, refresh_suggestion, settings_of_all, wait_for_suggestion
from profiles.models import Section


@dataclass(frozen=True)
class Again:
    """The board made, and the names of those who stay on their own path because that is wished."""

    suggestion: GroupSuggestion
    on_own_path: list[str]


@transaction.atomic
def group_again(*, section: Section, group_ids: Sequence[int], today: date) -> Again:
    """Make the section's suggestion one of those who stayed in these groups, on the standards of those groups.

    Everybody else is left out of the board, and their own groups go on when it is accepted. Wishes stay in force; where
    they part learners there are as many groups as they need. Where a suggestion waits already, this is one step on it
    that its Undo takes back; the next suggestion is of the whole class again.
    Raises EditRefused: nobody_stayed, or nothing (the class does not work on these standards anymore).
    """
    wait_for_suggestion(section)
    groups = list(Group.objects.filter(section=section, pk__in=group_ids).select_related("focus"))
    over = read_over(groups, Policies(section.district_id), today=today)
    stayed = [(group.focus_id, member) for group in groups for member in over[group.pk].again]
    own = _on_own_path(section)
    learners = sorted({member.learner_id for _, member in stayed} - own)
    if not learners:
        raise EditRefused("nobody_stayed")
    standards = sorted({focus for focus, member in stayed if member.learner_id not in own})
    current = GroupSuggestion.objects.select_for_update().filter(section=section, state="current").first()
    suggestion = current or refresh_suggestion(section)
    if suggestion is None:
        raise EditRefused("nothing")
    settings = again_settings(suggestion.settings, learners, standards)
    board = _board_that_holds(section, settings, today=today)
    if board is None:
        raise EditRefused("nothing")
    change_board(suggestion, board, settings=settings | {"k": board.get("k")})
    return Again(suggestion, [member.name for _, member in stayed if member.learner_id in own])


def again_settings(standing: dict, learners: Sequence[int], standards: Sequence[int]) -> dict:
    """Settings for these learners and standards alone; those of the whole class are kept for later."""
    whole = settings_of_all(standing)
    few = {"lo": 1, "hi": None, "own_path": False, "mixed": False, "standards": list(standards)}
    return {**kept_settings(whole), **few, "again": {"learners": list(learners), "settings": whole}}


def _board_that_holds(section: Section, settings: dict, *, today: date) -> dict | None:
    """The board with the fewest groups in which every wish holds; with the conflict where none does.

    None where there is nothing to group by.
    """
    learners, standards = len(settings["again"]["learners"]), len(settings["standards"])
    usual, _, _ = default_counts(learners)
    first = None
    for k in range(max(usual, min(standards, learners)), learners + 1):
        board = make_board(section, settings | {"k": k}, on=today)
        if board is None or "conflict" not in board:
            return board
        first = first or board
    return first


def _on_own_path(section: Section) -> set[int]:
    wishes = Wish.objects.filter(section=section, kind=Wish.Kind.PIN, own_path=True, lifted_at__isnull=True)
    return set(wishes.values_list("first_id", flat=True))
