"""Paths: the learner's own page, and how a teacher plans one for a learner or for a section."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import Group
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.forms.plans import AssignForm, BaseStepFormSet, PathForm, StepFormSet, group_rows, step_rows
from paths.models import Path, Step
from paths.services import plans
from paths.services.errors import PathChanged
from paths.services.learner_page import paths_of
from paths.services.offers import standards_for_learner, standards_for_section
from paths.views.shared import note_look, served_learner
from profiles.models import Enrollment, Learner, Section
from standards.models import Standard

PLANNERS = (TEACHER, *ADMINS)


@allow(LEARNER)
@require_GET
def my_path(request: Request) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    return render(request, "paths/my_path.html", {"paths": paths_of(learner)})


@allow(LEARNER, TEACHER)
@require_POST
def step_done(request: Request, pk: int) -> HttpResponse:
    """Tick a step of a path (done=1), or take the tick back (done=0)."""
    step = _step(request, pk)
    plans.tick_step(step=step, done=request.POST.get("done") == "1", by=request.user, now=timezone.now())
    return _back(request, step)


@allow(LEARNER, TEACHER)
@require_POST
def step_move(request: Request, pk: int) -> HttpResponse:
    """Move a step one place: to=up or to=down."""
    step = _step(request, pk)
    places = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if places is not None:
        plans.move_step(step=step, places=places)
    return _back(request, step)


@allow(LEARNER, TEACHER)
@require_POST
def path_order(request: Request, pk: int) -> HttpResponse:
    """All steps in a new order, from dragging.

    `step` in order and `version`. 409 when the path has changed meanwhile.
    """
    path = get_object_or_404(Path.objects.visible_to(request.user), pk=pk)
    if path.learner_id != request.user.access.learner_id:
        path = get_object_or_404(Path.objects.editable_by(request.user), pk=pk)
    note_look(request, path.learner_id)
    ids = [int(value) for value in request.POST.getlist("step") if value.isdecimal()]
    version = request.POST.get("version", "")
    try:
        path = plans.order_steps(path_id=path.pk, version=int(version) if version.isdecimal() else 0, step_ids=ids)
    except PathChanged as changed:
        return JsonResponse({"version": changed.current.version}, status=409)
    return JsonResponse({"version": path.version})


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def path_new(request: Request, pk: int) -> HttpResponse:
    """Plan a path for one learner."""
    learner = served_learner(request, pk)
    offered = standards_for_learner(learner)
    form = PathForm(request.POST or None)
    steps = _steps(request, offered)
    if request.method == "POST" and _both_valid(form, steps):
        plans.assign_path(
            learners=[learner],
            title=form.cleaned_data["title"],
            steps=steps.plans(),
            by=request.user,
            now=timezone.now(),
        )
        messages.info(request, _("The path is on the page of %(name)s.") % {"name": learner.first_name})
        return redirect("learner", pk=learner.pk)
    return _show(
        request,
        form,
        steps,
        learner=learner,
        put_away=paths_of(learner, put_away=True),
        sections=_sections_of(request, learner),
    )


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def path_edit(request: Request, pk: int) -> HttpResponse:
    """Change title and steps; ticks stay. A save that came second keeps what was typed and says so."""
    path = get_object_or_404(Path.objects.editable_by(request.user).select_related("learner"), pk=pk)
    note_look(request, path.learner_id)
    offered = standards_for_learner(path.learner)
    form = PathForm(request.POST or None, initial={"title": path.title, "version": path.version})
    steps = _steps(request, offered, path)
    if request.method == "POST" and _both_valid(form, steps):
        try:
            plans.change_path(
                path_id=path.pk,
                version=form.cleaned_data["version"] or 0,
                title=form.cleaned_data["title"],
                steps=steps.plans(),
            )
        except PathChanged as changed:
            rebase(form, "version", changed.current.version)
            return _show(request, form, steps, learner=path.learner, path=changed.current, is_stale=True, status=409)
        return redirect("learner", pk=path.learner_id)
    return _show(request, form, steps, learner=path.learner, path=path)


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def section_path_new(request: Request, pk: int) -> HttpResponse:
    """Plan once, for as many learners of the section as wanted; each gets a path of their own.

    ?group= one of the section's groups: its members, its topic and its tasks are filled in already.
    """
    section = get_object_or_404(Section.objects.visible_to(request.user).select_related("roster"), pk=pk)
    enrolled = Enrollment.objects.on(timezone.localdate()).of_learners().filter(roster=section.roster_id)
    learners = Learner.objects.served_by(request.user).filter(pk__in=enrolled.values("learner")).by_name()
    group = _group(request, section)
    form = AssignForm(request.POST or None, initial={"title": group.focus.heading} if group else None)
    form.may_give_to(learners)
    steps = _steps(request, standards_for_section(section.pk), rows=group_rows(group) if group else None)
    if request.method == "POST" and _both_valid(form, steps):
        chosen = list(form.cleaned_data["learners"])
        looked_at(request, [learner.pk for learner in chosen])
        plans.assign_path(
            learners=chosen,
            title=form.cleaned_data["title"],
            steps=steps.plans(),
            by=request.user,
            now=timezone.now(),
            section=section,
        )
        said = ngettext("%(count)s student has the path now.", "%(count)s students have the path now.", len(chosen))
        messages.info(request, said % {"count": len(chosen)})
        return redirect("section_path_new", pk=section.pk)
    shown = list(learners)
    looked_at(request, [learner.pk for learner in shown])
    members = {member.learner_id for member in group.members.all()} if group else set()
    usual = [str(learner.pk) for learner in shown if not group or learner.pk in members]
    picked = set(form["learners"].value() or usual)
    choices = [{"learner": learner, "chosen": str(learner.pk) in picked} for learner in shown]
    return _show(request, form, steps, section=section, choices=choices)


@allow(*PLANNERS)
@require_POST
def path_put_away(request: Request, pk: int) -> HttpResponse:
    """Take a path off the learner's page (away=1), or bring it back (away=0)."""
    path = get_object_or_404(Path.objects.editable_by(request.user), pk=pk)
    note_look(request, path.learner_id)
    if request.POST.get("away") == "0":
        plans.bring_back(path=path)
    else:
        plans.put_away(path=path, now=timezone.now())
        messages.info(request, _("“%(title)s” is put away. “Plan a new path” lists it.") % {"title": path.title})
    return redirect(reverse("learner", args=[path.learner_id]) + "#path")


def _sections_of(request: Request, learner: Learner) -> QuerySet[Section]:
    """The learner's sections for which the account may plan."""
    rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner)
    return Section.objects.visible_to(request.user).filter(roster__in=rosters.values("roster"), archived_at=None)


def _step(request: Request, pk: int) -> Step:
    step = get_object_or_404(Step.objects.tickable_by(request.user).select_related("path"), pk=pk)
    note_look(request, step.path.learner_id)
    return step


def _back(request: Request, step: Step) -> HttpResponse:
    if request.user.access.learner_id == step.path.learner_id:
        return redirect(reverse("my_path") + f"#step-{step.pk}")
    return redirect(reverse("learner", args=[step.path.learner_id]) + "#path")


def _group(request: Request, section: Section) -> Group | None:
    """The group of the section that ?group= names; None for anything else."""
    pk = request.GET.get("group", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    groups = Group.objects.filter(section=section).select_related("focus").prefetch_related("tasks", "members")
    return groups.filter(pk=int(pk)).first()


def _steps(
    request: Request, offered: Sequence[Standard], path: Path | None = None, rows: list[dict] | None = None
) -> BaseStepFormSet:
    """rows: what stands in a new path's form at first."""
    return StepFormSet(
        request.POST if request.method == "POST" else None,
        initial=step_rows(path) if path else rows,
        prefix="steps",
        form_kwargs={"standards": offered, "account": request.user},
    )


def _both_valid(form: PathForm, steps: BaseStepFormSet) -> bool:
    """Both are checked, so that all problems are said at once."""
    return all([form.is_valid(), steps.is_valid()])


def _show(request: Request, form: PathForm, steps: BaseStepFormSet, *, status: int = 200, **context) -> HttpResponse:
    request.nav = "learners"
    refused = form.is_bound and not context.get("is_stale")
    return render(
        request, "paths/path_form.html", {"form": form, "steps": steps, **context}, status=422 if refused else status
    )
