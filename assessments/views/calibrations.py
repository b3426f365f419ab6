"""Calibrations for the district administrator: what counts, whom the proposed one would change, starting one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.calibration import StartForm
from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion
from assessments.services import calibrations
from assessments.services.calibration_page import read_standings, sizes
from assessments.services.calibrations import StartRefused
from assessments.services.policies import Policies
from assessments.services.policy_preview import Trial, try_calibration
from assessments.views.policy_trial import read_part, write_changes
from lrm import days
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.second_step import give_out

REFUSED = {
    "begun": lambda: _("That day is over, or the calibration has begun. One begins today or on a later day."),
    "newer": lambda: _("Another calibration is proposed by now, so nothing was started. Look at that one."),
    "same": lambda: _("This calibration counts on that day already. Nothing was changed."),
    "gone": lambda: _("Somebody else did that first. Nothing was changed."),
}


@allow(DISTRICT_ADMIN)
@require_safe
def calibration_list(request: Request) -> HttpResponse:
    """Every subject: what counts since when, what waits for its day, what is proposed."""
    request.nav = "policy"
    today = timezone.localdate()
    context = {
        "standings": read_standings(request.user.district, today=today),
        "names_tree": Policies(request.user.district_id).names_tree(today),
    }
    return render(request, "assessments/calibrations.html", context)


@allow(DISTRICT_ADMIN)
@require_safe
def calibration_try(request: Request, pk: int) -> HttpResponse:
    """Whom a version would change, as if it counted today; nothing is saved. Goes on as the policy's trial does."""
    return _try(request, _version(request, pk), StartForm(today=timezone.localdate()))


@allow(DISTRICT_ADMIN)
@require_safe
def calibration_csv(request: Request, pk: int) -> HttpResponseBase:
    """Every level that the version would change."""
    version = _version(request, pk)
    return give_out(request, lambda: write_changes(request, _trial(request, version)))


@allow(DISTRICT_ADMIN)
@require_POST
def calibration_start(request: Request, pk: int) -> HttpResponse:
    """starts_on: the day from which on the proposed version counts."""
    version = _version(request, pk)
    form = StartForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _try(request, version, form, status=422)
    day = form.cleaned_data["starts_on"]
    try:
        calibrations.start_candidate(version, starts_on=day, by=request.user)
    except StartRefused as refused:
        messages.error(request, REFUSED[refused.code]())
        return redirect("calibrations")
    if day > timezone.localdate():
        said = _("Saved. It begins on %(day)s; until then you can withdraw it.")
    else:
        said = _("Saved. It begins today; levels are being worked out anew, which takes a while in a large district.")
    messages.success(request, said % {"day": days.said(day)})
    return redirect("calibrations")


@allow(DISTRICT_ADMIN)
@require_POST
def calibration_withdraw(request: Request, pk: int) -> HttpResponse:
    """act: withdraw, or restore, which undoes it."""
    event = get_object_or_404(CalibrationStart.objects.filter(subject__district=request.user.district_id), pk=pk)
    facts = {"day": days.said(event.starts_on)}
    try:
        if request.POST.get("act") == "restore":
            calibrations.restore_start(event)
            said = _("Put back. It begins on %(day)s.") % facts
        else:
            calibrations.withdraw_start(event, by=request.user)
            said = _("Withdrawn. Nothing changes on %(day)s. “Put back” undoes this.") % facts
    except StartRefused as refused:
        messages.error(request, REFUSED[refused.code]())
    else:
        messages.success(request, said)
    return redirect("calibrations")


def _try(request: Request, version: CalibrationVersion, form: StartForm, *, status: int = 200) -> HttpResponse:
    request.nav = "policy"
    run = CalibrationRun.objects.filter(subject=version.subject_id).first()
    here, csv = (reverse(name, args=[version.pk]) for name in ("calibration_try", "calibration_csv"))
    context = {
        **read_part(request, _trial(request, version), here=here, csv=csv),
        "version": version,
        "subject": version.subject,
        "form": form,
        "act": "assessments/calibration_start.html",
        "may_write": run is not None and run.candidate_id == version.pk,
    }
    template = "assessments/policy_part.html" if request.htmx else "assessments/calibration_try.html"
    return render(request, template, context, status=status)


def _version(request: Request, pk: int) -> CalibrationVersion:
    versions = CalibrationVersion.objects.filter(subject__district=request.user.district_id)
    return get_object_or_404(sizes(versions.select_related("subject")), pk=pk)


def _trial(request: Request, version: CalibrationVersion) -> Trial:
    return try_calibration(version, district=request.user.district, today=timezone.localdate())
