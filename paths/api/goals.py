"""Goals: read by everybody who may read the learner's, written by learners and their teachers as on their pages."""

import uuid
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.errors import Conflict
from lrm.api.once import sent_once
from lrm.api.scopes import GOALS_READ, GOALS_WRITE
from lrm.api.views import ApiView, ListView, filled, read_as
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.api.serializers import (
    CheckInSerializer,
    GoalInFullSerializer,
    GoalQuerySerializer,
    GoalSerializer,
    NewCheckInSerializer,
    NewGoalSerializer,
    RevisedGoalSerializer,
)
from paths.models import Goal, Reflection
from paths.services import check_ins
from paths.services import goals as services
from paths.services.errors import GoalChanged, UuidTaken
from paths.services.goal_words import GoalWords, StepWords, criteria, words_of
from paths.views.shared import note_look
from profiles.models import Enrollment, Learner, Section
from standards.models import Standard

EXAMPLE_GOAL = OpenApiExample(
    "A goal that counts towards a standard",
    request_only=True,
    value={
        "what": "I can read a clock to the minute",
        "why": "So that I catch the bus by myself",
        "done_when": ["I read ten clocks of ten"],
        "due_on": "2026-12-18",
        "standards": [512],
        "steps": [{"text": "Practise with the clock at home"}],
    },
)
EXAMPLE_REVISION = OpenApiExample("A later day", request_only=True, value={"version": 3, "due_on": "2027-01-15"})


@allow(*EVERYBODY)
class Goals(ListView):
    query = GoalQuerySerializer
    scopes = {"GET": GOALS_READ}

    @extend_schema(responses=GoalSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Goals of learners whom you may see, the newest first. A draft is read by its writer only."""
        found = _goals(request).filter(**filled(self.asked, "learner", "state"))
        if "section" in self.asked:
            section = Section.objects.visible_to(request.user).filter(pk=self.asked["section"])
            today = Enrollment.objects.on(timezone.localdate()).filter(roster__in=section.values("roster_id"))
            found = found.filter(learner__in=today.values("learner_id"))

        def tell(goals: list[Goal]) -> list[dict[str, Any]]:
            for goal in goals:
                note_look(request, goal.learner_id)
            return [_told(goal) for goal in goals]

        return self.answer_page(request, found, tell, GoalSerializer)


@allow(*EVERYBODY)
class OneGoal(ApiView):
    scopes = {"GET": GOALS_READ, "PATCH": GOALS_WRITE}

    @extend_schema(responses=GoalInFullSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One goal, with check-ins, reflections and what teachers answered."""
        return _answer(request, get_object_or_404(_goals(request), pk=pk))

    @extend_schema(request=RevisedGoalSerializer, responses={200: GoalInFullSerializer}, examples=[EXAMPLE_REVISION])
    def patch(self, request: Request, pk: int) -> Response:
        """Change the words of a goal: for its learner, and staff of the learner. The old words stay as history.

        What a teacher has agreed is asked again where the learner changes it. A version that is not the current one
        is refused (409, `stale`) with the one that is, unless it says the same.
        """
        if not {LEARNER, TEACHER} & request.user.roles:
            raise Http404
        goal = get_object_or_404(Goal.objects.editable_by(request.user), pk=pk)
        sent = read_as(RevisedGoalSerializer, request.data, due_on=goal.due_on)
        try:
            services.revise_goal(
                goal_id=pk,
                version=sent["version"],
                words=replace(words_of(goal), **_words(request, sent)),
                by=request.user,
                now=timezone.now(),
            )
        except GoalChanged as changed:
            said = _("Somebody has changed this goal meanwhile. Read it once more, then change it.")
            raise Conflict(said, code="stale", current_version=changed.current.version) from changed
        return _answer(request, _goals(request).get(pk=pk))


@allow(LEARNER, TEACHER)
class LearnerGoals(ApiView):
    scopes = {"POST": GOALS_WRITE}

    @extend_schema(request=NewGoalSerializer, responses={201: GoalInFullSerializer}, examples=[EXAMPLE_GOAL])
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Write a goal: your own, or with a learner of your classes. It is live at once."""
        is_own = request.user.access.learner_id == pk
        people = Learner.objects.visible_to(request.user) if is_own else Learner.objects.served_by(request.user)
        learner = get_object_or_404(people, pk=pk)
        sent = read_as(NewGoalSerializer, request.data)
        try:
            made = services.write_goal(
                learner=learner,
                uuid=sent.get("uuid") or uuid.uuid4(),
                words=GoalWords(**_words(request, sent)),
                by=request.user,
                now=timezone.now(),
            )
        except UuidTaken:
            raise _taken() from None
        return _answer(request, _goals(request).get(pk=made.pk), status=201)


@allow(LEARNER)
class GoalCheckIns(ApiView):
    scopes = {"POST": GOALS_WRITE}

    @extend_schema(request=NewCheckInSerializer, responses={201: CheckInSerializer})
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Check in on your own goal. Only the learner can, so it is asked for with a session."""
        own = Goal.objects.visible_to(request.user).filter(learner_id=request.user.access.learner_id)
        sent = read_as(NewCheckInSerializer, request.data)
        values = sent | {"uuid": sent.get("uuid") or uuid.uuid4()}
        try:
            made = check_ins.check_in(goal=get_object_or_404(own, pk=pk), **values, by=request.user, now=timezone.now())
        except UuidTaken:
            raise _taken() from None
        return Response(CheckInSerializer(made).data, status=201)


def _goals(request: Request) -> QuerySet[Goal]:
    return Goal.objects.visible_to(request.user).prefetch_related("standards", "steps")


def _told(goal: Goal) -> dict[str, Any]:
    names = ("id", "uuid", "learner_id", "state", "what", "why", "due_on", "agreed_at", "achieved_at", "confirmed_at")
    facts = {name: getattr(goal, name) for name in (*names, "created_at", "updated_at", "version")}
    standards = sorted(standard.pk for standard in goal.standards.all())
    return facts | {"criteria": criteria(goal), "standards": standards, "steps": goal.steps.all()}


def _answer(request: Request, goal: Goal, *, status: int = 200) -> Response:
    note_look(request, goal.learner_id)
    told = _told(goal) | {
        "check_ins": goal.check_ins.all(),
        "reflections": Reflection.objects.filter(goal=goal, is_draft=False),
        "feedback": goal.feedback.all(),
    }
    return Response(GoalInFullSerializer(told).data, status=status)


def _words(request: Request, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as fields of GoalWords; what was not sent is left out."""
    words: dict[str, Any] = {name: sent[name] for name in ("what", "why", "due_on") if name in sent}
    if "done_when" in sent:
        words["done_when"] = "\n".join(" ".join(line.split()) for line in sent["done_when"])
    if "steps" in sent:
        words["steps"] = tuple(StepWords(step.get("id"), step["text"]) for step in sent["steps"])
    if "standards" in sent:
        ids = sent["standards"]
        known = set(
            Standard.objects.visible_to(request.user).in_force().filter(pk__in=ids).values_list("pk", flat=True)
        )
        unknown = ErrorDetail(_("No standard in force has this id."), "no_standard")
        if missing := {place: [unknown] for place, pk in enumerate(ids) if pk not in known}:
            raise ValidationError({"standards": missing})
        words["standard_ids"] = tuple(sorted(known))
    return words


def _taken() -> Conflict:
    return Conflict(_("This identifier is that of something else. Choose another one."), code="uuid_taken")
