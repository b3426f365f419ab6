"""What a teacher does with goals: agree, ask, confirm, answer; from the queue or from the page of the goal."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lrm.http import Request
from lrm.policy import TEACHER, allow
from paths.forms.goals import LineForm
from paths.models import CheckIn, Goal, Reflection
from paths.services import check_ins, goals
from paths.services.errors import NotNow
from paths.services.review_queue import goals_at_review
from paths.views.shared import note_look, served_goal
from profiles.models import Learner


@allow(TEACHER)
@require_POST
def goal_review(request: Request, pk: int) -> HttpResponse:
    """do: agree, ask, confirm, or undo of either; with a line in `text` where wanted, which a question needs."""
    goal = served_goal(request, pk)
    form = LineForm(request.POST)
    if not form.is_valid():
        return _answer(request, goal, problem=_("This line is too long. Write at most 500 letters."))
    text = form.cleaned_data["text"]
    act = request.POST.get("do")
    if act == "ask" and not text:
        return _answer(request, goal, problem=_("Write your question first. The student reads it on the goal."))
    values = {"goal_id": goal.pk, "by": request.user, "now": timezone.now()}
    try:
        if act == "agree":
            goals.agree_goal(**values, text=text)
        elif act == "ask":
            goals.ask_about_goal(**values, text=text)
        elif act == "confirm":
            goals.confirm_goal(**values, text=text)
        elif act == "undo" and goal.state == Goal.State.LIVE:
            goals.take_back_agreement(**values)
        elif act == "undo" and goal.state == Goal.State.ACHIEVED:
            goals.take_back_confirmation(**values)
        else:
            return _answer(request, goal, problem=_("Nothing was changed. Choose what to do with the goal."))
    except NotNow:
        return _answer(
            request, goal, problem=_("The student has changed this goal in the meantime. This is how it stands.")
        )
    return _answer(request, goal, done=act)


def _answer(request: Request, goal: Goal, *, done: str = "", problem: str = "") -> HttpResponse:
    """To htmx the card of the queue as it stands now, else the page from which the form came."""
    if request.htmx:
        card = goals_at_review(request.user, goal.pk)[0]
        status = 422 if problem else 200
        context = {
            "card": card,
            "done": done,
            "problem": problem,
            "typed": request.POST.get("text", "") if problem else "",
        }
        return render(request, "paths/review_card.html", context, status=status)
    if problem:
        messages.error(request, problem)
    else:
        said = {
            "agree": _("Agreed with %(name)s."),
            "ask": _("Your question stands on the goal of %(name)s."),
            "confirm": _("Confirmed for %(name)s."),
            "undo": _("Taken back. The goal of %(name)s waits again."),
        }
        messages.info(request, said[done] % {"name": goal.learner.first_name})
    if request.POST.get("from") == "goal":
        return redirect("goal", pk=goal.pk)
    return redirect("goals")


@allow(TEACHER)
@require_POST
def check_in_reply(request: Request, pk: int) -> HttpResponse:
    return _reply(request, CheckIn.objects.all(), pk)


@allow(TEACHER)
@require_POST
def reflection_reply(request: Request, pk: int) -> HttpResponse:
    return _reply(request, Reflection.objects.filter(is_draft=False), pk)


def _reply(request: Request, rows: QuerySet, pk: int) -> HttpResponse:
    served = rows.filter(goal__learner__in=Learner.objects.served_by(request.user)).select_related("goal")
    row: CheckIn | Reflection = get_object_or_404(served, pk=pk)
    note_look(request, row.goal.learner_id)
    form = LineForm(request.POST)
    if form.is_valid() and form.cleaned_data["text"].strip():
        check_ins.reply(to=row, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    else:
        messages.error(request, _("Your answer was not kept. Write a line of at most 500 letters."))
    return redirect(reverse("goal", args=[row.goal_id]) + "#along")
