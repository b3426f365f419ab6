"""Into the next year: a plan of the school's classes, corrections per student, carrying it out, undoing it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, allow
from profiles.forms.roll_over import BeginForm, PlanForm, ways_said
from profiles.models import RollOver, School
from profiles.services import rolling_over
from profiles.services.class_codes import NoFreeNumber
from profiles.services.roster_acts import ChangedMeanwhile
from profiles.views.meanwhile import changed_meanwhile


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def roll_overs(request: Request) -> HttpResponse:
    """Plans of the schools that one administers, and beginning one."""
    access, today = request.user.access, timezone.localdate()
    schools = School.objects.filter(left_on__isnull=True)
    if not access.is_district_admin:
        schools = schools.filter(pk__in=access.school_ids)
    years = rolling_over.sources_of(schools, on=today)
    form = BeginForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        school, source = form.cleaned_data["begin"]
        return redirect("roll_over", uuid=rolling_over.begin(school=school, source=source, by=request.user).uuid)
    request.nav = "learners"
    plans = RollOver.objects.visible_to(request.user).select_related("school", "source", "act", "made_by")[:20]
    context = {"form": form, "plans": plans, "has_years": bool(years)}
    return render(request, "profiles/roll_overs.html", context, status=422 if form.errors else 200)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def roll_over(request: Request, uuid: UUID) -> HttpResponse:
    """Which classes there will be again, and where each class goes: nothing changes before it is carried out."""
    plan = _plan(request, uuid)
    classes = rolling_over.classes_of(plan)
    choices = rolling_over.choices_of(plan)
    form = PlanForm(request.POST or None, plan=plan, classes=classes, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            plan = rolling_over.save(plan, version=form.cleaned_data["version"], **form.values())
        except ChangedMeanwhile:
            changed_meanwhile(request)
        else:
            messages.success(request, _("The plan is saved. No class has changed yet."))
        return redirect("roll_over", uuid=plan.uuid)
    context = {"plan": plan, "form": form, "totals": _totals(classes, choices)}
    return _render(request, "profiles/roll_over.html", context, bad=bool(form.errors))


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def roll_over_class(request: Request, uuid: UUID, pk: int) -> HttpResponse:
    """Where each student of one class goes."""
    plan = _plan(request, uuid)
    found = next((each for each in rolling_over.classes_of(plan) if each.roster.pk == pk), None)
    if found is None:
        raise Http404("No class of this plan.")
    choices = rolling_over.choices_of(plan)
    looked_at(request, [row.learner_id for row in found.learners if row.learner_id is not None])
    if request.method == "POST":
        learners = dict(plan.learners)
        for row in found.learners:
            way = request.POST.get(f"way-{row.learner_id}", "")
            learners.pop(str(row.learner_id), None)
            if way in choices and way != found.goes:
                learners[str(row.learner_id)] = way
        try:
            version = int(request.POST.get("version", ""))
            rolling_over.save(plan, version=version, learners=learners)
        except (ChangedMeanwhile, ValueError):
            changed_meanwhile(request)
            return redirect("roll_over_class", uuid=uuid, pk=pk)
        messages.success(request, _("The plan is saved. No class has changed yet."))
        return redirect("roll_over", uuid=uuid)
    lines = [{"row": row, "way": rolling_over.way_of(plan, row)} for row in found.learners]
    context = {"plan": plan, "each": found, "lines": lines, "ways": ways_said(choices)}
    return _render(request, "profiles/roll_over_class.html", context)


@allow(*ADMINS)
@require_POST
def roll_over_apply(request: Request, uuid: UUID) -> HttpResponse:
    """All of it in one transaction."""
    plan = _plan(request, uuid)
    if plan.act_id is not None:  # sent twice
        return redirect("roll_over", uuid=uuid)
    try:
        rolling_over.carry_out(plan, version=_number(request.POST.get("version", "")), by=request.user)
    except ChangedMeanwhile:
        changed_meanwhile(request)
    except NoFreeNumber:
        messages.error(request, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
    else:
        messages.success(request, _("The classes of the next year are there."))
    return redirect("roll_over", uuid=uuid)


@allow(*ADMINS)
@require_POST
def roll_over_undo(request: Request, uuid: UUID) -> HttpResponse:
    plan = _plan(request, uuid)
    try:
        rolling_over.undo(plan, by=request.user)
    except ChangedMeanwhile:
        changed_meanwhile(request)
    else:
        messages.success(request, _("Undone. Everything stands as it did before."))
    return redirect("roll_over", uuid=uuid)


def _plan(request: Request, uuid: UUID) -> RollOver:
    request.nav = "learners"
    rows = RollOver.objects.visible_to(request.user).select_related("school", "source", "act__by", "target")
    return get_object_or_404(rows, uuid=uuid)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _totals(classes: list[rolling_over.Class], choices: dict[str, str]) -> list[dict]:
    """How many come into each class of the next year, in the order of the choices."""
    counts: dict[str, int] = {}
    for each in classes:
        for way, count in each.ways.items():
            counts[way] = counts.get(way, 0) + count
    said = dict(ways_said(choices))
    return [{"title": said[way], "count": counts.get(way, 0)} for way in choices if way in said]


def _render(request: Request, template: str, context: dict, *, bad: bool = False) -> HttpResponse:
    return render(request, template, context, status=422 if bad else 200)
