"""Editing, accepting and dismissing the suggested board of a section.

Every edit is a wish that the next suggestion keeps, listed and removable, and can be undone. The version of the board
that the editor saw comes with every act: a step that means the same on a newer board is taken there, any other is
answered with StaleBoard and the board as it is now; see board_trail.py.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments.grouping import OWN, counts_for
from assessments.models import Group, GroupMember, GroupSuggestion, KeptThought, SectionStandard, Wish
from assessments.services import board_trail
from assessments.services.board_facts import letter as letter_of
from assessments.services.board_steps import (
    EditRefused,
    lift,
    locked,
    pin,
    place_of,
    plan_and_places,
    row_of,
    save,
    solve_again,
    step,
    store,
    today_of,
    undo_step,
    wishes_in_force,
)
from assessments.services.board_trail import StaleBoard
from assessments.services.group_planning import ending_by, plan_groups, read_room
from assessments.services.group_starts import read_starts
from assessments.services.group_turnover import turn_over
from assessments.services.policies import Policies
from assessments.services.suggesting import first_settings, refresh_suggestion, settings_of_all, wait_for_suggestion
from assessments.services.telling import lift_absences_and_tell
from profiles.models import Account, Section


def current_board(section: Section) -> GroupSuggestion | None:
    return GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.CURRENT).first()


@transaction.atomic
def move_learner(*, section: Section, version: int, learner_id: int, to: str, by: Account) -> GroupSuggestion:
    """Put a learner into a group (its letter) or on their own path ("own"), and wish it for the next suggestion.

    On a board that is filled by hand "none" takes the learner out of the groups again.
    """
    suggestion = locked(section)
    if suggestion.version != version:
        to = board_trail.target(suggestion, version, learner_id=learner_id, to=to)
    plan, places = plan_and_places(section, suggestion)
    row = row_of(plan, learner_id)
    if row in plan.problem.absent:
        raise EditRefused("no_such_learner")
    place = place_of(suggestion, to)
    if place == OWN and not plan.problem.own_path:
        raise EditRefused("own_path_off")
    made, lifted = pin(section, suggestion, learner_id, to, by)
    places[row] = place
    return store(suggestion, plan, places, undo=undo_step(suggestion, made=made, lifted=lifted))


@transaction.atomic
def wish_pair(
    *, section: Section, version: int, kind: str, first_id: int, second_id: int, by: Account
) -> GroupSuggestion:
    """Keep two learners apart, or together: the board is solved anew under the wish. Means the same on any board."""
    suggestion = locked(section)
    plan, _places = plan_and_places(section, suggestion)
    row_of(plan, first_id), row_of(plan, second_id)
    if first_id == second_id or kind not in {Wish.Kind.APART, Wish.Kind.TOGETHER}:
        raise EditRefused("two_learners")
    standing = wishes_in_force(section).filter(
        kind=kind, first_id__in=[first_id, second_id], second_id__in=[first_id, second_id]
    )
    made = []
    if not standing.exists():
        wish = Wish.objects.create(section=section, kind=kind, first_id=first_id, second_id=second_id, created_by=by)
        made.append(wish.pk)
    return solve_again(section, suggestion, undo=undo_step(suggestion, made=made))


@transaction.atomic
def wish_absent(*, section: Section, version: int, learner_id: int, by: Account) -> GroupSuggestion:
    """Leave a learner who is away today out of the groups; lifted like any wish. Means the same on any board."""
    suggestion = locked(section)
    plan, _places = plan_and_places(section, suggestion)
    row_of(plan, learner_id)
    made = []
    if not wishes_in_force(section).filter(kind=Wish.Kind.ABSENT, first_id=learner_id).exists():
        made.append(Wish.objects.create(section=section, kind=Wish.Kind.ABSENT, first_id=learner_id, created_by=by).pk)
    return solve_again(section, suggestion, undo=undo_step(suggestion, made=made))


@transaction.atomic
def lift_wish(*, section: Section, version: int, wish_id: int) -> GroupSuggestion:
    """Take a wish back; the board is solved anew without it. One that is lifted already stays so, on any board."""
    suggestion = locked(section)
    lifted = list(wishes_in_force(section).filter(pk=wish_id).values_list("pk", flat=True))
    lift(lifted)
    return solve_again(section, suggestion, undo=undo_step(suggestion, lifted=lifted))


@transaction.atomic
def change_settings(*, section: Section, version: int, settings: dict) -> GroupSuggestion:
    """Another number of groups, sizes, adults, own path or standards; the board is solved anew, by the solver.

    On a newer board it is taken where the settings are still those that the editor saw.
    """
    suggestion = locked(section)
    if suggestion.version != version:
        board_trail.check_settings(suggestion, version)
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    if suggestion.settings.get("by_hand"):
        suggestion.settings = board_trail.filled_by_solver(suggestion.settings)
    suggestion.settings = suggestion.settings | settings
    return solve_again(section, suggestion, undo=undo)


@transaction.atomic
def empty_board(*, section: Section, version: int) -> GroupSuggestion:
    """Begin by hand: the groups and topics stay, nobody is in them, and only wishes place somebody. Can be undone."""
    suggestion = locked(section, version)
    if "groups" not in suggestion.board:
        raise EditRefused("conflict")
    lifted = list(wishes_in_force(section).filter(kind=Wish.Kind.PIN).values_list("pk", flat=True))
    undo = undo_step(suggestion, lifted=lifted) | {"settings": suggestion.settings}
    lift(lifted)
    topics = {entry["letter"]: entry["focus"] for entry in suggestion.board["groups"]}
    counts = {name: suggestion.board[name] for name in ("k", "lo", "hi", "standards")}
    suggestion.settings = suggestion.settings | {"by_hand": counts, "topics": topics}
    return solve_again(section, suggestion, undo=undo)


def change_board(suggestion: GroupSuggestion, board: dict, *, settings: dict) -> GroupSuggestion:
    """Put a board made under other settings in place of the one that stands, as one step that can be taken back.

    suggestion: locked by the caller's transaction.
    """
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    suggestion.settings = settings
    return step(suggestion, board, undo=undo)


@transaction.atomic
def take_whole_class(*, section: Section, version: int) -> GroupSuggestion:
    """From a board of a few to one of everybody, under the settings that the class had before."""
    suggestion = locked(section, version)
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    suggestion.settings = settings_of_all(suggestion.settings)
    return solve_again(section, suggestion, undo=undo)


@transaction.atomic
def undo_last(*, section: Section, version: int) -> GroupSuggestion:
    """Take back the last edit of the board: its wish, and who stood where. Raises EditRefused: nothing to undo."""
    suggestion = locked(section, version)
    steps = suggestion.board.get("undo", [])
    if not steps:
        raise EditRefused("nothing_to_undo")
    last = steps[-1]
    lift(last["made"])
    Wish.objects.filter(pk__in=last["lifted"]).update(lifted_at=None)
    KeptThought.objects.filter(pk__in=last.get("kept", [])).delete()
    if "settings" in last:
        suggestion.settings = last["settings"]
    elif "meets" in last:
        suggestion.settings = suggestion.settings | {"meets": last["meets"]}
    board = last["board"] | {"undo": steps[:-1]}
    return save(suggestion, board, settled="settings" in last)


@transaction.atomic
def accept_board(*, section: Section, version: int, by: Account, ends_on: date | None = None) -> list[Group]:
    """Make the board's groups the section's groups, as they are planned (group_planning.py); earlier ones end.

    Without dates settled they are on from today for a week, in a block on its days, or until `ends_on`. Earlier ones
    end today, or on the day before where the first of the new ones begins later. Of a board of a few only their own
    groups, which are on their last day, end; others go on and keep their letters. Who is on their own path on the board
    is so for as long.
    Who has left the roster meanwhile is in none. What is known of each member on the focus is kept with the group.

    Accepting the same board twice equals once, and returns the groups that it made.
    """
    try:
        suggestion = locked(section, version)
    except StaleBoard:
        last = GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.ACCEPTED)
        accepted = last.order_by("-updated_at").first()
        if accepted is None or accepted.version != version:
            raise
        return list(accepted.groups.all())
    if "groups" not in suggestion.board:
        raise EditRefused("conflict")
    today = today_of(section)
    plans = plan_groups(section, suggestion, read_room(section), on=today, usual_end=ends_on)
    planned = [plan for plan in plans if plan.learners]
    if not planned:
        raise EditRefused("nobody_placed")
    now = timezone.now()
    focus_of = {pk: plan.entry["focus"] for plan in planned for pk in plan.learners}
    policies = Policies(section.district_id)
    starts = read_starts(section.roster_id, focus_of, policies=policies, on=today, at=now)
    ending = None
    if "again" in suggestion.settings:
        ending = list(ending_by(section, suggestion, list(focus_of), on=today).values_list("pk", flat=True))
    turn_over(
        suggestion,
        own=suggestion.board["own"],
        placed=focus_of,
        ending=ending,
        first=min(plan.starts_on for plan in planned),
        last=max(plan.ends_on for plan in planned),
        today=today,
        now=now,
    )
    groups = [
        Group(
            section=section,
            suggestion=suggestion,
            letter=plan.becomes,
            purpose=plan.entry["purpose"],
            focus_id=plan.entry["focus"],
            is_led=plan.is_led,
            adult=plan.adult,
            place=plan.place,
            time_text=plan.time_text,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            readiness_micro=plan.entry.get("readiness"),
        )
        for plan in planned
    ]
    Group.objects.bulk_create(groups)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, learner_id=pk, reason={"reasons": member["reasons"]}, **starts[pk])
        for group, plan in zip(groups, planned, strict=True)
        for member in plan.entry["members"]
        if (pk := member["learner"]) in starts
    )
    suggestion.state, suggestion.decided_by, suggestion.updated_at = GroupSuggestion.State.ACCEPTED, by, now
    # Its steps cannot be undone any more, and are many times what is kept.
    suggestion.board = {name: value for name, value in suggestion.board.items() if name not in {"undo", "trail"}}
    suggestion.save(update_fields=["state", "decided_by", "updated_at", "board"])
    # Absence is a wish for one day: the groups are made.
    lift_absences_and_tell(section, [group.pk for group in groups], now=now)
    return groups


@transaction.atomic
def dismiss_board(*, section: Section, version: int, by: Account, because: str = "") -> None:
    """Not now: the suggestion goes, wishes stay, and the next assessment makes a new one."""
    suggestion = locked(section, version)
    suggestion.state, suggestion.decided_by = GroupSuggestion.State.DISMISSED, by
    suggestion.dismissed_because, suggestion.updated_at = because.replace("\0", "").strip()[:280], timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "dismissed_because", "updated_at"])


@transaction.atomic
def start_empty(section: Section) -> GroupSuggestion | None:
    """A board that is filled by hand, also before the first result; None where the class has no standards or nobody.

    Without a result the groups work on the first standards of the class; nothing says yet what is to learn.
    """
    standing = start_board(section)
    if standing is not None:
        return empty_board(section=section, version=standing.version)
    learners = section.roster.enrollments.of_learners().on(today_of(section)).count()
    taught = SectionStandard.objects.filter(section=section).order_by("position", "pk")
    if not learners or not taught:
        return None
    usual = first_settings(section)
    k, lo, hi = counts_for(learners, hi=usual.get("hi"))
    standards = list(taught.values_list("standard_id", flat=True)[:k])
    topics = {letter_of(group): standards[group % len(standards)] for group in range(k)}
    by_hand = {"k": k, "lo": lo, "hi": hi, "standards": standards}
    return refresh_suggestion(section, settings=usual | {"by_hand": by_hand, "topics": topics})


@transaction.atomic
def start_board(section: Section) -> GroupSuggestion | None:
    """A board on request, where none is waiting; None where there is nothing to group by yet."""
    wait_for_suggestion(section)
    standing = current_board(section)
    return standing if standing is not None else refresh_suggestion(section)
