"""The board of suggested groups of a section: read, edit, accept, dismiss; and the groups that are running."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.group_words import Words
from assessments.models import Group, GroupSuggestion, Mastery, SectionStandard, Wish
from assessments.services import boards
from assessments.services.boards import EditRefused, StaleBoard
from assessments.views.sections import pick_section
from lrm.drawing import dot_strip
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Learner, Section
from standards.models import Standard

REFUSALS = {
    "own_path_off": lambda: _("Own path is switched off for these groups. Switch it on first."),
    "two_learners": lambda: _("Pick two different students."),
    "conflict": lambda: _("These wishes cannot all hold yet. Take one back first."),
    "nobody": lambda: _("Nobody is left to group today."),
    "no_such_group": lambda: _("There is no such group on this board."),
    "no_such_learner": lambda: _("This student is not on this board."),
    "nothing_to_undo": lambda: _("Nothing to take back."),
    "number": lambda: _("Type whole numbers: 1 to 20 groups, sizes from 1 to 40, adults from 0 to 20."),
}


@allow(TEACHER)
@require_safe
def groups(request: Request, pk: int | None = None) -> HttpResponse:
    request.nav = "groups"
    sections = list(
        Section.objects.taught_by(request.user).filter(archived_at__isnull=True).select_related("roster", "district")
    )
    if pk is not None:
        get_object_or_404(Section.objects.taught_by(request.user), pk=pk)
    section = pick_section(request, pk, sections)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        return redirect("section_groups", pk=section.pk)
    suggestion = boards.current_board(section)
    return _page(request, section, sections, suggestion)


@allow(TEACHER)
@require_POST
def groups_edit(request: Request, pk: int) -> HttpResponse:
    """act: move (learner, to), apart or together (first, second), absent (learner), lift (wish), settings, undo.

    With htmx the board comes back; without, the page. A board that has changed meanwhile is shown as it is now.
    """
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
    said, state = "", ""
    try:
        suggestion = _act(request, section)
    except StaleBoard as stale:
        suggestion, state = stale.suggestion, "danger"
        said = _("The board has changed meanwhile. This is how it is now; your last step was not taken.")
    except EditRefused as refused:
        suggestion, state = boards.current_board(section), "danger"
        said = REFUSALS[str(refused)]()
    if not request.htmx:
        if said:
            messages.error(request, said)
        return redirect("section_groups", pk=section.pk)
    context = _board_context(request, section, suggestion) | {"said": said, "said_state": state}
    return render(request, "assessments/groups.html#board", context)


@allow(TEACHER)
@require_POST
def groups_decide(request: Request, pk: int) -> HttpResponse:
    """act: accept, dismiss (because), or start (a board on request)."""
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
    act = request.POST.get("act")
    try:
        if act == "start":
            if boards.start_board(section) is None:
                messages.info(request, _("There is nothing to group by yet. Enter the first results."))
        elif act == "dismiss":
            because = request.POST.get("because", "")
            boards.dismiss_board(section=section, version=_version(request), by=request.user, because=because)
            messages.success(request, _("Not now. The next results make a new suggestion."))
        else:
            made = boards.accept_board(section=section, version=_version(request), by=request.user)
            n = len(made)
            messages.success(request, ngettext("%(n)s group is on.", "%(n)s groups are on.", n) % {"n": n})
    except StaleBoard:
        messages.error(request, _("The board has changed meanwhile. Look once more, then decide."))
    except EditRefused as refused:
        messages.error(request, REFUSALS[str(refused)]())
    return redirect("section_groups", pk=section.pk)


def _version(request: Request) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdigit() else -1


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0


def _act(request: Request, section: Section) -> GroupSuggestion:
    act, version = request.POST.get("act", ""), _version(request)
    if act == "move":
        to = request.POST.get("to", "")
        return boards.move_learner(
            section=section, version=version, learner_id=_number(request, "learner"), to=to, by=request.user
        )
    if act in {Wish.Kind.APART, Wish.Kind.TOGETHER}:
        return boards.wish_pair(
            section=section,
            version=version,
            kind=act,
            first_id=_number(request, "first"),
            second_id=_number(request, "second"),
            by=request.user,
        )
    if act == "absent":
        return boards.wish_absent(
            section=section, version=version, learner_id=_number(request, "learner"), by=request.user
        )
    if act == "lift":
        return boards.lift_wish(section=section, version=version, wish_id=_number(request, "wish"))
    if act == "undo":
        return boards.undo_last(section=section, version=version)
    return boards.change_settings(section=section, version=version, settings=_settings(request, section))


def _settings(request: Request, section: Section) -> dict[str, Any]:
    limits = {"k": (1, 20), "lo": (1, 40), "hi": (1, 40), "adults": (0, 20)}
    found: dict[str, Any] = {}
    for name, (low, high) in limits.items():
        text = request.POST.get(name, "").strip()
        if not text.isdigit() or not low <= int(text) <= high:
            raise EditRefused("number")
        found[name] = int(text)
    if found["lo"] > found["hi"]:
        raise EditRefused("number")
    chosen = [int(pk) for pk in request.POST.getlist("standards") if pk.isdigit()]
    taught = set(SectionStandard.objects.filter(section=section).values_list("standard_id", flat=True))
    return found | {
        "own_path": "own_path" in request.POST,
        "mixed": "mixed" in request.POST,
        "standards": [pk for pk in chosen if pk in taught] or None,
    }


def _page(
    request: Request, section: Section, sections: list[Section], suggestion: GroupSuggestion | None
) -> HttpResponse:
    running = list(
        Group.objects.filter(section=section, closed_at__isnull=True, ends_on__gte=timezone.localdate())
        .select_related("focus")
        .prefetch_related("members__learner")
    )
    looked_at(request, [member.learner_id for group in running for member in group.members.all()])
    context = {"sections": sections, "running": running, **_board_context(request, section, suggestion)}
    return render(request, "assessments/groups.html", context)


def _board_context(request: Request, section: Section, suggestion: GroupSuggestion | None) -> dict[str, Any]:
    """What the board shows; names are read now, a board itself holds ids only."""
    context: dict[str, Any] = {"section": section, "suggestion": suggestion, "board": None}
    if suggestion is None:
        return context
    board = suggestion.board
    learners = {
        learner.pk: learner
        for learner in Learner.objects.filter(
            pk__in=section.roster.enrollments.of_learners().on(timezone.localdate()).values("learner_id")
        )
    }
    taught = {
        standard.pk: standard
        for standard in Standard.objects.filter(
            pk__in=SectionStandard.objects.filter(section=section).values("standard_id")
        ).order_by("framework_id", "position")
    }
    missing = _standards_in(board) - taught.keys()
    known = taught | (Standard.objects.in_bulk(missing) if missing else {})
    words = Words(known, {pk: learner.name for pk, learner in learners.items()})
    looked_at(request, learners)
    wishes = Wish.objects.filter(section=section, lifted_at__isnull=True).order_by("pk")
    context |= {
        "wishes": [_wish(wish, words, learners) for wish in wishes],
        "learners": sorted(learners.values(), key=lambda learner: learner.name),
        "taught": list(taught.values()),
        "sizes": _sizes(suggestion),
        "may_undo": bool(board.get("undo")),
    }
    if "conflict" in board:
        context["conflict"] = [words.wish(**wish) for wish in board["conflict"]]
        return context
    values = _values(board)
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
                "strip": dot_strip(shown),
                "strip_label": _strip_label(shown),
                "purpose_word": Group.Purpose(entry["purpose"]).label,
            }
        )
    own = [_member(member, words, learners) for member in board["own"] if member["learner"] in learners]
    moved = board["moved"]
    context["board"] = board | {
        "groups": drawn,
        "own": sorted(own, key=lambda member: member["learner"].name),
        "away": [learners[pk] for pk in board["absent"] if pk in learners],
        "placed": sum(len(entry["members"]) for entry in drawn),
        "moved_said": ngettext("%(n)s moves", "%(n)s move", moved) % {"n": moved},
    }
    return context


def _sizes(suggestion: GroupSuggestion) -> dict[str, Any]:
    """What the settings say, else what the board was made with, else what is usual."""
    usual = {"k": 4, "lo": 3, "hi": 6, "adults": 2, "own_path": True, "mixed": False}
    made = {name: suggestion.board[name] for name in usual if name in suggestion.board}
    wished = {name: value for name, value in suggestion.settings.items() if value is not None}
    return usual | made | wished | {"standards": suggestion.settings.get("standards") or []}


def _standards_in(board: dict) -> set[int]:
    if "groups" not in board:
        return set()
    people = [member for entry in board["groups"] for member in entry["members"]] + board["own"]
    reasons = [reason for entry in board["groups"] for reason in entry["reasons"]]
    reasons += [reason for member in people for reason in member["reasons"]]
    named = {reason.get(name) for reason in reasons for name in ("standard", "has")}
    named |= {entry["focus"] for entry in board["groups"]} | {member["standard"] for member in people}
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
    return ", ".join(parts)


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
