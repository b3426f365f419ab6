"""Groups and boards as answers of the API: the same facts and words as on the pages, from the same reads."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assessments.board_page import draw_board
from assessments.closing_words import points_of
from assessments.models import Group, GroupSuggestion
from assessments.running_page import bring_members, say_members
from assessments.services import closings
from assessments.services.closings import Over
from assessments.services.policies import Policies
from profiles.models import Section

Facts = dict[str, Any]


def tell_groups(groups: Sequence[Group], *, section: Section, on: date) -> list[Facts]:
    """Groups of one section as GroupSerializer takes them. groups: with focus and tasks at hand."""
    running = [group for group in groups if group.closed_at is None and group.ends_on >= on]
    over = [group for group in groups if group.closed_at is not None or group.ends_on <= on]
    bring_members(running, section, on=on)
    reasons = say_members(running)
    ended = closings.read_over(over, Policies(section.district_id), today=on) if over else {}
    return [_group(group, reasons.get(group.pk, []), ended.get(group.pk)) for group in groups]


def learners_in(told: Sequence[Facts]) -> list[int]:
    return [member["learner"] for group in told for member in group["members"]]


def told_to_system(told: Sequence[Facts], *, names: bool, levels: bool) -> None:
    """Take out what a system may not read by its other scopes.

    names: it may read rosters; tasks may name somebody too.    levels: it may read levels, as reasons and outcomes are.
    """
    for group in told:
        if not names:
            group["tasks"] = []
        if not levels:
            group["closure"] = None
        for member in group["members"]:
            if not names:
                member["name"] = None
            if not levels:
                member |= dict.fromkeys(("reason", "outcome", "level_at_start", "level_now"))


def _group(group: Group, reasons: list[Facts], over: Over | None) -> Facts:
    members = {
        line["learner"].pk: _member(line["learner"].pk, line["learner"].name, reason=line["reason"]) for line in reasons
    }
    for ended in over.members if over else ():
        member = members.setdefault(ended.learner_id, _member(ended.learner_id, ended.name))
        member["outcome"] = ended.outcome
        member["level_at_start"], member["level_now"] = ended.level_then or None, ended.level_now or None
    return {
        "id": group.pk,
        "section": group.section_id,
        "letter": group.letter,
        "purpose": group.purpose,
        "focus": {"id": group.focus_id, "code": group.focus.label, "title": group.focus.heading},
        "is_led": group.is_led,
        "adult": group.adult,
        "place": group.place,
        "time": group.time_text,
        "starts_on": group.starts_on,
        "ends_on": group.ends_on,
        "closed_at": group.closed_at,
        "version": group.version,
        "tasks": [{"tier": task.tier, "text": task.text, "url": task.url} for task in group.tasks.all()],
        "members": list(members.values()),
        "closure": _closure(over) if over else None,
    }


def _member(learner: int, name: str, *, reason: str | None = None) -> Facts:
    nothing = {"outcome": None, "level_at_start": None, "level_now": None}
    return {"learner": learner, "name": name, "reason": reason, **nothing}


def _closure(over: Over) -> Facts:
    closing, counts = over.closing, over.closing.counts
    change = closing.change
    return {
        "ended_on": closings.ended_on(over.group),
        "tried_again": closing.tried_again,
        **{outcome: counts[outcome] for outcome in closings.OUTCOMES},
        "change": change
        and {
            "observed": points_of(change.observed),
            "expected": points_of(change.expected),
            "learners": change.n,
        },
    }


def tell_board(section: Section, suggestion: GroupSuggestion | None, *, is_updating: bool) -> Facts:
    """The board as SuggestionSerializer takes it, in the words of its page."""
    told: Facts = {
        "section": section.pk,
        "state": "none",
        "is_updating": is_updating,
        "version": None,
        **{name: [] for name in ("groups", "own_path", "unplaced", "away", "conflict")},
    }
    if suggestion is None:
        return told
    drawn = draw_board(section, suggestion)
    told["version"] = suggestion.version
    board = drawn["board"]
    if board is None:
        return told | {"state": "conflict", "conflict": drawn["conflict"]}
    words = drawn["words"]
    return told | {
        "state": "waiting",
        "groups": [
            {
                "letter": entry["letter"],
                "purpose": entry["purpose"],
                "focus": {"id": entry["focus"], "code": words.label(entry["focus"]), "title": entry["title"]},
                "reason": entry["reason"],
                "adult": entry["plan"].adult,
                "place": entry["plan"].place,
                "time": entry["plan"].time_text,
                "starts_on": entry["plan"].starts_on,
                "ends_on": entry["plan"].ends_on,
                "members": [_placed(member) for member in entry["members"]],
            }
            for entry in board["groups"]
        ],
        "own_path": [_placed(member) for member in board["own"]],
        "unplaced": [_placed(member) for member in board["unplaced"]],
        "away": [{"learner": learner.pk, "name": learner.name} for learner in board["away"]],
    }


def learners_on(told: Facts) -> list[int]:
    people = [member for group in told["groups"] for member in group["members"]]
    people += [*told["own_path"], *told["unplaced"], *told["away"]]
    return [member["learner"] for member in people]


def _placed(member: Facts) -> Facts:
    return {
        "learner": member["learner"].pk,
        "name": member["learner"].name,
        "reason": member["reason"],
        "level": member["level"] or None,
        "came_from": member["from"],
        "is_pinned": member["pinned"],
    }
