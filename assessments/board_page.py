"""The board of groups as its page shows it: names, words and drawings for the ids, codes and facts that it holds."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.clash_words import said_of
from assessments.group_words import Words
from assessments.models import Group, GroupSuggestion, Mastery, SectionStandard, Wish
from assessments.services import suggesting
from assessments.services.group_planning import ending_by, plan_groups, read_room
from assessments.services.planned_clashes import read_planned_clashes
from assessments.thought_words import draw_thoughts
from lrm import days
from lrm.drawing import dot_strip
from profiles.models import Learner, Section
from profiles.models.support import said, supports_of
from standards.models import Standard


def draw_board(section: Section, suggestion: GroupSuggestion | None) -> dict[str, Any]:
    """What the board shows; names are read now, a board itself holds ids only.

    Returns suggestion, board (None where the wishes conflict, or nothing is suggested), conflict, wishes, group_wishes,
    learners, taught, standards (by id, all that are named), sizes, may_undo, thoughts, words, adults (names).
    """
    context: dict[str, Any] = {"suggestion": suggestion, "board": None, "learners": []}
    if suggestion is None:
        return context
    board = suggestion.board
    today = timezone.localdate()
    here = section.roster.enrollments.of_learners().on(today).values("learner_id")
    learners: dict[int, Learner] = {}
    for learner in Learner.objects.filter(pk__in=here).annotate(support_rows=supports_of("pk", on=today)):
        learner.supports_said = said(learner.support_rows)
        learners[learner.pk] = learner
    taught = {
        standard.pk: standard
        for standard in Standard.objects.filter(
            pk__in=SectionStandard.objects.filter(section=section).values("standard_id")
        ).order_by("framework_id", "position")
    }
    missing = _standards_in(board) - taught.keys()
    known = taught | (Standard.objects.in_bulk(missing) if missing else {})
    words = Words(known, {pk: learner.name for pk, learner in learners.items()})
    wishes = Wish.objects.filter(section=section, lifted_at__isnull=True).order_by("pk")
    context |= {
        "words": words,
        "wishes": [_wish(wish, words, learners) for wish in wishes],
        "group_wishes": [*_topic_wishes(suggestion, words), *_meets_wishes(suggestion)],
        "learners": sorted(learners.values(), key=lambda learner: learner.name),
        "taught": list(taught.values()),
        "standards": known,
        "sizes": _sizes(suggestion),
        "may_undo": bool(board.get("undo")),
    }
    if "conflict" in board:
        context["conflict"] = [words.wish(**wish) for wish in board["conflict"]]
        return context
    values = _values(board)
    room = read_room(section)
    plans = {plan.letter: plan for plan in plan_groups(section, suggestion, room, on=today)}
    clashes = read_planned_clashes(
        section, list(plans.values()), staying=_staying(section, suggestion, today), on=today
    )
    drawn = []
    for entry in board["groups"]:
        members = [_member(member, words, learners) for member in entry["members"] if member["learner"] in learners]
        shown = [values.get((member["learner"], entry["focus"])) for member in entry["members"]]
        drawn.append(
            entry
            | {
                "title": words.heading(entry["focus"]),
                "code": words.label(entry["focus"]),
                "reason": words.group(entry["reasons"]),
                "members": sorted(members, key=lambda member: (member["level"], member["learner"].name)),
                "strip": dot_strip(shown, levels=entry.get("levels", 4)),
                "strip_label": _strip_label(shown),
                "purpose_word": Group.Purpose(entry["purpose"]).label if entry["purpose"] else "",
                "plan": plans[entry["letter"]],
                "clashes": [said for clash in clashes.get(entry["letter"], []) for said in said_of(clash)],
            }
        )
    own = [_member(member, words, learners) for member in board["own"] if member["learner"] in learners]
    moved = board["moved"]
    context["adults"] = room.leaders
    context["thoughts"] = draw_thoughts(board, learners)
    context["board"] = board | {
        "groups": drawn,
        "own": sorted(own, key=lambda member: member["learner"].name),
        "unplaced": sorted(
            (_member(member, words, learners) for member in board.get("unplaced", []) if member["learner"] in learners),
            key=lambda member: member["learner"].name,
        ),
        "by_hand": bool(suggestion.settings.get("by_hand")),
        "broken": [words.wish(**wish) for wish in board.get("broken", [])],
        "last": _last(board, words, learners),
        "to_accept": sum(bool(entry["members"]) for entry in drawn),
        "away": [learners[pk] for pk in board["absent"] if pk in learners],
        "about": _about(board, learners),
        "placed": sum(len(entry["members"]) for entry in drawn),
        "moved_said": ngettext("%(n)s moves", "%(n)s move", moved) % {"n": moved},
    }
    return context


def _topic_wishes(suggestion: GroupSuggestion, words: Words) -> list[dict[str, str]]:
    """Standards that a teacher has given to groups; on a board filled by hand they are the board itself."""
    topics = {} if suggestion.settings.get("by_hand") else suggestion.settings.get("topics") or {}
    return [
        {
            "act": "free",
            "letter": letter,
            "icon": "pin",
            "said": _("Group %(group)s works on %(code)s") % {"group": letter, "code": words.label(pk)},
        }
        for letter, pk in sorted(topics.items())
    ]


def _meets_wishes(suggestion: GroupSuggestion) -> list[dict[str, str]]:
    """What a teacher has settled about who leads a group, where and when."""
    found = []
    for letter, settled in sorted((suggestion.settings.get("meets") or {}).items()):
        parts = []
        if "adult" in settled:
            parts.append(settled["adult"] or _("on their own"))
        parts += [settled[name] for name in ("place", "time_text") if settled.get(name)]
        if settled.get("place") == "":
            parts.append(_("no place"))
        if settled.get("time_text") == "":
            parts.append(_("no time"))
        if "starts_on" in settled:
            parts.append(_("from %(day)s") % {"day": days.said(date.fromisoformat(settled["starts_on"]))})
        if "ends_on" in settled:
            parts.append(_("until %(day)s") % {"day": days.said(date.fromisoformat(settled["ends_on"]))})
        if parts:
            said = _("Group %(group)s: %(what)s") % {"group": letter, "what": ", ".join(parts)}
            found.append({"act": "unplan", "letter": letter, "icon": "clock", "said": said})
    return found


def _staying(section: Section, suggestion: GroupSuggestion, today: date) -> list[int]:
    """Ids of the section's groups that go on beside those of a board of a few."""
    if "again" not in suggestion.settings:
        return []
    learners = [member["learner"] for entry in suggestion.board["groups"] for member in entry["members"]]
    ending = ending_by(section, suggestion, learners, on=today).values("pk")
    standing = Group.objects.filter(section=section, closed_at__isnull=True).exclude(pk__in=ending)
    return list(standing.values_list("pk", flat=True))


def _last(board: dict, words: Words, learners: dict[int, Learner]) -> dict[str, Any] | None:
    """The groups accepted last, and where each of their learners stands now; those who stay need no word."""
    last = board.get("last")
    if last is None:
        return None
    now = {member["learner"]: entry["letter"] for entry in board["groups"] for member in entry["members"]}
    now |= {member["learner"]: _("own path") for member in board["own"]}
    now |= {member["learner"]: _("not placed") for member in board.get("unplaced", [])}
    now |= dict.fromkeys(board["absent"], _("away today"))
    own = last.get("own", [])
    gone = {pk for pks in (own, *(entry["learners"] for entry in last["groups"])) for pk in pks} - learners.keys()
    names = {pk: learner.name for pk, learner in (learners | (Learner.objects.in_bulk(gone) if gone else {})).items()}
    before = [(entry["letter"], words.label(entry["focus"]), entry["learners"]) for entry in last["groups"]]
    if own:
        before.append((_("own path"), "", own))
    groups = []
    for letter, code, learner_ids in before:
        here = sorted((pk for pk in learner_ids if pk in names), key=names.__getitem__)
        groups.append(
            {
                "letter": letter,
                "code": code,
                "stay": [names[pk] for pk in here if now.get(pk) == letter],
                "went": [
                    {"name": names[pk], "to": now.get(pk, _("in no group") if pk in learners else _("left the class"))}
                    for pk in here
                    if now.get(pk) != letter
                ],
            }
        )
    starts_on, ends_on = date.fromisoformat(last["starts_on"]), date.fromisoformat(last["ends_on"])
    return {"groups": groups, "starts_on": starts_on, "ends_on": ends_on}


def _about(board: dict, learners: dict[int, Learner]) -> list[Learner]:
    """Whom a board of a few is about, by name; empty for a board of the whole class."""
    left_out = set(board.get("left_out", []))
    about = [learner for pk, learner in learners.items() if pk not in left_out] if left_out else []
    return sorted(about, key=lambda learner: learner.name)


def _sizes(suggestion: GroupSuggestion) -> dict[str, Any]:
    """What the teacher has settled; counts left open are empty. made: what the board was made with."""
    settings = suggestion.settings
    made = {name: suggestion.board.get(name, "") for name in ("k", "lo", "hi")}
    counts = {name: settings.get(name) or "" for name in made}
    return counts | {
        "adults": settings.get("adults", suggesting.ADULTS),
        "own_path": settings.get("own_path", True),
        "mixed": settings.get("mixed", False),
        "standards": settings.get("standards") or [],
        "made": made,
    }


def _standards_in(board: dict) -> set[int]:
    if "groups" not in board:
        return set()
    last = board.get("last") or {"groups": []}
    people = [member for entry in board["groups"] for member in entry["members"]] + board["own"]
    people += board.get("unplaced", [])
    reasons = [reason for entry in board["groups"] for reason in entry["reasons"]]
    reasons += [reason for member in people for reason in member["reasons"]]
    named = {reason.get(name) for reason in reasons for name in ("standard", "has")}
    named |= {entry["focus"] for entry in [*board["groups"], *last["groups"]]} | {
        member["standard"] for member in people
    }
    return {pk for pk in named if pk is not None}


def _values(board: dict) -> dict[tuple[int, int], float]:
    """(learner, standard) -> the shown value, for the dots: a level set by a teacher stands at its middle."""
    people = [member["learner"] for entry in board["groups"] for member in entry["members"]]
    rows = Mastery.objects.filter(
        learner__in=people, standard__in={entry["focus"] for entry in board["groups"]}, shown_level__isnull=False
    ).values_list("learner_id", "standard_id", "shown_level", "override_id", "value_micro")
    return {
        (learner, standard): float(level) if override or micro is None else micro / 1_000_000
        for learner, standard, level, override, micro in rows
        if level is not None
    }


def _strip_label(shown: list[float | None]) -> str:
    seen = [value for value in shown if value is not None]
    without = len(shown) - len(seen)
    parts = []
    if seen:
        facts = {"n": len(seen), "low": f"{min(seen):.1f}", "high": f"{max(seen):.1f}"}
        parts.append(_("%(n)s between %(low)s and %(high)s") % facts)
    if without:
        parts.append(_("%(n)s without a result") % {"n": without})
    return ", ".join(parts) or _("nobody yet")


def _member(member: dict, words: Words, learners: dict[int, Learner]) -> dict[str, Any]:
    return member | {
        "learner": learners[member["learner"]],
        "reason": words.learner(member["reasons"]),
        "code": words.label(member["standard"]),
        "level": member["level"],
    }


def _wish(wish: Wish, words: Words, learners: dict[int, Learner]) -> dict[str, Any]:
    first = learners[wish.first_id].name if wish.first_id in learners else "?"
    second = learners[wish.second_id].name if wish.second_id in learners else "?"
    if wish.kind == Wish.Kind.PIN and wish.own_path:
        said, icon = _("%(name)s on their own path") % {"name": first}, "pin"
    elif wish.kind == Wish.Kind.PIN:
        said, icon = _("%(name)s works on %(code)s") % {"name": first, "code": words.label(wish.standard_id)}, "pin"
    elif wish.kind == Wish.Kind.ABSENT:
        said, icon = _("%(name)s is away today") % {"name": first}, "user-x"
    elif wish.kind == Wish.Kind.APART:
        said, icon = _("%(a)s and %(b)s apart") % {"a": first, "b": second}, "unfold-horizontal"
    else:
        said, icon = _("%(a)s and %(b)s together") % {"a": first, "b": second}, "fold-horizontal"
    return {"pk": wish.pk, "said": said, "icon": icon}
