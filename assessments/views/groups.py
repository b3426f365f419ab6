"""The board of suggested groups of a section: read, edit, accept, dismiss; and the groups that are running."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from assessments.board_page import draw_board
from assessments.forms.group_plans import GroupPlanForm
from assessments.forms.groups import GroupForm
from assessments.models import GroupSuggestion, SectionStandard, Wish
from assessments.running_page import draw_running
from assessments.services import boards, group_planning
from assessments.services.board_trials import try_settings
from assessments.services.boards import EditRefused, StaleBoard
from assessments.services.own_paths import read_running_own
from assessments.services.suggesting import is_due
from assessments.services.suggestion_tries import is_parked
from assessments.services.thoughts import keep_thoughts
from assessments.trial_page import draw_trial
from assessments.views.changes import watched
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from profiles.models import Section

REFUSALS = {
    "own_path_off": lambda: _("Own path is switched off for these groups. Switch it on first."),
    "two_learners": lambda: _("Pick two different students."),
    "conflict": lambda: _("These wishes cannot all hold yet. Take one back first."),
    "nobody": lambda: _("Nobody is left to group today."),
    "no_such_group": lambda: _("There is no such group on this board."),
    "no_such_learner": lambda: _("This student is not on this board."),
    "nobody_placed": lambda: _("Nobody is in a group yet. Put students into groups first."),
    "no_such_topic": lambda: _("The class does not work on that standard."),
    "nothing_to_undo": lambda: _("Nothing to take back."),
    "number": lambda: _("Type whole numbers: 1 to 20 groups, sizes from 1 to 40, adults from 0 to 20."),
}


STALE = {
    "": lambda: _("The board has changed meanwhile. This is how it is now; your last step was not taken."),
    "moved": lambda: _("Somebody has moved this student meanwhile. This is how it is now; your step was not taken."),
    "topic": lambda: _("No group works on that topic any more. This is how it is now; your step was not taken."),
    "meets": lambda: _("This group has changed meanwhile. This is how it is now; your step was not taken."),
}


@allow(TEACHER)
@require_safe
def groups(request: Request, pk: int | None = None) -> HttpResponse:
    request.nav = "groups"
    sections, section = taught_section(request, pk)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        return redirect("section_groups", pk=section.pk)
    return show_groups(request, section, sections=sections)


def show_groups(
    request: Request,
    section: Section,
    *,
    sections: list[Section],
    typed: GroupForm | None = None,
    planning: GroupPlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a section's groups.

    typed: the form of a running group that was not stored, planning: of a group of the board; shown as filled in.
    """
    request.nav = "groups"
    changes = watched(request, section.roster_id)
    is_working = is_due(section)
    is_given_up = not is_working and is_parked(section.pk)
    running = draw_running(section, on=timezone.localdate(), typed=typed)
    looked_at(request, [member["learner"].pk for line in running for member in line["members"]])
    context = {
        "sections": sections,
        "running": running,
        "running_own": read_running_own(section, on=timezone.localdate()) if running else [],
        "is_given_up": is_given_up,
        **changes,
        **_board(request, section, boards.current_board(section), is_working=is_working),
    }
    looked_at(request, [one.learner_id for one in context["running_own"]])
    if "adults" not in context and running:
        context["adults"] = group_planning.read_room(section).leaders
    if planning is None and context["board"] is not None:
        planning = plan_form(context, request.GET.get("group", ""))
    if planning is not None:
        context["planning"] = planning
    elif "what_if" in request.GET and context["suggestion"] is not None:
        context["trial"] = _trial(request, section, context)
    return render(request, "assessments/groups.html", context, status=status)


def plan_form(drawn: dict[str, Any], letter: str, *, typed: QueryDict | None = None) -> GroupPlanForm | None:
    """The form of a group of the board that is drawn; None where there is no such group. typed: what was sent."""
    for entry in drawn["board"]["groups"] if drawn["board"] else ():
        if entry["letter"] == letter:
            standards = drawn["taught"]
            if entry["focus"] not in {standard.pk for standard in standards}:
                standards = [drawn["standards"][entry["focus"]], *standards]
            version = drawn["suggestion"].version
            plan = entry["plan"]
            return GroupPlanForm(typed, plan=plan, version=version, standards=standards, today=timezone.localdate())
    return None


def _trial(request: Request, section: Section, drawn: dict[str, Any]) -> dict[str, Any]:
    """The panel "What if?": the settings in the address, tried; those of the board where there are none yet."""
    suggestion = drawn["suggestion"]
    if "adults" not in request.GET:
        return {"sizes": drawn["sizes"]}
    try:
        settings = read_settings(request.GET, section)
    except EditRefused as refused:
        return {"sizes": drawn["sizes"] | request.GET.dict() | {"standards": []}, "why": REFUSALS[str(refused)]()}
    made = try_settings(section, suggestion, settings, on=timezone.localdate())
    return draw_trial(drawn, made, settings)


@allow(TEACHER)
@require_POST
def groups_edit(request: Request, pk: int) -> HttpResponse:
    """act: move (learner, to), apart or together (first, second), absent (learner), lift (wish),
    unplan (letter), free (letter), settings, empty, whole, undo, keep (thought: keys).

    With htmx the board comes back; without, the page. A step on a board that has changed meanwhile is taken where it
    means the same there; else the board is shown as it is now.
    """
    sections = Section.objects.taught_by(request.user).select_related("roster", "district", "block")
    section = get_object_or_404(sections, pk=pk)
    said, state = "", ""
    is_working = is_due(section)
    try:
        suggestion: GroupSuggestion | None = _act(request, section)
        if suggestion is not None and suggestion.version > _version(request) + 1:
            said = _("The board had changed meanwhile; your step is taken on the newer one.")
    except StaleBoard as stale:
        suggestion, state = stale.suggestion, "danger"
        said = STALE[stale.why]()
    except EditRefused as refused:
        suggestion, state = boards.current_board(section), "danger"
        said = REFUSALS[str(refused)]()
    if request.htmx and suggestion is not None:
        context = _board(request, section, suggestion, is_working=is_working) | {"said": said, "said_state": state}
        return render(request, "assessments/groups.html#board", context)
    if said:
        messages.add_message(request, messages.ERROR if state else messages.INFO, said)
    if request.htmx:  # the board is gone, accepted or dismissed meanwhile: the page shows what there is instead
        return HttpResponseClientRefresh()
    return redirect("section_groups", pk=section.pk)


@allow(TEACHER)
@require_POST
def groups_decide(request: Request, pk: int) -> HttpResponse:
    """act: accept, dismiss (because), start (a board on request) or start_empty (one that is filled by hand)."""
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
    act = request.POST.get("act")
    try:
        if act in {"start", "start_empty"}:
            start = boards.start_board if act == "start" else boards.start_empty
            if start(section) is None:
                messages.info(request, _("There is nothing to group by yet. Enter the first results."))
        elif act == "dismiss":
            because = request.POST.get("because", "")
            boards.dismiss_board(section=section, version=_version(request), by=request.user, because=because)
            messages.success(request, _("Not now. The next results make a new suggestion."))
        else:
            made = boards.accept_board(section=section, version=_version(request), by=request.user)
            n = len(made)
            said = ngettext("%(n)s group is on.", "%(n)s groups are on.", n) % {"n": n}
            accepted = made[0].suggestion
            if accepted and (left := len(accepted.board.get("unplaced", []))):
                said += " " + ngettext("%(n)s student is in none.", "%(n)s students are in none.", left) % {"n": left}
            messages.success(request, said)
    except StaleBoard:
        messages.error(request, _("The board has changed meanwhile. Look once more, then decide."))
    except EditRefused as refused:
        messages.error(request, REFUSALS[str(refused)]())
    return redirect("section_groups", pk=section.pk)


def _version(request: Request) -> int:
    version = whole_number(request.POST.get("version", ""))
    return -1 if version is None else version


def _number(request: Request, name: str) -> int:
    return whole_number(request.POST.get(name, "")) or 0


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
    if act == "keep":
        return keep_thoughts(section=section, keys=set(request.POST.getlist("thought")), by=request.user)
    if act == "whole":
        return boards.take_whole_class(section=section, version=version)
    if act == "undo":
        return boards.undo_last(section=section, version=version)
    if act == "empty":
        return boards.empty_board(section=section, version=version)
    if act in {"free", "unplan"}:
        take_back = group_planning.free_topic if act == "free" else group_planning.free_meets
        return take_back(section=section, version=version, letter=request.POST.get("letter", ""))
    return boards.change_settings(section=section, version=version, settings=read_settings(request.POST, section))


def read_settings(typed: QueryDict, section: Section) -> dict[str, Any]:
    """k, lo, hi, adults, own_path, mixed, standards as typed; a count left empty is None.

    Raises EditRefused: number.
    """
    limits = {"k": (1, 20), "lo": (1, 40), "hi": (1, 40), "adults": (0, 20)}
    found: dict[str, Any] = {}
    for name, (low, high) in limits.items():
        text = typed.get(name, "").strip()
        if not text and name != "adults":
            found[name] = None
            continue
        if not text.isdecimal() or len(text) > 2 or not low <= int(text) <= high:
            raise EditRefused("number")
        found[name] = int(text)
    if found["lo"] and found["hi"] and found["lo"] > found["hi"]:
        raise EditRefused("number")
    chosen = [pk for pk in map(whole_number, typed.getlist("standards")) if pk]
    taught = set(SectionStandard.objects.filter(section=section).values_list("standard_id", flat=True))
    return found | {
        "own_path": "own_path" in typed,
        "mixed": "mixed" in typed,
        "standards": [pk for pk in chosen if pk in taught] or None,
    }


def _board(
    request: Request, section: Section, suggestion: GroupSuggestion | None, *, is_working: bool
) -> dict[str, Any]:
    """is_working: what is_due said before the suggestion was read, and after the version of the class.

    One that is made in between is then looked for again. Asked afterwards, nothing would be due, and the older board
    would stay on the screen.
    """
    drawn = draw_board(section, suggestion)
    looked_at(request, [learner.pk for learner in drawn["learners"]])
    return {"section": section, "is_working": is_working, **drawn}
