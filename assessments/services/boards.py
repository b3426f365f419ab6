"""Editing, accepting and dismissing the suggested board of a section.

Every edit is a wish that the next suggestion keeps, listed and removable, and can be undone. The version of the board
that the editor saw comes with every act: a newer board is answered with StaleBoard, and nothing is lost.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from assessments.grouping import NO_GROUP, OWN, weigh
from assessments.models import Group, GroupMember, GroupSuggestion, Wish
from assessments.services.group_starts import read_starts
from assessments.services.policies import Policies
from assessments.services.suggesting import (
    Plan,
    describe,
    make_board,
    plan_of,
    refresh_suggestion,
    settings_of_all,
    split_absent,
    wait_for_suggestion,
)
from assessments.services.suggesting import letter as letter_of
from lrm.rows import read
from profiles.models import Account, Enrollment, Section

OWN_NAME = "own"
MOST_UNDOS = 20
DAYS = 7


STAFF = """
SELECT n.role, a.given_name, a.family_name FROM profiles_enrollment n JOIN profiles_account a ON a.id = n.account_id
 WHERE n.roster_id = %(roster)s AND n.role <> 'learner' AND (n.section_id IS NULL OR n.section_id = %(section)s)
   AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
"""


class StaleBoard(Exception):
    """Somebody else, or newer results, changed the board first. `suggestion`: the board as it is now."""

    def __init__(self, suggestion: GroupSuggestion | None) -> None:
        super().__init__("The board has changed.")
        self.suggestion = suggestion


class EditRefused(ValueError):
    """An edit that makes no sense on this board; the message says why."""


def current_board(section: Section) -> GroupSuggestion | None:
    return GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.CURRENT).first()


@transaction.atomic
def move_learner(*, section: Section, version: int, learner_id: int, to: str, by: Account) -> GroupSuggestion:
    """Put a learner into a group (its letter) or on their own path ("own"), and wish it for the next suggestion."""
    suggestion = _locked(section, version)
    plan, places = _plan(section, suggestion)
    row = _row(plan, learner_id)
    place = _place(suggestion, to)
    if place == OWN and not plan.problem.own_path:
        raise EditRefused("own_path_off")
    made, lifted = _pin(section, suggestion, learner_id, to, by)
    places[row] = place
    return _store(suggestion, plan, places, undo=_undo(suggestion, made=made, lifted=lifted))


@transaction.atomic
def wish_pair(
    *, section: Section, version: int, kind: str, first_id: int, second_id: int, by: Account
) -> GroupSuggestion:
    """Keep two learners apart, or together: the board is solved anew under the wish."""
    suggestion = _locked(section, version)
    plan, _places = _plan(section, suggestion)
    _row(plan, first_id), _row(plan, second_id)
    if first_id == second_id or kind not in {Wish.Kind.APART, Wish.Kind.TOGETHER}:
        raise EditRefused("two_learners")
    standing = _wishes(section).filter(
        kind=kind, first_id__in=[first_id, second_id], second_id__in=[first_id, second_id]
    )
    made = []
    if not standing.exists():
        wish = Wish.objects.create(section=section, kind=kind, first_id=first_id, second_id=second_id, created_by=by)
        made.append(wish.pk)
    return _solve_again(section, suggestion, undo=_undo(suggestion, made=made))


@transaction.atomic
def wish_absent(*, section: Section, version: int, learner_id: int, by: Account) -> GroupSuggestion:
    """Leave a learner who is away today out of the groups; lifted like any wish."""
    suggestion = _locked(section, version)
    plan, _places = _plan(section, suggestion)
    _row(plan, learner_id)
    made = []
    if not _wishes(section).filter(kind=Wish.Kind.ABSENT, first_id=learner_id).exists():
        made.append(Wish.objects.create(section=section, kind=Wish.Kind.ABSENT, first_id=learner_id, created_by=by).pk)
    return _solve_again(section, suggestion, undo=_undo(suggestion, made=made))


@transaction.atomic
def lift_wish(*, section: Section, version: int, wish_id: int) -> GroupSuggestion:
    """Take a wish back; the board is solved anew without it. One that is lifted already stays so."""
    suggestion = _locked(section, version)
    lifted = list(_wishes(section).filter(pk=wish_id).values_list("pk", flat=True))
    _lift(lifted)
    return _solve_again(section, suggestion, undo=_undo(suggestion, lifted=lifted))


@transaction.atomic
def change_settings(*, section: Section, version: int, settings: dict) -> GroupSuggestion:
    """Another number of groups, sizes, adults, own path or standards; the board is solved anew."""
    suggestion = _locked(section, version)
    undo = _undo(suggestion) | {"settings": suggestion.settings}
    suggestion.settings = {**suggestion.settings, **settings}
    return _solve_again(section, suggestion, undo=undo)


def change_board(suggestion: GroupSuggestion, board: dict, *, settings: dict) -> GroupSuggestion:
    """Put a board made under other settings in place of the one that stands, as one step that can be taken back.

    suggestion: locked by the caller's transaction.
    """
    undo = _undo(suggestion) | {"settings": suggestion.settings}
    steps = [*suggestion.board.get("undo", []), undo][-MOST_UNDOS:]
    suggestion.settings = settings
    return _save(suggestion, board | {"undo": steps})


@transaction.atomic
def take_whole_class(*, section: Section, version: int) -> GroupSuggestion:
    """From a board of a few to one of everybody, under the settings that the class had before."""
    suggestion = _locked(section, version)
    undo = _undo(suggestion) | {"settings": suggestion.settings}
    suggestion.settings = settings_of_all(suggestion.settings)
    return _solve_again(section, suggestion, undo=undo)


@transaction.atomic
def undo_last(*, section: Section, version: int) -> GroupSuggestion:
    """Take back the last edit of the board: its wish, and who stood where. Raises EditRefused: nothing to undo."""
    suggestion = _locked(section, version)
    steps = suggestion.board.get("undo", [])
    if not steps:
        raise EditRefused("nothing_to_undo")
    last = steps[-1]
    _lift(last["made"])
    Wish.objects.filter(pk__in=last["lifted"]).update(lifted_at=None)
    if "settings" in last:
        suggestion.settings = last["settings"]
    board = last["board"] | {"undo": steps[:-1]}
    return _save(suggestion, board)


@transaction.atomic
def accept_board(*, section: Section, version: int, by: Account, ends_on: date | None = None) -> list[Group]:
    """Make the board's groups the section's groups, from today until a date; earlier ones end today.

    Of a board of a few only their own groups, which are on their last day, end; others go on and keep their letters.
    Who has left the roster meanwhile is in none. What is known of each member on the focus is kept with the group.

    Accepting the same board twice equals once, and returns the groups that it made.
    """
    try:
        suggestion = _locked(section, version)
    except StaleBoard:
        last = GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.ACCEPTED)
        accepted = last.order_by("-updated_at").first()
        if accepted is None or accepted.version != version:
            raise
        return list(accepted.groups.all())
    if "groups" not in suggestion.board:
        raise EditRefused("conflict")
    today = _today(section)
    now = timezone.now()
    planned = suggestion.board["groups"]
    focus_of = {member["learner"]: entry["focus"] for entry in planned for member in entry["members"]}
    policies = Policies(section.district_id)
    starts = read_starts(section.roster_id, focus_of, policies=policies, on=today, at=now)
    running = Group.objects.filter(section=section, closed_at__isnull=True)
    letters = [entry["letter"] for entry in planned]
    if "again" in suggestion.settings:
        theirs = GroupMember.objects.filter(group__in=running, learner__in=list(focus_of)).values("group")
        running = running.filter(pk__in=theirs, ends_on__lte=today)
        letters = _free_letters(section, running, len(planned))
    running.update(closed_at=now, ends_on=Least("ends_on", Value(today)))
    leaders = leaders_of(section)
    groups = [
        Group(
            section=section,
            suggestion=suggestion,
            letter=letter,
            purpose=entry["purpose"],
            focus_id=entry["focus"],
            is_led=entry["adult"] is not None and entry["turn"] == 0,
            adult=leader(entry["adult"], leaders),
            starts_on=today,
            ends_on=max(ends_on or today + timedelta(days=DAYS), today),
        )
        for letter, entry in zip(letters, planned, strict=True)
    ]
    Group.objects.bulk_create(groups)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, learner_id=pk, reason={"reasons": member["reasons"]}, **starts[pk])
        for group, entry in zip(groups, planned, strict=True)
        for member in entry["members"]
        if (pk := member["learner"]) in starts
    )
    suggestion.state, suggestion.decided_by, suggestion.updated_at = GroupSuggestion.State.ACCEPTED, by, now
    suggestion.save(update_fields=["state", "decided_by", "updated_at"])
    # Absence is a wish for one day: the groups are made.
    _wishes(section).filter(kind=Wish.Kind.ABSENT).update(lifted_at=now)
    return groups


def _free_letters(section: Section, ending: QuerySet[Group], n: int) -> list[str]:
    """The first n letters that no group has which goes on beside the new ones."""
    going_on = Group.objects.filter(section=section, closed_at__isnull=True).exclude(pk__in=ending.values("pk"))
    taken = set(going_on.values_list("letter", flat=True))
    return list(islice((name for name in map(letter_of, count()) if name not in taken), n))


def leaders_of(section: Section) -> list[str]:
    """Names of the section's staff today, teachers before co-teachers before the others: who may lead a group."""
    order = {Enrollment.Role.TEACHER: 0, Enrollment.Role.CO_TEACHER: 1}
    staff = read(STAFF, roster=section.roster_id, section=section.pk, on=_today(section))
    named = sorted((order.get(row.role, 2), f"{row.given_name} {row.family_name}".strip()) for row in staff)
    return list(dict.fromkeys(name for _place, name in named))


def leader(adult: int | None, leaders: list[str]) -> str:
    """The name of the adult of a group; "" where nobody leads it, or the adult is not on the roster."""
    return leaders[adult] if adult is not None and adult < len(leaders) else ""


@transaction.atomic
def dismiss_board(*, section: Section, version: int, by: Account, because: str = "") -> None:
    """Not now: the suggestion goes, wishes stay, and the next assessment makes a new one."""
    suggestion = _locked(section, version)
    suggestion.state, suggestion.decided_by = GroupSuggestion.State.DISMISSED, by
    suggestion.dismissed_because, suggestion.updated_at = because.replace("\0", "").strip()[:280], timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "dismissed_because", "updated_at"])


@transaction.atomic
def start_board(section: Section) -> GroupSuggestion | None:
    """A board on request, where none is waiting; None where there is nothing to group by yet."""
    wait_for_suggestion(section)
    standing = current_board(section)
    return standing if standing is not None else refresh_suggestion(section)


def _locked(section: Section, version: int) -> GroupSuggestion:
    suggestion = (
        GroupSuggestion.objects.select_for_update().filter(section=section, state=GroupSuggestion.State.CURRENT).first()
    )
    if suggestion is None or suggestion.version != version:
        raise StaleBoard(suggestion)
    return suggestion


def _plan(section: Section, suggestion: GroupSuggestion) -> tuple[Plan, np.ndarray]:
    """The problem behind the board, and who stands where on it now (index, OWN or NO_GROUP by row)."""
    board = suggestion.board
    if "groups" not in board:
        raise EditRefused("conflict")
    # The standards of the board stay: an edit changes who sits where, not what there is to learn.
    settings = suggestion.settings | {"standards": board["standards"], "k": board["k"]}
    plan = plan_of(section, settings, on=_today(section))
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


def index_of(name: str) -> int:
    """A is 0, Z is 25, AA is 26. Raises EditRefused for anything that is no letter of a group."""
    number = 0
    for character in name:
        if not "A" <= character <= "Z":
            raise EditRefused("no_such_group")
        number = number * 26 + ord(character) - ord("A") + 1
    if not number:
        raise EditRefused("no_such_group")
    return number - 1


def _row(plan: Plan, learner_id: int) -> int:
    for row, learner in enumerate(plan.needs.learners):
        if learner.pk == learner_id:
            return row
    raise EditRefused("no_such_learner")


def _place(suggestion: GroupSuggestion, to: str) -> int:
    if to == OWN_NAME:
        return OWN
    if all(entry["letter"] != to for entry in suggestion.board["groups"]):
        raise EditRefused("no_such_group")
    return index_of(to)


def _pin(section: Section, suggestion: GroupSuggestion, learner_id: int, to: str, by: Account) -> tuple[list, list]:
    """Ids of the wishes made and lifted: a learner has one place to be pinned to."""
    lifted = list(_wishes(section).filter(kind=Wish.Kind.PIN, first_id=learner_id).values_list("pk", flat=True))
    _lift(lifted)
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


def _today(section: Section) -> date:
    return timezone.localdate(timezone=ZoneInfo(section.district.time_zone))


def _wishes(section: Section):
    return Wish.objects.filter(section=section, lifted_at__isnull=True)


def _lift(ids: list[int]) -> None:
    Wish.objects.filter(pk__in=ids, lifted_at__isnull=True).update(lifted_at=timezone.now())


def _undo(suggestion: GroupSuggestion, *, made: list | None = None, lifted: list | None = None) -> dict:
    board = {name: value for name, value in suggestion.board.items() if name != "undo"}
    return {"board": board, "made": made or [], "lifted": lifted or []}


def _solve_again(section: Section, suggestion: GroupSuggestion, *, undo: dict) -> GroupSuggestion:
    board = make_board(section, suggestion.settings, on=_today(section))
    if board is None:
        raise EditRefused("nobody")
    return _save(suggestion, board | {"undo": [*suggestion.board.get("undo", []), undo][-MOST_UNDOS:]})


def _store(suggestion: GroupSuggestion, plan: Plan, places: np.ndarray, *, undo: dict) -> GroupSuggestion:
    """The board as edited: topics stay, reasons and parts are worked out for the new places."""
    columns = {standard.pk: i for i, standard in enumerate(plan.needs.standards[: plan.needs.topics])}
    foci = np.full(plan.problem.k, -1)
    for entry in suggestion.board["groups"]:
        if entry["focus"] in columns:
            foci[index_of(entry["letter"])] = columns[entry["focus"]]
    pinned = {
        row: int(places[row])
        for row in plan.rows_of(
            _wishes(suggestion.section).filter(kind=Wish.Kind.PIN).values_list("first_id", flat=True)
        )
        if places[row] != NO_GROUP
    }
    problem = replace(plan.problem, pinned=pinned)
    found = weigh(problem, places, foci=foci)
    board = split_absent(describe(plan.needs, problem, found, adults=suggestion.board["adults"]), suggestion.settings)
    return _save(suggestion, board | {"undo": [*suggestion.board.get("undo", []), undo][-MOST_UNDOS:]})


def _save(suggestion: GroupSuggestion, board: dict) -> GroupSuggestion:
    suggestion.board, suggestion.version, suggestion.updated_at = board, suggestion.version + 1, timezone.now()
    suggestion.save(update_fields=["board", "version", "updated_at", "settings"])
    return suggestion
