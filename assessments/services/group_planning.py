"""Who leads each group of a board, where and when, and from which day to which, before anything is accepted.

What a teacher has settled for a group stands in the settings of the board under "meets", by letter, and only where it
differs from what is suggested: the next suggestion of the same board keeps it. The rest comes from the class: adults in
the order of its staff, place and time as a group of the same letter and adult had them of late, or as the block meets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from assessments.models import Group, GroupMember, GroupSuggestion, SectionStandard, Wish
from assessments.services import board_trail
from assessments.services.block_meetings import days_of, own_times, usual_meetings
from assessments.services.board_facts import letter as letter_of
from assessments.services.board_steps import (
    EditRefused,
    lift,
    locked,
    plan_and_places,
    solve_again,
    step,
    store,
    today_of,
    undo_step,
    wishes_in_force,
)
from assessments.services.board_trail import StaleBoard
from lrm.rows import read
from profiles.models import Account, Enrollment, Section

DAYS = 7
LATELY = timedelta(days=14)
WORDS = ("adult", "place", "time_text")
DATES = ("starts_on", "ends_on")

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


@dataclass(frozen=True)
class Room:
    """leaders: names of the section's staff, teachers before co-teachers before the others: who may lead a group.

    slots: {(letter, adult): (place, time)} of the section's groups of late. block: as usual_meetings takes it, None for
    a section that is none.
    """

    leaders: tuple[str, ...]
    slots: Mapping[tuple[str, str], tuple[str, str]]
    block: Mapping[str, Any] | None = None

    def leader(self, adult: int | None) -> str:
        """The name of the adult of a group; "" where nobody leads it, or the adult is not on the roster."""
        return self.leaders[adult] if adult is not None and adult < len(self.leaders) else ""


@dataclass(frozen=True)
class Usual:
    """Where and when a group meets that nobody has settled and that was not on of late. ends_on: None for a week."""

    place: str
    time_text: str
    starts_on: date
    ends_on: date | None

    def last_day(self, starts_on: date) -> date:
        """Of a group that begins that day."""
        return max(self.ends_on or starts_on + timedelta(days=DAYS), starts_on)


@dataclass(frozen=True)
class PlannedGroup:
    """A group of a board as accepting it that day would begin it.

    letter: on the board; becomes: the letter that it will have, another one where groups go on beside it.
    entry: as the board stores it. adult, place, time_text: "" for nobody or not said. turn: of a rotation slot, 0 for
    none. is_led: by an adult all the time. settled: what of it a teacher has settled. usual: what it is without that.
    """

    letter: str
    becomes: str
    entry: Mapping[str, Any]
    adult: str
    place: str
    time_text: str
    starts_on: date
    ends_on: date
    is_led: bool
    turn: int
    settled: Mapping[str, Any]
    usual: Usual

    @property
    def learners(self) -> list[int]:
        return [member["learner"] for member in self.entry["members"]]


def read_room(section: Section) -> Room:
    """One statement."""
    order = {Enrollment.Role.TEACHER: 0, Enrollment.Role.CO_TEACHER: 1}
    today = today_of(section)
    found = read(ROOM, roster=section.roster_id, section=section.pk, on=today, since=today - LATELY)[0]
    named = sorted((order.get(role, 2), f"{given} {family}".strip()) for role, given, family in found.staff or ())
    slots = {(letter, adult): (place, time) for letter, adult, place, time in found.slots or ()}
    return Room(tuple(dict.fromkeys(name for _place, name in named)), slots, found.block)


def ending_by(section: Section, suggestion: GroupSuggestion, learners: Sequence[int], *, on: date) -> QuerySet[Group]:
    """Groups that end where the board is accepted: all of the section; of a board of a few those of its own learners
    that are on their last day.
    """
    standing = Group.objects.filter(section=section, closed_at__isnull=True)
    if "again" not in suggestion.settings:
        return standing
    theirs = GroupMember.objects.filter(group__in=standing, learner__in=list(learners)).values("group")
    return standing.filter(pk__in=theirs, ends_on__lte=on)


def plan_groups(
    section: Section, suggestion: GroupSuggestion, room: Room, *, on: date, usual_end: date | None = None
) -> list[PlannedGroup]:
    """The groups of a board, also those without anybody yet.

    One statement for a board of a few, none for others. usual_end: the last day where none is settled.
    """
    entries = suggestion.board.get("groups", [])
    becomes = {entry["letter"]: entry["letter"] for entry in entries}
    if "again" in suggestion.settings:
        filled = [entry for entry in entries if entry["members"]]
        learners = [member["learner"] for entry in filled for member in entry["members"]]
        free = _free_letters(section, ending_by(section, suggestion, learners, on=on), len(filled))
        becomes |= {entry["letter"]: letter for entry, letter in zip(filled, free, strict=True)}
    meets = suggestion.settings.get("meets") or {}
    first, last = days_of(room.block, on) if room.block else (on, None)
    meetings = usual_meetings(room.block, [entry["turn"] for entry in entries])
    return [
        _planned(
            entry,
            becomes[entry["letter"]],
            meets.get(entry["letter"], {}),
            room,
            Usual(place, time_text, first, usual_end or last),
            on,
        )
        for entry, (place, time_text) in zip(entries, meetings, strict=True)
    ]


def _planned(
    entry: Mapping[str, Any], becomes: str, settled: Mapping[str, Any], room: Room, usual: Usual, on: date
) -> PlannedGroup:
    suggested = room.leader(entry["adult"])
    adult = settled.get("adult", suggested)
    place, time_text = room.slots.get((becomes, adult), (usual.place, usual.time_text))
    if room.block and time_text in own_times(room.block):  # turns may differ from those of late
        time_text = usual.time_text
    starts_on, ends_on = (_day(settled.get(name)) for name in DATES)
    starts_on = max(starts_on or usual.starts_on, on)
    if ends_on is None or ends_on < starts_on:  # also one that has passed while the board was waiting
        ends_on = usual.last_day(starts_on)
    is_as_suggested = adult == suggested
    return PlannedGroup(
        letter=entry["letter"],
        becomes=becomes,
        entry=entry,
        adult=adult,
        place=settled.get("place", place),
        time_text=settled.get("time_text", time_text),
        starts_on=starts_on,
        ends_on=ends_on,
        is_led=entry["adult"] is not None and entry["turn"] == 0 if is_as_suggested else bool(adult),
        turn=entry["turn"] if is_as_suggested else 0,
        settled={name: value for name, value in settled.items() if name in (*WORDS, *DATES)},
        usual=usual,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _free_letters(section: Section, ending: QuerySet[Group], n: int) -> list[str]:
    """The first n letters that no group has which goes on beside the new ones."""
    going_on = Group.objects.filter(section=section, closed_at__isnull=True).exclude(pk__in=ending.values("pk"))
    taken = set(going_on.values_list("letter", flat=True))
    return list(islice((name for name in map(letter_of, count()) if name not in taken), n))


@transaction.atomic
def plan_group(
    *,
    section: Section,
    version: int,
    letter: str,
    by: Account,
    meets: Mapping[str, Any] | None = None,
    topic: int | None = None,
    time_for_all: bool = False,
) -> GroupSuggestion:
    """Settle a group of the board: its standard, who leads it, where and when. One step, that Undo takes back.

    meets: adult, place, time_text as typed; starts_on, ends_on (date, or None for the usual one); None to leave them.
    time_for_all: time and dates for every group of the board. topic: id of a standard of the class, None to leave it.
    Its learners stay, and who is pinned in it is pinned to the new one; a standard that the board does not group by yet
    is grouped by as long as the wish stands.
    On a newer board the step is taken where the group has the same topic and letter still, and nobody has settled it
    since.
    Raises StaleBoard, EditRefused.
    """
    suggestion = locked(section)
    # Under another letter something else is suggested, so what was typed is to be looked at once more.
    if suggestion.version != version and board_trail.letter_now(suggestion, version, letter) != letter:
        raise StaleBoard(suggestion, "meets")
    entry = next((entry for entry in suggestion.board.get("groups", []) if entry["letter"] == letter), None)
    if entry is None:
        raise EditRefused("no_such_group")
    before = suggestion.settings.get("meets") or {}
    concerned = before.values() if time_for_all else [before.get(letter, {})]
    if any(settled.get("version", 0) > version for settled in concerned):
        raise StaleBoard(suggestion, "meets")
    after = before if meets is None else _settled(section, suggestion, letter, meets, time_for_all)
    if topic is not None and topic != entry["focus"]:
        return _give_topic(section, suggestion, entry, topic, after, by)
    if after == before:
        return suggestion
    suggestion.settings = suggestion.settings | {"meets": after}
    return step(suggestion, suggestion.board, undo=undo_step(suggestion) | {"meets": before})


@transaction.atomic
def free_topic(*, section: Section, version: int, letter: str) -> GroupSuggestion:
    """Take back the wish about a group's standard; the board is solved anew."""
    suggestion = locked(section, version)
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    topics = {name: pk for name, pk in (suggestion.settings.get("topics") or {}).items() if name != letter}
    suggestion.settings = suggestion.settings | {"topics": topics}
    return solve_again(section, suggestion, undo=undo)


@transaction.atomic
def free_meets(*, section: Section, version: int, letter: str) -> GroupSuggestion:
    """Take back what was settled about a group; who leads it, where and when is as suggested. Nobody moves."""
    suggestion = locked(section, version)
    before = suggestion.settings.get("meets") or {}
    after = {name: settled for name, settled in before.items() if name != letter}
    suggestion.settings = suggestion.settings | {"meets": after}
    return step(suggestion, suggestion.board, undo=undo_step(suggestion) | {"meets": before})


def _give_topic(
    section: Section, suggestion: GroupSuggestion, entry: dict, standard_id: int, meets: dict, by: Account
) -> GroupSuggestion:
    letter = entry["letter"]
    if not SectionStandard.objects.filter(section=section, standard_id=standard_id).exists():
        raise EditRefused("no_such_topic")
    undo = undo_step(suggestion) | {"settings": suggestion.settings}
    topics = (suggestion.settings.get("topics") or {}) | {letter: standard_id}
    suggestion.settings = suggestion.settings | {"topics": topics, "meets": meets}
    if chosen := suggestion.settings.get("standards"):
        suggestion.settings["standards"] = list(dict.fromkeys([*chosen, standard_id]))
    plan, places = plan_and_places(section, suggestion)
    if standard_id not in {standard.pk for standard in plan.needs.standards[: plan.needs.topics]}:
        raise EditRefused("no_such_topic")
    inside = [member["learner"] for member in entry["members"]]
    pins = wishes_in_force(section).filter(kind=Wish.Kind.PIN, first_id__in=inside, own_path=False)
    held = list(pins.values_list("pk", "first_id"))
    undo["lifted"] = [pk for pk, _learner in held]
    lift(undo["lifted"])
    undo["made"] = [
        Wish.objects.create(section=section, kind=Wish.Kind.PIN, first_id=pk, standard_id=standard_id, created_by=by).pk
        for _wish, pk in held
    ]
    # What Undo takes back is the board as it was, so that one is left alone.
    changed = [each | {"focus": standard_id} if each is entry else each for each in suggestion.board["groups"]]
    suggestion.board = suggestion.board | {"groups": changed}
    return store(suggestion, plan, places, undo=undo)


def _settled(
    section: Section, suggestion: GroupSuggestion, letter: str, typed: Mapping[str, Any], time_for_all: bool
) -> dict[str, dict[str, Any]]:
    """The settings "meets" with what was typed for a group, as far as it differs from what is suggested."""
    room, on = read_room(section), today_of(section)
    before = suggestion.settings.get("meets") or {}
    after = dict(before)
    for planned in plan_groups(section, suggestion, room, on=on):
        is_here = planned.letter == letter
        if not is_here and not time_for_all:
            continue
        names = (*WORDS, *DATES) if is_here else ("time_text", *DATES)
        # Place and time are suggested for the adult who leads the group now.
        settled = {name: value for name, value in before.get(planned.letter, {}).items() if name not in names}
        if is_here and typed["adult"] != room.leader(planned.entry["adult"]):
            settled["adult"] = typed["adult"]
        adult = settled.get("adult", room.leader(planned.entry["adult"]))
        usual = planned.usual
        plain = _planned(planned.entry, planned.becomes, {"adult": adult}, room, usual, on)
        if is_here and typed["place"] != plain.place:
            settled["place"] = typed["place"]
        if typed["time_text"] != plain.time_text:
            settled["time_text"] = typed["time_text"]
        starts_on = typed["starts_on"] or usual.starts_on
        ends_on = typed["ends_on"] or usual.last_day(starts_on)
        if starts_on != usual.starts_on:
            settled["starts_on"] = starts_on.isoformat()
        if ends_on != usual.last_day(starts_on):
            settled["ends_on"] = ends_on.isoformat()
        settled.pop("version", None)
        if settled != planned.settled:
            after[planned.letter] = settled | {"version": suggestion.version + 1}
    return after
