"""Goals on paper: a card for each learner of a class, with room to write for whoever has none yet."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from lrm.qr import qr_drawing
from paths.models import Goal
from profiles.class_order import class_order
from profiles.models import Learner

STEPS_WITHOUT_GOAL = range(3)


@allow(TEACHER)
@require_safe
def goal_cards(request: Request) -> HttpResponse:
    """The cards of the section last used."""
    request.nav = "goals"
    _sections, section = taught_section(request, None)
    if section is None:
        return render(request, "assessments/no_section.html")
    return redirect("section_goal_cards", pk=section.pk)


@allow(TEACHER)
@require_safe
def section_goal_cards(request: Request, pk: int) -> HttpResponse:
    """The newest live goal of each learner, in the order of the class list."""
    request.nav = "goals"
    sections, section = taught_section(request, pk)
    assert section is not None  # one that is not there raised 404
    on_list = section.roster.enrollments.of_learners().on(timezone.localdate())
    learners = sorted(Learner.objects.filter(pk__in=on_list.values("learner")), key=class_order)
    looked_at(request, [learner.pk for learner in learners])
    live = Goal.objects.visible_to(request.user).live().filter(learner__in=learners)
    goals = {goal.learner_id: goal for goal in live.prefetch_related("steps").order_by("created_at", "pk")}
    cards = []
    for learner in learners:
        goal = goals.get(learner.pk)
        route, pk_of = ("goal", goal.pk) if goal else ("learner", learner.pk)
        address = request.build_absolute_uri(reverse(route, args=[pk_of]))
        cards.append({"learner": learner, "goal": goal, "code": qr_drawing(address)})
    context = {"section": section, "sections": sections, "cards": cards, "empty_steps": STEPS_WITHOUT_GOAL}
    return render(request, "paths/goal_cards.html", context)
