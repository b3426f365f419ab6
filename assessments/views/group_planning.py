"""Settling a group of the board before it is accepted: its topic, who leads it, where and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.board_page import draw_board
from assessments.forms.group_plans import GroupPlanForm
from assessments.models import GroupSuggestion
from assessments.services import board_trail, boards, group_planning
from assessments.services.boards import EditRefused, StaleBoard
from assessments.views.groups import REFUSALS, STALE, plan_form, show_groups
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.policy import TEACHER, allow
from profiles.models import Section


@allow(TEACHER)
@require_POST
def group_plan(request: Request, pk: int) -> HttpResponse:
    """A save that came second keeps what was typed, and says so; where the group is gone, the board is shown."""
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
    letter = request.POST.get("plan-letter", "")
    drawn = draw_board(section, boards.current_board(section))
    form = plan_form(drawn, letter, typed=request.POST) if drawn["suggestion"] else None
    if form is None:
        messages.error(request, STALE[""]())
        return redirect("section_groups", pk=section.pk)
    if not form.is_valid():
        return _again(request, section, form, status=422)
    try:
        group_planning.plan_group(
            section=section,
            version=form.cleaned_data["version"],
            letter=letter,
            by=request.user,
            meets=form.meets(),
            topic=form.cleaned_data["topic"],
            time_for_all=form.cleaned_data["time_for_all"],
        )
    except StaleBoard as stale:
        if stale.why == "meets" and stale.suggestion is not None:
            return _on_newer_board(request, section, form, stale.suggestion)
        messages.error(request, STALE[stale.why]())
        return redirect("section_groups", pk=section.pk)
    except EditRefused as refused:
        messages.error(request, REFUSALS[str(refused)]())
        return redirect("section_groups", pk=section.pk)
    messages.success(request, _("Group %(letter)s is settled. Nothing changes until you accept.") % {"letter": letter})
    return redirect(f"{reverse('section_groups', args=[section.pk])}#group-{letter}")


def _on_newer_board(request: Request, section: Section, form: GroupPlanForm, now: GroupSuggestion) -> HttpResponse:
    """What was typed, for the group of the same topic on the board as it is now; saving once more stores it."""
    letter = board_trail.letter_now(now, form.cleaned_data["version"], form.cleaned_data["letter"])
    typed = request.POST.copy()
    typed["plan-version"], typed["plan-letter"] = str(now.version), letter
    newer = plan_form(draw_board(section, now), letter, typed=typed)
    assert newer is not None, "the group of that letter is on the board"
    newer.is_newer = True
    return _again(request, section, newer, status=409)


def _again(request: Request, section: Section, form: GroupPlanForm, *, status: int) -> HttpResponse:
    sections, _section = taught_section(request, section.pk)
    return show_groups(request, section, sections=sections, planning=form, status=status)
