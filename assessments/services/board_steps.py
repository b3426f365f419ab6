"""What every edit of a board is made of: the board held, who stands where, the wish, the board stored again."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone

from assessments.grouping import NO_GROUP, OWN, weigh
from assessments.models import GroupSuggestion, Wish
from assessments.services import board_trail
from assessments.services.board_facts import describe, index_of
from assessments.services.board_trail import OWN_NAME, StaleBoard
from assessments.services.group_plans import Plan, plan_of
from assessments.services.guarding import worth_a_thought
from assessments.services.suggesting import make_board, split_absent
from profiles.models import Account, Section

NOWHERE = "none"
MOST_UNDOS = 20


class EditRefused(ValueError):
    """An edit that makes no sense on this board; the message says why."""


def locked(section: Section, version: int | None = None) -> GroupSuggestion:
    """The standing board, held until the transaction ends. Raises StaleBoard: there is none, or of another version."""
    suggestion = (
        GroupSuggestion.objects.select_for_update().filter(section=section, state=GroupSuggestion.State.CURRENT).first()
    )
    if suggestion is None or version not in (None, suggestion.version):
        raise StaleBoard(suggestion)
    return suggestion


def plan_and_places(section: Section, suggestion: GroupSuggestion) -> tuple[Plan, np.ndarray]:
    """The problem behind the board, and who stands where on it now (index, OWN or NO_GROUP by row)."""
    board = suggestion.board
    if "groups" not in board:
        raise EditRefused("conflict")
    # The standards of the board stay: an edit changes who sits where, not what there is to learn.
    fixed = {name: board[name] for name in ("standards", "k", "lo", "hi")}
    plan = plan_of(section, suggestion.settings | fixed, on=today_of(section), board=board)
    if plan is None:
        raise EditRefused("nobody")
    row = {learner.pk: i for i, learner in enumerate(plan.needs.learners)}
    places = np.full(len(plan.needs.learners), NO_GROUP)
    for entry in board["groups"]:
        for member in entry["members"]:
            if member["learner"] in row:
                places[row[member["learner"]]] = index_of(entry["letter"])
    for member in board["own"]:
        if member["learner"] in row:
            places[row[member["learner"]]] = OWN
    return plan, places


def row_of(plan: Plan, learner_id: int) -> int:
    for row, learner in enumerate(plan.needs.learners):
        if learner.pk == learner_id:
            return row
    raise EditRefused("no_such_learner")


def place_of(suggestion: GroupSuggestion, to: str) -> int:
    if to == OWN_NAME:
        return OWN
    if to == NOWHERE and suggestion.settings.get("by_hand"):
        return NO_GROUP
    if all(entry["letter"] != to for entry in suggestion.board["groups"]):
        raise EditRefused("no_such_group")
    return index_of(to)


def pin(section: Section, suggestion: GroupSuggestion, learner_id: int, to: str, by: Account) -> tuple[list, list]:
    """Ids of the wishes made and lifted: a learner has one place to be pinned to."""
    lifted = list(wishes_in_force(section).filter(kind=Wish.Kind.PIN, first_id=learner_id).values_list("pk", flat=True))
    lift(lifted)
    if to == NOWHERE:
        return [], lifted
    focus = next((entry["focus"] for entry in suggestion.board["groups"] if entry["letter"] == to), None)
    wish = Wish.objects.create(
        section=section,
        kind=Wish.Kind.PIN,
        first_id=learner_id,
        standard_id=focus,
        own_path=to == OWN_NAME,
        created_by=by,
    )
    return [wish.pk], lifted


def today_of(section: Section) -> date:
    return timezone.localdate(timezone=ZoneInfo(section.district.time_zone))


def wishes_in_force(section: Section):
    return Wish.objects.filter(section=section, lifted_at__isnull=True)


def lift(ids: list[int]) -> None:
    Wish.objects.filter(pk__in=ids, lifted_at__isnull=True).update(lifted_at=timezone.now())


def undo_step(suggestion: GroupSuggestion, *, made: list | None = None, lifted: list | None = None) -> dict:
    board = {name: value for name, value in suggestion.board.items() if name not in {"undo", "trail"}}
    return {"board": board, "made": made or [], "lifted": lifted or []}


def solve_again(section: Section, suggestion: GroupSuggestion, *, undo: dict) -> GroupSuggestion:
    board = make_board(section, suggestion.settings, on=today_of(section), standing=suggestion.board)
    if board is None:
        raise EditRefused("nobody")
    return step(suggestion, board, undo=undo)


def step(suggestion: GroupSuggestion, board: dict, *, undo: dict) -> GroupSuggestion:
    """Store the board as one step that undo (of undo_step) takes back."""
    steps = [*suggestion.board.get("undo", []), undo][-MOST_UNDOS:]
    return save(suggestion, board | {"undo": steps}, settled="settings" in undo)


def store(suggestion: GroupSuggestion, plan: Plan, places: np.ndarray, *, undo: dict) -> GroupSuggestion:
    """The board as edited: topics stay, reasons and parts are worked out for the new places."""
    columns = {standard.pk: i for i, standard in enumerate(plan.needs.standards[: plan.needs.topics])}
    foci = np.full(plan.problem.k, -1)
    for entry in suggestion.board["groups"]:
        if entry["focus"] in columns:
            foci[index_of(entry["letter"])] = columns[entry["focus"]]
    pinned = {
        row: int(places[row])
        for row in plan.rows_of(
            wishes_in_force(suggestion.section).filter(kind=Wish.Kind.PIN).values_list("first_id", flat=True)
        )
        if places[row] != NO_GROUP
    }
    problem = replace(plan.problem, pinned=pinned)
    found = weigh(problem, places, foci=foci)
    kept = {group: int(focus) for group, focus in enumerate(foci) if focus >= 0}
    board = describe(plan.needs, problem, found, adults=suggestion.board["adults"], last=plan.last.said(), kept=kept)
    if "again" not in suggestion.settings:
        section = suggestion.section
        board["thoughts"] = worth_a_thought(section, plan.needs, problem, found, on=today_of(section))
    return step(suggestion, split_absent(board, suggestion.settings), undo=undo)


def save(suggestion: GroupSuggestion, board: dict, *, settled: bool) -> GroupSuggestion:
    suggestion.version, suggestion.updated_at = suggestion.version + 1, timezone.now()
    suggestion.board = board_trail.followed(suggestion, board, settled=settled)
    suggestion.save(update_fields=["board", "version", "updated_at", "settings"])
    return suggestion
