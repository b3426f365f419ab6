"""What a learner does on the page of a goal.

Each act answers with the page, of which htmx takes the part that changed.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lrm.http import Request
from lrm.policy import LEARNER, allow
from paths.forms.goals import CheckInForm, CloseForm, ReflectionForm
from paths.models import Goal, GoalStep
from paths.services import check_ins, goals
from paths.services.errors import NotNow, UuidTaken
from paths.views.shared import own_goal


def _back(goal: Goal, part: str) -> HttpResponse:
    return redirect(reverse("goal", args=[goal.pk]) + f"#{part}")


@allow(LEARNER)
@require_POST
def goal_check_in(request: Request, pk: int) -> HttpResponse:
    """One tap and a line; the same form twice is one check-in."""
    goal = own_goal(request, pk)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Your check-in was not kept. Pick one of the five, and write at most 280 letters."))
        return _back(goal, "check-in")
    try:
        check_ins.check_in(goal=goal, **form.cleaned_data, by=request.user, now=timezone.now())
    except UuidTaken:
        raise Http404 from None
    return _back(goal, "check-in")


@allow(LEARNER)
@require_POST
def goal_reflect(request: Request, pk: int) -> HttpResponse:
    """Send what helped, close the goal with it (do=close), or keep it while it is written (do=draft, answers JSON)."""
    goal = own_goal(request, pk)
    form = ReflectionForm(request.POST)
    act = request.POST.get("do")
    is_draft = act == "draft"
    if not form.is_valid():
        if is_draft:
            return JsonResponse({"saved": False}, status=422)
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return _back(goal, "reflect")
    values = {name: form.cleaned_data[name] for name in ("uuid", "helped", "text")}
    try:
        check_ins.save_reflection(goal=goal, **values, is_draft=is_draft, by=request.user, now=timezone.now())
    except UuidTaken:
        raise Http404 from None
    if is_draft:
        return JsonResponse({"saved": True})
    if act == "close":
        return _close(request, goal, reached=True)
    messages.success(request, _("Your words are sent."))
    return _back(goal, "along")


@allow(LEARNER)
@require_POST
def goal_step(request: Request, pk: int, step: int) -> HttpResponse:
    """Tick a step (done=1), or take the tick back (done=0)."""
    goal = own_goal(request, pk)
    found = get_object_or_404(GoalStep.objects.filter(goal=goal), pk=step)
    goals.tick_step(step=found, done=request.POST.get("done") == "1", now=timezone.now())
    return _back(goal, "steps")


@allow(LEARNER)
@require_POST
def goal_criterion(request: Request, pk: int) -> HttpResponse:
    """Tick a line of "I am done when" (met=1), or take the tick back (met=0)."""
    goal = own_goal(request, pk)
    goals.tick_criterion(goal_id=goal.pk, text=request.POST.get("text", ""), met=request.POST.get("met") == "1")
    return _back(goal, "done-when")


@allow(LEARNER)
@require_POST
def goal_close(request: Request, pk: int) -> HttpResponse:
    """A goal that is reached closes with the learner's words on what helped; they may have been sent before."""
    goal = own_goal(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Say in at most 500 letters what got in the way."))
        return _back(goal, "close")
    if form.cleaned_data["reached"] and not goal.reflections.filter(is_draft=False).exists():
        messages.info(request, _("Say first what helped you. Then your goal is closed."))
        return _back(goal, "reflect")
    return _close(request, goal, **form.cleaned_data)


def _close(request: Request, goal: Goal, *, reached: bool, because: str = "") -> HttpResponse:
    try:
        goals.close_goal(goal_id=goal.pk, reached=reached, because=because, by=request.user, now=timezone.now())
    except NotNow:
        messages.error(request, _("This goal is not open any more. This is how it stands."))
    return _back(goal, "close")


@allow(LEARNER)
@require_POST
def goal_keep(request: Request, pk: int) -> HttpResponse:
    """Put the goal away for later."""
    goal = own_goal(request, pk)
    try:
        goals.keep_for_later(goal_id=goal.pk, by=request.user, now=timezone.now())
        messages.info(request, _("The goal is kept for later. You can bring it back at any time."))
    except NotNow:
        messages.info(request, _("An unfinished goal is kept anyway."))
    return redirect("goals")


@allow(LEARNER)
@require_POST
def goal_reopen(request: Request, pk: int) -> HttpResponse:
    """Bring a goal back."""
    goal = own_goal(request, pk)
    try:
        goals.reopen_goal(goal_id=goal.pk, by=request.user, now=timezone.now())
    except NotNow:
        messages.info(request, _("Your teacher has confirmed this goal, so it stays reached. You can write a new one."))
    return redirect("goal", pk=pk)
