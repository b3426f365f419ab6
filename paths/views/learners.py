"""The page about one learner: the same for teacher, family and learner, but for what is for staff only."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessments.services.learner_groups import read_own_groups
from assessments.services.policies import Policies
from lrm.as_of import read_as_of
from lrm.grades import grade_name
from lrm.http import Request
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.models import Goal
from paths.services import learner_reading
from paths.services.mastery_rows import standards_of, strong_and_next
from paths.services.talk_points import talk_points
from paths.views.shared import FAMILY, ME, SHELLS, STAFF, note_look, viewer_of
from profiles.models import Learner
from profiles.services.shown_to_families import shows_own_views

PAST = (Goal.State.ACHIEVED, Goal.State.MISSED, Goal.State.ARCHIVED)


@allow(*EVERYBODY)
@require_GET
def learner(request: Request, pk: int) -> HttpResponse:
    """?as_of= shows the levels of a closed day; words, goals, paths and groups stay those of today."""
    today, past = timezone.localdate(), read_as_of(request)
    found = get_object_or_404(Learner.objects.visible_to(request.user), pk=pk)
    note_look(request, found.pk)
    about = learner_reading.read_about(found, request.user, on=today)
    classrooms = about.classrooms
    roster_ids = [classroom.roster_id for classroom in classrooms]
    viewer = viewer_of(request, found, roster_ids)
    since = min((classroom.starts_on for classroom in classrooms), default=None)
    if since and past.day and past.day < since:
        since = None
    goals = learner_reading.read_goals(found, request.user)
    subjects = standards_of(
        found,
        roster_ids=roster_ids,
        since=since,
        policies=Policies(found.district_id),
        today=today,
        past=past.day,
        own_views=viewer != FAMILY or shows_own_views(found, request.user.district),
    )
    request.nav = "learners" if viewer == STAFF else "home"
    context = {
        "learner": found,
        "past": past,
        "grade": grade_name(found.grade),
        "classrooms": [classroom for classroom in classrooms if classroom.title],
        "since": since,
        "viewer": viewer,
        "is_staff_view": viewer == STAFF,
        "is_me": viewer == ME,
        "is_office": viewer == STAFF and _administers(request, found),
        "neighbours": learner_reading.read_neighbours(found, _own_first(request, roster_ids), on=today)
        if viewer == STAFF
        else None,
        "profile": about.words,
        "reads_words": about.shows_words,
        "evidence_count": about.evidence_count,
        "goals": [shown for shown in goals if shown.goal.state == Goal.State.LIVE],
        "drafts": [shown for shown in goals if shown.goal.state == Goal.State.DRAFT],
        "past_goals": [shown for shown in goals if shown.goal.state in PAST],
        "paths": learner_reading.read_paths(found),
        "groups": read_own_groups(found, on=today),
        "subjects": subjects,
        # What is strong now is not said of another day.
        "suggested": None if past.day or about.has_objected else strong_and_next(subjects, about.marks),
        "can_write_goal": viewer == STAFF and TEACHER in request.user.roles,
        "shell": SHELLS[viewer],
    }
    if viewer == STAFF:
        for subject in subjects:
            subject.put_differences_first()
        context["talk"] = [] if past.day else talk_points(found, subjects, context["goals"], today=today)
        context["next_right"] = _next_right(found, context, may_write=TEACHER in request.user.roles)
    return render(request, "paths/learner.html", context)


def _administers(request: Request, found: Learner) -> bool:
    """A statement for administrators of a school; none for who administers nothing, and for the district's."""
    access = request.user.access
    if access.is_district_admin or not access.school_ids:
        return access.is_district_admin
    return Learner.objects.administered_by(request.user).filter(pk=found.pk).exists()


@allow(LEARNER)
@require_GET
def me(request: Request) -> HttpResponse:
    return redirect("learner", pk=request.user.access.learner_id)


def _next_right(learner: Learner, context: dict, *, may_write: bool) -> dict:
    """The one filled button for staff: what is missing first. Empty where nothing is."""
    waiting = next((shown.goal for shown in context["goals"] if needs_yes(shown.goal)), None)
    if waiting and may_write:
        return {"text": _("Review the goal"), "url": reverse("goal", args=[waiting.pk])}
    if not context["goals"] and may_write:
        return {"text": _("Write a goal together"), "url": reverse("learner_goal_new", args=[learner.pk])}
    if not context["paths"]:
        return {"text": _("Plan a path"), "url": reverse("path_new", args=[learner.pk])}
    return {}


def needs_yes(goal: Any) -> bool:
    """From the goal of a GoalProgress: it counts towards standards and nobody has agreed or asked."""
    counts = bool(goal.standard_rows)
    return counts and goal.agreed_at is None and goal.asked_at is None


def _own_first(request: Request, roster_ids: list[int]) -> int | None:
    """The learner's roster whose class list the page walks along: one that the account teaches before others."""
    mine = request.user.access.roster_ids
    return min(roster_ids, key=lambda pk: pk not in mine, default=None)
