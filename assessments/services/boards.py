"""Editing, accepting and dismissing the suggested board of a section.

Every edit is a wish that the next suggestion keeps, listed and removable, and can be undone. The version of the board
that the editor saw comes with every act: a step that means the same on a newer board is taken there, any other is
answered with StaleBoard and the board as it is now; see board_trail.py.
"""

from datetime import date, timedelta
from itertools import count, islice

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from assessments.grouping import OWN, counts_for
from assessments.models import Group, GroupMember, GroupSuggestion, KeptThought, SectionStandard, Wish
from assessments.services import board_trail
from assessments.services.block_meetings import days_of, usual_meetings
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
from assessments.services.group_starts import read_starts
from assessments.services.policies import Policies
from assessments.services.suggesting import first_settings, refresh_suggestion, settings_of_all, wait_for_suggestion
from lrm.rows import read
from profiles.models import Account, Enrollment, Section

DAYS = 7
LATELY = timedelta(days=14)

ROOM = """
SELECT (SELECT json_agg(json_build_array(n.role, a.given_name, a.family_name))
          FROM profiles_enrollment n JOIN profiles_account a ON a.id = n.account_id
         WHERE n.roster_id = %(roster)s AND n.role <> 'learner' AND (n.section_id IS NULL OR n.section_id = %(section)s)
           AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)) AS staff,
       (SELECT json_agg(json_build_array(g.letter, g.adult, g.place, g.time_text)) FROM (
           SELECT DISTINCT ON (letter) letter, adult, place, time_text FROM assessments_group
            WHERE section_id = %(section)s AND ends_on >= %(since)s
            ORDER BY letter, starts_on DESC, id DESC) g) AS slots,
       (SELECT json_build_object('place', b.place, 'slots', b.slots, 'starts_on', b.starts_on, 'ends_on', b.ends_on)
          FROM profiles_block b WHERE b.section_id = %(section)s) AS block
"""


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
        suggestion.settings = board_trail.kept_settings(suggestion.settings)
    suggestion.settings = suggestion.settings | settings
    return solve_again(section, suggestion, undo=undo)


@transaction.atomic
def change_topic(*, section: Section, version: int, letter: str, standard_id: int, by: Account) -> GroupSuggestion:
    """Let a group work on another standard, with the same learners; who is pinned in it is pinned to the new one."""
    suggestion = locked(section, version)
    plan, places = plan_and_places(section, suggestion)
    group = place_of(suggestion, letter)
    columns = {standard.pk: i for i, standard in enumerate(plan.needs.standards[: plan.needs.topics])}
    if standard_id not in columns or group < 0:
        raise EditRefused("no_such_topic")
    entry = next(entry for entry in suggestion.board["groups"] if entry["letter"] == letter)
    inside = [member["learner"] for member in entry["members"]]
    pins = wishes_in_force(section).filter(kind=Wish.Kind.PIN, first_id__in=inside, own_path=False)
    held = list(pins.values_list("pk", "first_id"))
    lift([pk for pk, _learner in held])
    made = [
        Wish.objects.create(section=section, kind=Wish.Kind.PIN, first_id=pk, standard_id=standard_id, created_by=by).pk
        for _wish, pk in held
    ]
    undo = undo_step(suggestion, made=made, lifted=[pk for pk, _learner in held]) | {"settings": suggestion.settings}
    topics = (suggestion.settings.get("topics") or {}) | {letter: standard_id}
    suggestion.settings = suggestion.settings | {"topics": topics}
    entry["focus"] = standard_id
    return store(suggestion, plan, places, undo=undo)


@transaction.atomic
def free_topic(*, section: Section, version: int, letter: str) -> GroupSuggestion:
    """Take back the wish about a group's standard; the board is solved anew."""
    suggestion = locked(section, version)
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    topics = {name: pk for name, pk in (suggestion.settings.get("topics") or {}).items() if name != letter}
    suggestion.settings = suggestion.settings | {"topics": topics}
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
    board = last["board"] | {"undo": steps[:-1]}
    return save(suggestion, board, settled="settings" in last)


@transaction.atomic
def accept_board(*, section: Section, version: int, by: Account, ends_on: date | None = None) -> list[Group]:
    """Make the board's groups the section's groups, from today until a date; earlier ones end today.

    Of a board of a few only their own groups, which are on their last day, end; others go on and keep their letters.
    A group of the same letter and adult as one of late meets where and when that one did; groups of a block as the
    block does, on its days.
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
    planned = [entry for entry in suggestion.board["groups"] if entry["members"]]
    if not planned:
        raise EditRefused("nobody_placed")
    today = today_of(section)
    now = timezone.now()
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
    leaders, slots, block = _room(section)
    adults = [leader(entry["adult"], leaders) for entry in planned]
    usual = usual_meetings(block, [entry["turn"] for entry in planned])
    meets = [slots.get((letter, adult), at) for letter, adult, at in zip(letters, adults, usual, strict=True)]
    first_day, last_day = days_of(block, today) if block else (today, today + timedelta(days=DAYS))
    groups = [
        Group(
            section=section,
            suggestion=suggestion,
            letter=letter,
            purpose=entry["purpose"],
            focus_id=entry["focus"],
            is_led=entry["adult"] is not None and entry["turn"] == 0,
            adult=adult,
            place=place,
            time_text=time_text,
            starts_on=first_day,
            ends_on=max(ends_on or last_day, first_day),
            readiness_micro=entry.get("readiness"),
        )
        for letter, entry, adult, (place, time_text) in zip(letters, planned, adults, meets, strict=True)
    ]
    Group.objects.bulk_create(groups)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, learner_id=pk, reason={"reasons": member["reasons"]}, **starts[pk])
        for group, entry in zip(groups, planned, strict=True)
        for member in entry["members"]
        if (pk := member["learner"]) in starts
    )
    suggestion.state, suggestion.decided_by, suggestion.updated_at = GroupSuggestion.State.ACCEPTED, by, now
    # Its steps cannot be undone any more, and are many times what is kept.
    suggestion.board = {name: value for name, value in suggestion.board.items() if name not in {"undo", "trail"}}
    suggestion.save(update_fields=["state", "decided_by", "updated_at", "board"])
    # Absence is a wish for one day: the groups are made.
    wishes_in_force(section).filter(kind=Wish.Kind.ABSENT).update(lifted_at=now)
    return groups


def _free_letters(section: Section, ending: QuerySet[Group], n: int) -> list[str]:
    """The first n letters that no group has which goes on beside the new ones."""
    going_on = Group.objects.filter(section=section, closed_at__isnull=True).exclude(pk__in=ending.values("pk"))
    taken = set(going_on.values_list("letter", flat=True))
    return list(islice((name for name in map(letter_of, count()) if name not in taken), n))


def leaders_of(section: Section) -> list[str]:
    """Names of the section's staff today, teachers before co-teachers before the others: who may lead a group."""
    return _room(section)[0]


def _room(section: Section) -> tuple[list[str], dict[tuple[str, str], tuple[str, str]], dict | None]:
    """(leaders, {(letter, adult): (place, time)} of the section's groups of late, its block). One statement."""
    order = {Enrollment.Role.TEACHER: 0, Enrollment.Role.CO_TEACHER: 1}
    today = today_of(section)
    found = read(ROOM, roster=section.roster_id, section=section.pk, on=today, since=today - LATELY)[0]
    named = sorted((order.get(role, 2), f"{given} {family}".strip()) for role, given, family in found.staff or ())
    slots = {(letter, adult): (place, time) for letter, adult, place, time in found.slots or ()}
    return list(dict.fromkeys(name for _place, name in named)), slots, found.block


def leader(adult: int | None, leaders: list[str]) -> str:
    """The name of the adult of a group; "" where nobody leads it, or the adult is not on the roster."""
    return leaders[adult] if adult is not None and adult < len(leaders) else ""


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
