"""A suggestion as the board stores it: ids, letters, codes and facts, no names and no words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from assessments.grouping import NO_GROUP, OWN, Problem, Suggestion, explain, rotation
from assessments.mastery.rounding import to_micro
from assessments.services.needs import Needs


class NoSuchGroup(ValueError):
    """A name that is no letter of a group."""


def describe(
    needs: Needs,
    problem: Problem,
    found: Suggestion,
    *,
    adults: int,
    last: dict | None = None,
    kept: Mapping[int, int] | None = None,
) -> dict:
    """A suggestion as JSON: ids of learners and standards, codes and facts of reasons; see suggesting.make_board.

    last: LastGroups.said(). kept: group -> column of groups that stay on the board though nobody is in them.
    """
    groups, members = explain(problem, found, needs.known)
    purposes = [group.purpose for group in groups]
    slots = {slot.group: slot for slot in rotation(purposes, found.mean_need, adults=adults)}
    places: dict[int, list[dict]] = {}
    for member in members:
        places.setdefault(member.group, []).append(_member(member, needs))
    away = {needs.learners[row].pk for row in problem.absent}
    nowhere = places.get(NO_GROUP, [])
    unplaced = [member for member in nowhere if member["learner"] not in away]
    # Sizes and mixing are not yet broken while there is somebody left to place.
    unfinished = {"at_least", "mixed"} if unplaced else set()
    return {
        "groups": [
            {
                "letter": letter(group.group),
                "focus": _standard(group.focus, needs),
                "levels": needs.levels[int(group.focus)],
                "purpose": group.purpose,
                "reasons": [_reason(reason, needs) for reason in group.reasons],
                "adult": slots[group.group].adult,
                "turn": slots[group.group].turn,
                "readiness": int(to_micro(problem.readiness[found.members(group.group)].mean())),
                "members": places.get(group.group, []),
            }
            if group.focus is not None
            else _empty(group.group, (kept or {})[group.group], needs)
            for group in groups
            if group.focus is not None or group.group in (kept or {})
        ],
        "own": places.get(OWN, []),
        "unplaced": unplaced,
        "absent": [member["learner"] for member in nowhere if member["learner"] in away],
        "broken": [wish_facts(wish, needs) for wish in found.broken if wish.kind not in unfinished],
        "last": last,
        "standards": [standard.pk for standard in needs.standards[: needs.topics]],
        "k": problem.k,
        "lo": problem.lo,
        "hi": problem.hi,
        "adults": adults,
        "own_path": problem.own_path,
        "moved": len(found.moved),
        "stayed": len(found.stayed),
        "fit": round(100 * found.fit / found.best_fit) if found.best_fit else 100,
        "alike": _alike(problem, found),
    }


def _alike(problem: Problem, found: Suggestion) -> int | None:
    """100 less the mean range of readiness inside a group, in percent; None where groups are mixed or nobody's."""
    ranges = found.spread[~np.isnan(found.spread)]
    return None if problem.mixed or not len(ranges) else round(100 * (1 - float(ranges.mean())))


def _empty(group: int, focus: int, needs: Needs) -> dict:
    nothing: dict[str, Any] = {"purpose": None, "reasons": [], "adult": None, "turn": 0, "members": []}
    return {"letter": letter(group), "focus": _standard(focus, needs), "levels": needs.levels[focus]} | nothing


def letter(group: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    while True:
        name = chr(ord("A") + group % 26) + name
        group = group // 26 - 1
        if group < 0:
            return name


def index_of(name: str) -> int:
    """A is 0, Z is 25, AA is 26. Raises NoSuchGroup for anything that is no letter of a group."""
    number = 0
    for character in name:
        if not "A" <= character <= "Z":
            raise NoSuchGroup(name)
        number = number * 26 + ord(character) - ord("A") + 1
    if not number:
        raise NoSuchGroup(name)
    return number - 1


def _member(member, needs: Needs) -> dict:
    learner = needs.learners[member.row]
    level = 0 if member.standard is None else int(needs.known.level[member.row, member.standard])
    came_from = None if member.came_from is None else "own" if member.came_from == OWN else letter(member.came_from)
    return {
        "learner": learner.pk,
        "standard": _standard(member.standard, needs),
        "level": level,
        "from": came_from,
        "new": member.row in needs.known.newcomers,
        "pinned": member.pinned,
        "reasons": [_reason(reason, needs) for reason in member.reasons],
    }


def _reason(reason, needs: Needs) -> dict:
    facts: dict[str, Any] = {}
    for name, value in reason.facts.items():
        if name in {"standard", "has"}:
            facts[name] = _standard(value, needs)
        elif name == "with":
            facts[name] = [needs.learners[row].pk for row in value]
        elif isinstance(value, date):
            facts[name] = value.isoformat()
        else:
            facts[name] = list(value) if isinstance(value, tuple) else value
    return {"code": reason.code, **{name: _plain(value) for name, value in facts.items()}}


def _plain(value):
    """NumPy's numbers as Python's, which JSON knows."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def _standard(column: int | None, needs: Needs) -> int | None:
    return None if column is None else needs.standards[int(column)].pk


def wish_facts(wish, needs: Needs) -> dict:
    return {
        "kind": wish.kind,
        "learners": [needs.learners[row].pk for row in wish.rows],
        "group": None if wish.group is None else "own" if wish.group == OWN else letter(wish.group),
        "count": wish.count,
        "groups": wish.groups,
    }
