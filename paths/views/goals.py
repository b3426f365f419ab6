"""Goals: the learner's list, the page of one goal, and how it read before."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from assessments.services.policies import Policies
from lrm.http import Request
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.models import Goal, Reflection
from paths.services.goal_history import readings_of
from paths.services.goal_page import GoalPage, goal_page
from paths.services.learner_page import goals_with_progress, progress_of
from paths.services.starters import starters_for
from paths.services.work_page import work_for_goal
from paths.views.goal_review import review_queue
from paths.views.shared import ME, SHELLS, note_look, viewer_of
from profiles.models import Learner

OFFERED = "offered"  # a draft that a teacher began
SECTIONS = (
    (OFFERED, gettext_lazy("For you to make your own")),
    (Goal.State.LIVE, gettext_lazy("Now")),
    (Goal.State.DRAFT, gettext_lazy("Not finished")),
    (Goal.State.MISSED, gettext_lazy("Not reached yet")),
    (Goal.State.ACHIEVED, gettext_lazy("Reached")),
    (Goal.State.ARCHIVED, gettext_lazy("Kept for later")),
)

HOW_FAR = (
    (1, gettext_lazy("just started")),
    (2, gettext_lazy("a bit done")),
    (3, gettext_lazy("half done")),
    (4, gettext_lazy("nearly there")),
    (5, gettext_lazy("all done")),
)
FACES = (
    (1, gettext_lazy("not yet")),
    (2, gettext_lazy("a little")),
    (3, gettext_lazy("half")),
    (4, gettext_lazy("mostly")),
    (5, gettext_lazy("very")),
)


@allow(LEARNER, TEACHER)
@require_GET
def goals(request: Request) -> HttpResponse:
    """A learner's own goals by state; a teacher's queue of goals to review."""
    if TEACHER in request.user.roles:
        return review_queue(request)
    request.nav = "goals"
    rows = goals_with_progress(Goal.objects.visible_to(request.user).filter(learner=request.user.access.learner_id))
    found: dict[str, list] = {}
    for goal in rows:
        offered = goal.state == Goal.State.DRAFT and goal.offered_at
        found.setdefault(OFFERED if offered else goal.state, []).append(progress_of(goal))
    sections = [{"state": state, "title": title, "goals": found[state]} for state, title in SECTIONS if state in found]
    return render(request, "paths/goals.html", {"sections": sections})


@allow(*EVERYBODY)
@require_GET
def goal(request: Request, pk: int) -> HttpResponse:
    """One goal: read by whoever may see the learner, written on by the learner, answered by the teachers."""
    found = get_object_or_404(
        Goal.objects.visible_to(request.user).select_related("learner", "agreed_by", "confirmed_by"), pk=pk
    )
    if found.state == Goal.State.DRAFT:
        return redirect("goal_edit", pk=pk)
    note_look(request, found.learner_id)
    viewer = viewer_of(request, found.learner, ())
    served = viewer != ME and Learner.objects.served_by(request.user).filter(pk=found.learner_id).exists()
    request.nav = "goals" if viewer == ME else "learners" if served else "home"
    page = goal_page(
        found,
        policies=Policies(request.user.district_id),
        today=timezone.localdate(),
        for_learner=viewer == ME,
        show_all="all" in request.GET,
    )
    return render(
        request,
        "paths/goal.html",
        {
            "page": page,
            "goal": found,
            "viewer": viewer,
            "is_me": viewer == ME,
            "waits": _waits(found, page),
            "faces": [{"value": n, "word": word, "chosen": _is_todays(page, n)} for n, word in FACES],
            "how_far": [
                {"value": n, "word": word, "chosen": page.todays is not None and page.todays.progress == n}
                for n, word in HOW_FAR
            ],
            "helped": _helped(page),
            "starters": starters_for(found.learner) if viewer == ME and not page.reflected else {},
            "teacher": found.agreed_by,
            "work": work_for_goal(found, request.user),
            "is_served": served,
            "answers": served and TEACHER in request.user.roles,
            "shell": SHELLS["staff" if served else viewer],
            "fresh_uuid": uuid.uuid4(),
        },
    )


def _waits(goal: Goal, page: GoalPage) -> bool:
    """A teacher can say something about it: yes, a question, the nod."""
    if goal.state == Goal.State.ACHIEVED:
        return goal.confirmed_at is None
    return goal.state == Goal.State.LIVE and goal.agreed_at is None and bool(page.standards)


def _is_todays(page: GoalPage, confidence: int) -> bool:
    return page.todays is not None and page.todays.confidence == confidence


def _helped(page: GoalPage) -> list[dict]:
    chosen = page.draft.helped if page.draft else []
    return [{"value": value, "label": label, "chosen": value in chosen} for value, label in Reflection.Helped.choices]


@allow(*EVERYBODY)
@require_GET
def goal_history(request: Request, pk: int) -> HttpResponse:
    """Every wording of a goal, the one that stands first: for whoever may read the goal."""
    found = get_object_or_404(
        Goal.objects.visible_to(request.user).exclude(state=Goal.State.DRAFT).select_related("learner"), pk=pk
    )
    note_look(request, found.learner_id)
    viewer = viewer_of(request, found.learner, ())
    served = viewer != ME and Learner.objects.served_by(request.user).filter(pk=found.learner_id).exists()
    request.nav = "goals" if viewer == ME else "learners" if served else "home"
    context = {
        "goal": found,
        "readings": readings_of(found),
        "viewer": viewer,
        "is_me": viewer == ME,
        "shell": SHELLS["staff" if served else viewer],
    }
    return render(request, "paths/goal_history.html", context)
