"""How a teacher plans a path for a learner or for a section."""

from collections.abc import Sequence
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Group
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, TEACHER, allow
from paths.forms.parts import cover_initial, part_initial
from paths.forms.plan_forms import PlanForms
from paths.forms.plans import AssignForm, PathForm, group_rows, step_rows
from paths.models import Path
from paths.services import plans
from paths.services.errors import PathChanged
from paths.services.offers import standards_for_learner, standards_for_section
from paths.services.path_pages import paths_of
from paths.views.shared import note_look, served_learner
from profiles.models import Enrollment, Learner, Section
from standards.models import Standard

PLANNERS = (TEACHER, *ADMINS)


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def path_new(request: Request, pk: int) -> HttpResponse:
    """Plan a path for one learner."""
    learner = served_learner(request, pk)
    offered = standards_for_learner(learner)
    plan = _forms(request, PathForm(request.POST or None, initial={"act": uuid4()}), offered)
    if request.method == "POST" and plan.is_valid():
        plans.assign_path(
            learners=[learner],
            title=plan.form.cleaned_data["title"],
            steps=plan.step_plans,
            outline=plan.outline,
            by=request.user,
            now=timezone.now(),
            act=plan.form.cleaned_data["act"],
        )
        messages.info(request, _("The path is on the page of %(name)s.") % {"name": learner.first_name})
        return redirect("learner", pk=learner.pk)
    return _show(
        request,
        plan,
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
    plan = _forms(request, form, offered, rows=step_rows(path), parts=part_initial(path), cover=cover_initial(path))
    if request.method == "POST" and plan.is_valid():
        try:
            plans.change_path(
                path_id=path.pk,
                version=form.cleaned_data["version"] or 0,
                title=form.cleaned_data["title"],
                steps=plan.step_plans,
                outline=plan.outline,
            )
        except PathChanged as changed:
            rebase(form, "version", changed.current.version)
            return _show(request, plan, learner=path.learner, path=changed.current, is_stale=True, status=409)
        return redirect("learner", pk=path.learner_id)
    return _show(request, plan, learner=path.learner, path=path)


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
    usual_title = {"title": group.focus.heading} if group else {}
    form = AssignForm(request.POST or None, initial={"act": uuid4(), **usual_title})
    form.may_give_to(learners)
    plan = _forms(request, form, standards_for_section(section.pk), rows=group_rows(group) if group else None)
    if request.method == "POST" and plan.is_valid():
        chosen = list(form.cleaned_data["learners"])
        looked_at(request, [learner.pk for learner in chosen])
        plans.assign_path(
            learners=chosen,
            title=form.cleaned_data["title"],
            steps=plan.step_plans,
            outline=plan.outline,
            by=request.user,
            now=timezone.now(),
            section=section,
            act=form.cleaned_data["act"],
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
    return _show(request, plan, section=section, choices=choices)


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


def _group(request: Request, section: Section) -> Group | None:
    """The group of the section that ?group= names; None for anything else."""
    pk = request.GET.get("group", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    groups = Group.objects.filter(section=section).select_related("focus").prefetch_related("tasks", "members")
    return groups.filter(pk=int(pk)).first()


def _forms(request: Request, form: PathForm, offered: Sequence[Standard], **initial) -> PlanForms:
    """initial: rows, parts and cover, as they stand at first."""
    return PlanForms(
        request.POST if request.method == "POST" else None,
        form=form,
        account=request.user,
        offered=offered,
        **initial,
    )


def _show(request: Request, plan: PlanForms, *, status: int = 200, **context) -> HttpResponse:
    request.nav = "learners"
    refused = plan.form.is_bound and not context.get("is_stale")
    context |= {"plan": plan, "form": plan.form, "steps": plan.steps}
    return render(request, "paths/path_form.html", context, status=422 if refused else status)
