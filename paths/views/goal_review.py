"""The teacher's side of goals: the queue, what is said to one goal or to many, and answers to check-ins."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from paths.forms.goals import LineForm
from paths.forms.reviews import MOST_LETTERS, ReviewForm, chosen_in, with_lines
from paths.models import CheckIn, Goal, GoalRevision, Reflection
from paths.services import check_ins
from paths.services.review_queue import Waiting, goals_at_review, goals_to_review
from paths.services.reviewing import LATER, Reviewed, review_goals, said_in, undo_review
from paths.views.shared import note_look, served_goal
from profiles.models import Learner

NAMED = 5  # goals named in one sentence


def review_queue(request: Request) -> HttpResponse:
    """?done=<act>: what was said last, with its undo, for pages without script and for acts on many goals."""
    waiting = goals_to_review(request.user)
    for card in waiting:
        note_look(request, card.goal.learner_id)
    return render(
        request,
        "paths/review_queue.html",
        {
            "waiting": [card for card in waiting if not card.is_later],
            "later": [card for card in waiting if card.is_later],
            "act": uuid.uuid4(),
            "done_act": (done := _uuid(request.GET.get("done", ""))),
            "said": _said(done, request) if done else "",
        },
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _said(act: uuid.UUID, request: Request) -> str:
    """What this person said in the act, as a sentence; "" for an act that is not theirs."""
    counts = said_in(act, request.user)
    change = GoalRevision.Change
    agreed = counts.get(change.AGREED, 0) + counts.get(change.CONFIRMED, 0)
    found = []
    if agreed:
        found.append(ngettext("You said yes to %(n)d goal.", "You said yes to %(n)d goals.", agreed) % {"n": agreed})
    if asked := counts.get(change.ASKED, 0):
        found.append(ngettext("You asked about %(n)d goal.", "You asked about %(n)d goals.", asked) % {"n": asked})
    if later := counts.get(LATER, 0):
        found.append(ngettext("%(n)d goal is kept for later.", "%(n)d goals are kept for later.", later) % {"n": later})
    return " ".join(found)


@allow(TEACHER)
@require_POST
def goal_review(request: Request, pk: int) -> HttpResponse:
    """do: agree, confirm, ask or later, with a line in `text` where wanted, which a question needs."""
    goal = served_goal(request, pk)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _answer(request, goal, problem=form.problem)
    chosen = [row for row in chosen_in(request.POST.getlist("goal")) if row.goal_id == pk] or chosen_in([str(pk)])
    found = review_goals(chosen=chosen, by=request.user, now=timezone.now(), **form.cleaned_data)
    if found.changed:
        return _answer(request, goal, problem=_why_not(found.changed[0], request))
    return _answer(request, goal, done=form.cleaned_data["do"], act=found.act)


def _why_not(goal: Goal, request: Request) -> str:
    """Who was first, and with what."""
    other = goal.confirmed_by if goal.state == Goal.State.ACHIEVED else goal.agreed_by
    if other:
        if other.pk == request.user.pk:
            return _("You said yes to this goal in another window. Your line here was not sent.")
        return _("%(name)s said yes to this goal in the meantime. Your line here was not sent.") % {"name": other.name}
    if goal.asked_at:
        return _("A question was asked about this goal in the meantime. This is how it stands; you can still say yes.")
    return _("The student has changed this goal in the meantime. This is how it stands.")


@allow(TEACHER)
@require_POST
def goals_review(request: Request) -> HttpResponse:
    """The same answer to all chosen goals, as one act with one undo. line-<goal>: a line on one of them."""
    form = ReviewForm(request.POST)
    chosen = with_lines(chosen_in(request.POST.getlist("goal")), request.POST)
    if not chosen:
        messages.error(request, _("Nothing was changed. Choose one goal or more first."))
        return redirect("goals")
    if not form.is_valid() or any(len(row.line) > MOST_LETTERS for row in chosen):
        messages.error(request, form.problem or _("Nothing was changed. A line can have at most 500 letters."))
        return redirect("goals")
    found = review_goals(chosen=chosen, by=request.user, now=timezone.now(), **form.cleaned_data)
    for goal in (*found.done, *found.changed):
        note_look(request, goal.learner_id)
    _tell_left(request, found, len(chosen))
    return redirect(reverse("goals") + (f"?done={found.act}" if found.done else ""))


def _tell_left(request: Request, found: Reviewed, chosen: int) -> None:
    for goal in found.changed[:NAMED]:
        messages.info(request, f"{goal.learner.name}: {_why_not(goal, request)}")
    more = len(found.changed) - NAMED
    if more > 0:
        messages.info(
            request,
            ngettext("%(n)d more goal was changed too.", "%(n)d more goals were changed too.", more) % {"n": more},
        )
    gone = chosen - len(found.done) - len(found.changed)
    if gone:
        text = ngettext(
            "%(n)d goal is no longer yours to review, and was left alone.",
            "%(n)d goals are no longer yours to review, and were left alone.",
            gone,
        )
        messages.info(request, text % {"n": gone})


@allow(TEACHER)
@require_POST
def goals_review_undo(request: Request) -> HttpResponse:
    """Take back one act of one's own, on however many goals. goal: the card to which htmx wants the answer."""
    act = _uuid(request.POST.get("act", ""))
    found = undo_review(act=act, by=request.user, now=timezone.now()) if act else None
    goals = [*found.done, *found.stands] if found else []
    for goal in goals:
        note_look(request, goal.learner_id)
    asked = whole_number(request.POST.get("goal", ""))
    if request.htmx and asked:
        goal = served_goal(request, asked)
        problem = "" if found and found.done else _("Nothing could be taken back. This is how it stands.")
        return _answer(request, goal, done="undo", problem=problem)
    if not goals or found is None:
        messages.info(request, _("There was nothing left to take back."))
    if found and found.done:
        back = len(found.done)
        text = ngettext("Taken back. %(n)d goal waits again.", "Taken back. %(n)d goals wait again.", back)
        messages.info(request, text % {"n": back})
    if found and found.stands:
        names = ", ".join(goal.learner.name for goal in found.stands[:NAMED])
        messages.info(request, _("Left as it is, since somebody has gone on with it: %(names)s.") % {"names": names})
    return redirect("goals")


def _answer(
    request: Request, goal: Goal, *, done: str = "", problem: str = "", act: uuid.UUID | None = None
) -> HttpResponse:
    """To htmx the card of the queue as it stands now, else the page from which the form came."""
    if request.htmx:
        card: Waiting = goals_at_review(request.user, goal.pk)[0]
        context = {
            "card": card,
            "done": "" if problem else done,
            "problem": problem,
            "typed": request.POST.get("text", "") if problem else "",
            "act": act or uuid.uuid4(),
        }
        return render(request, "paths/review_card.html", context, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    if request.POST.get("from") == "goal":
        return redirect("goal", pk=goal.pk)
    return redirect(reverse("goals") + (f"?done={act}" if act and not problem else ""))


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
