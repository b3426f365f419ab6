"""The learner's own paths: what is next, done, chosen and put in order."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import LEARNER, TEACHER, allow
from paths.models import Path, Place, Step
from paths.sequencing import Hold
from paths.services import plans
from paths.services.errors import BoardIsFull, PathChanged, StepHeld, StepWaits
from paths.services.offered_steps import offered_steps
from paths.services.path_pages import paths_of
from paths.services.placement import offered_to_skip
from paths.services.proposals import proposals_of
from paths.services.where import seat_now, worked_today
from paths.views.shared import note_look
from profiles.models import Learner

PLACES_SHOWN = 8


@allow(LEARNER)
@require_GET
def my_path(request: Request) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    paths = paths_of(learner)
    today = timezone.localdate()
    skippable = offered_to_skip(learner, paths, today=today)
    worked = worked_today(learner)
    for step in (step for shown in paths for step in shown.steps):
        step.is_offered = step.pk in skippable
        step.worked_today = worked.get(step.pk, [])
    context = {
        "learner": learner,
        "paths": paths,
        "proposals": proposals_of(learner, now=timezone.now()),
        "seat": seat_now(learner, now=timezone.now()),
        "places": list(Place.objects.visible_to(request.user).filter(archived_at__isnull=True)[:PLACES_SHOWN]),
        "n_offered": len(offered_steps(learner, today=today)),
    }
    return render(request, "paths/my_path.html", context)


@allow(LEARNER, TEACHER)
@require_POST
def step_done(request: Request, pk: int) -> HttpResponse:
    """Tick a step of a path (done=1), or take the tick back (done=0)."""
    step = _step(request, pk)
    try:
        plans.tick_step(step=step, done=request.POST.get("done") == "1", by=request.user, now=timezone.now())
    except (StepWaits, BoardIsFull) as refused:
        messages.info(request, refusal_words(refused))
    return _back(request, step)


@allow(LEARNER, TEACHER)
@require_POST
def step_choose(request: Request, pk: int) -> HttpResponse:
    """Choose a step of a choice board (chosen=1), maybe for another one (instead_of=), or put it back (chosen=0)."""
    step = _step(request, pk)
    if request.POST.get("chosen") == "0":
        plans.give_up_choice(step=step)
        return _back(request, step)
    instead = request.POST.get("instead_of", "")
    other = int(instead) if instead.isdecimal() and len(instead) <= 18 else None
    try:
        plans.choose_step(step=step, now=timezone.now(), instead_of=other)
    except BoardIsFull as refused:
        messages.info(request, refusal_words(refused))
    return _back(request, step)


@allow(LEARNER, TEACHER)
@require_POST
def step_move(request: Request, pk: int) -> HttpResponse:
    """Move a step one place: to=up or to=down."""
    step = _step(request, pk)
    places = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if places is not None:
        try:
            plans.move_step(step=step, places=places, keeps_fixed=_is_own(request, step.path))
        except StepHeld as held:
            messages.info(request, refusal_words(held))
    return _back(request, step)


@allow(LEARNER, TEACHER)
@require_POST
def path_order(request: Request, pk: int) -> HttpResponse:
    """All steps in a new order, from dragging.

    `step` in order and `version`. 409 when the path has changed meanwhile, or when an order is not taken (`why`).
    """
    path = get_object_or_404(Path.objects.visible_to(request.user), pk=pk)
    if not _is_own(request, path):
        path = get_object_or_404(Path.objects.editable_by(request.user), pk=pk)
    note_look(request, path.learner_id)
    ids = [pk for pk in map(whole_number, request.POST.getlist("step")) if pk]
    try:
        path = plans.order_steps(
            path_id=path.pk,
            version=whole_number(request.POST.get("version", "")) or 0,
            step_ids=ids,
            keeps_fixed=_is_own(request, path),
        )
    except PathChanged as changed:
        return JsonResponse({"version": changed.current.version}, status=409)
    except StepHeld as held:
        return JsonResponse({"why": refusal_words(held)}, status=409)
    return JsonResponse({"version": path.version})


def refusal_words(refused: StepHeld | StepWaits | BoardIsFull) -> str:
    """Why nothing changed, and what helps."""
    step = f"“{refused.step.title}”"
    if isinstance(refused, StepWaits):
        others = ", ".join(f"“{other.title}”" for other in refused.others)
        return _("First comes %(others)s. Then %(step)s is open.") % {"others": others, "step": step}
    if isinstance(refused, BoardIsFull):
        return _("You chose enough steps here. Swap one for %(step)s.") % {"step": step}
    if refused.hold is Hold.WAITS and refused.by:
        return _("%(step)s waits for “%(other)s”, so it stays after it.") % {"step": step, "other": refused.by.title}
    if refused.hold is Hold.PART:
        return _("%(step)s stays in its part of the path.") % {"step": step}
    held = f"“{refused.by.title}”" if refused.by else step
    return _("%(step)s has a set place. Your teacher chose it.") % {"step": held}


def _is_own(request: Request, path: Path) -> bool:
    return request.user.access.learner_id == path.learner_id


def _step(request: Request, pk: int) -> Step:
    step = get_object_or_404(Step.objects.tickable_by(request.user).select_related("path"), pk=pk)
    note_look(request, step.path.learner_id)
    return step


def _back(request: Request, step: Step) -> HttpResponse:
    if _is_own(request, step.path):
        return redirect(reverse("my_path") + f"#step-{step.pk}")
    return redirect(reverse("learner", args=[step.path.learner_id]) + "#path")
