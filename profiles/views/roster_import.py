"""A roster file: choose it, look at what it would change, settle lines, take it over or throw it away."""

import time
from collections.abc import Iterable
from uuid import UUID

from defusedcsv import csv
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from lrm.problems import Problem
from profiles.forms.imports import RosterFileForm, SettleForm
from profiles.models import Upload
from profiles.oneroster.package import PackageRefused
from profiles.oneroster.reader import read_roster
from profiles.services import uploads
from profiles.services.roster_import import deciding
from profiles.services.roster_import.applying import DemoRefused, RosterRefused, import_roster
from profiles.services.roster_import.planning import RosterPlan

SHOWN_PROBLEMS = 50
SHOWN_CHANGES = 100
BY_NAME = frozenset({"column_order", "metadata_place", "metadata_name"})
WHOLE_FILE = frozenset({"unknown_file", "file_unexpected", "file_missing", "not_text", "no_heading"})
NOT_REPAIRABLE = frozenset({"cells", "stray_quote", "unclosed_quote", "long_cell", "column_missing", "column_twice"})


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: Request) -> HttpResponse:
    is_sent = request.method == "POST"
    form = RosterFileForm(request.POST, request.FILES) if is_sent else RosterFileForm()
    if is_sent and form.is_valid():
        upload = uploads.keep(files=form.cleaned_data["package"], kind=Upload.Kind.ROSTER, by=request.user)
        try:
            read_roster(uploads.content(upload), name=upload.name)
        except PackageRefused as refused:
            upload.delete()
            form.add_error("package", str(refused))
        else:
            return redirect("roster_import_check", upload.uuid)
    mine = Upload.objects.visible_to(request.user).filter(kind=Upload.Kind.ROSTER).order_by("-created_at")
    context = {
        "form": form,
        "waiting": mine.waiting().defer("data").first(),
        "recent": mine.filter(applied_at__isnull=False).defer("data")[:10],
    }
    return _page(request, "profiles/roster_import.html", context, status=422 if form.errors else 200)


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_check(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    started = time.monotonic()
    plan = deciding.plan_of(upload, today=timezone.localdate())
    looked_at(request, _learners_shown(plan))
    problems = [_place(problem) for problem in plan.roster.blocking[:SHOWN_PROBLEMS]]
    context = {
        "upload": upload,
        "plan": plan,
        "seconds": max(1, round(time.monotonic() - started)),
        "counts": deciding.summary_of(plan),
        "problems": problems,
        "problems_more": len(plan.roster.blocking) - len(problems),
        "asks_order": any(problem.code == "slashed_date" for problem in plan.roster.blocking),
        "asks_by_name": any(problem.code in BY_NAME for problem in plan.roster.blocking),
        "notes": [problem for problem in plan.roster.problems if not problem.blocking][:SHOWN_PROBLEMS],
        "changes": plan.changes[:SHOWN_CHANGES],
        "changes_more": max(0, len(plan.changes) - SHOWN_CHANGES),
        "leaving": plan.leaving[:SHOWN_CHANGES],
        "leaving_more": max(0, len(plan.leaving) - SHOWN_CHANGES),
        "brake": plan.brake or plan.largest_share,
        "may_apply": not plan.roster.blocking and not plan.is_unchanged and not upload.district.is_demo,
        "demo_refusal": str(DemoRefused()) if upload.district.is_demo else "",
        "lines": plan.count("new") + plan.count("changed") + plan.count("same"),
    }
    return _page(request, "profiles/roster_import_check.html", context)


@allow(DISTRICT_ADMIN)
@require_POST
def roster_import_settle(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, " ".join(str(said) for said in form.non_field_errors()) or _("That could not be understood.")
        )
        return redirect("roster_import_check", upload.uuid)
    asked = form.cleaned_data
    if asked["does"] == "use":
        deciding.put_right(upload, file=asked["file"], line=asked["line"], field=asked["field"], value=asked["value"])
    elif asked["does"] == "leave_out":
        deciding.leave_out(upload, file=asked["file"], line=asked["line"] or 0)
    elif asked["does"] == "date_order":
        uploads.decide(upload, date_order=asked["value"])
    elif asked["does"] == "by_name":
        uploads.decide(upload, by_name=True)
    else:
        uploads.decide(upload, repairs=[], left_out=[], date_order="", by_name=False)
    return redirect("roster_import_check", upload.uuid)


@allow(DISTRICT_ADMIN)
@require_POST
def roster_import_apply(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    roster = read_roster(uploads.content(upload), options=deciding.options_of(upload), name=upload.name)
    try:
        plan = import_roster(roster, district=upload.district, release_brake=request.POST.get("release") == "yes")
    except RosterRefused as refused:
        said = _("More would leave than the brake allows. Look at who, and say that it is right.")
        messages.error(request, said if refused.brake else _("Some lines still have to be settled."))
        return redirect("roster_import_check", upload.uuid)
    except DemoRefused as refused:
        messages.error(request, str(refused))
        return redirect("roster_import_check", upload.uuid)
    uploads.done(upload, summary=deciding.summary_of(plan))
    number = plan.count("new") + plan.count("changed") + len(plan.leaving)
    said = ngettext("%(count)s line was taken over.", "%(count)s lines were taken over.", number)
    messages.success(request, said % {"count": number} if number else _("No change: everything was so already."))
    return redirect("roster_import")


@allow(DISTRICT_ADMIN)
@require_POST
def roster_import_discard(request: Request, uuid: UUID) -> HttpResponse:
    _waiting(request, uuid).delete()
    messages.success(request, _("The file was thrown away. Nothing has been changed."))
    return redirect("roster_import")


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_refused(request: Request, uuid: UUID) -> HttpResponse:
    """The lines that wait, with cause and way out, as CSV; formulas in cells are defused."""
    upload = _waiting(request, uuid)
    plan = deciding.plan_of(upload, today=timezone.localdate())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lines-to-settle.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["file", "line", "who", "field", "value", "why", "what to do", "likely meant", "line as sent"])
    for problem in plan.roster.blocking:
        cells = plan.roster.refused.get((problem.file, problem.line or 0), {})
        as_sent = "; ".join(f"{name}={cell}" for name, cell in cells.items() if cell)
        writer.writerow(
            [
                *(problem.file, problem.line or "", problem.who, problem.field, problem.value),
                *(problem.why, problem.fix, problem.suggestion, as_sent),
            ]
        )
    return answer


def _waiting(request: Request, uuid: UUID) -> Upload:
    mine = Upload.objects.visible_to(request.user).waiting().filter(kind=Upload.Kind.ROSTER)
    return get_object_or_404(mine.select_related("district"), uuid=uuid)


def _place(problem: Problem) -> dict:
    """A problem with what can be done about it on the page."""
    has_cell = bool(problem.line and problem.line > 1 and problem.field)
    return {
        "problem": problem,
        "can_use": has_cell and problem.code not in NOT_REPAIRABLE,
        "can_leave_line": bool(problem.line and problem.line > 1 and problem.file != "manifest.csv"),
        "leaves_file": _whole_file(problem),
    }


def _whole_file(problem: Problem) -> str:
    """The file that could be left out as a whole to settle this, or ""."""
    if problem.code not in WHOLE_FILE:
        return ""
    return problem.who if problem.code == "file_missing" else problem.file


def _learners_shown(plan: RosterPlan) -> Iterable[int]:
    stored = plan.stored["learners"]
    shown = {stored[wish.key].pk for wish in plan.writes.get("learners", []) if wish.key in stored}
    return shown | {one.pk for one in plan.leaving if one.what == "learners"}


def _page(request: Request, template: str, context: dict, status: int = 200) -> HttpResponse:
    request.nav = "roster_import"
    return render(request, template, context, status=status)
