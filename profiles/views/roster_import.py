"""A roster file: choose it, look at what it would change, settle lines, take it over or throw it away."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from lrm.uploads import say_trouble
from profiles.forms.imports import BrakeForm, RosterFileForm, SettleForm
from profiles.models import RosterImport, Upload
from profiles.oneroster.package import PackageRefused
from profiles.second_step import give_out
from profiles.services import uploads
from profiles.services.roster_import import deciding, policy, working
from profiles.services.roster_import.applying import DemoRefused

RECENT = 20


def _of_waiting(view: Callable[[Request, Upload], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For what is done with a file that waits, which the view gets; of one that does not any more its page says why."""

    @wraps(view)
    def found(request: Request, uuid: UUID) -> HttpResponseBase:
        upload = _mine(request, uuid)
        if upload.applied_at is not None or upload.data is None:
            return redirect("roster_import_check", upload.uuid)
        return view(request, upload)

    return found


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: Request) -> HttpResponse:
    is_sent = request.method == "POST"
    form = RosterFileForm(request.POST, request.FILES) if is_sent else RosterFileForm()
    say_trouble(request, form, "package")
    if is_sent and form.is_valid():
        upload = uploads.keep(files=form.cleaned_data["package"], kind=Upload.Kind.ROSTER, by=request.user)
        try:
            working.look(upload, by=request.user)
        except PackageRefused as refused:
            upload.delete()
            form.add_error("package", str(refused))
        else:
            return redirect("roster_import_check", upload.uuid)
    return _first_page(request, form, BrakeForm(initial={"percent": policy.brake_percent(request.user.district)}))


@allow(DISTRICT_ADMIN)
@require_POST
def roster_import_brake(request: Request) -> HttpResponse:
    form = BrakeForm(request.POST)
    if not form.is_valid():
        return _first_page(request, RosterFileForm(), form)
    if policy.set_brake(request.user.district, percent=form.cleaned_data["percent"], by=request.user):
        messages.success(request, _("The brake is set."))
    return redirect("roster_import")


def _first_page(request: Request, form: RosterFileForm, brake_form: BrakeForm) -> HttpResponse:
    mine = Upload.objects.visible_to(request.user).filter(kind=Upload.Kind.ROSTER).order_by("-created_at")
    people = ("account", "released_by", "undone_by")
    context = {
        "form": form,
        "brake_form": brake_form,
        "brake_history": policy.history(request.user.district),
        "waiting": mine.waiting().defer("data", "report").first(),
        "recent": RosterImport.objects.visible_to(request.user).select_related(*people)[:RECENT],
    }
    status = 422 if form.errors or brake_form.errors else 200
    return _page(request, "profiles/roster_import.html", context, status=status)


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_check(request: Request, uuid: UUID) -> HttpResponse:
    upload = _mine(request, uuid)
    if upload.applied_at is not None:
        return redirect(working.after(upload))
    is_at_work = upload.job is not None and not upload.job.is_over
    if upload.data is None and not is_at_work:
        messages.error(request, uploads.GONE)
        return redirect("roster_import")
    context: dict[str, Any] = {"upload": upload, "job": upload.job, "is_at_work": is_at_work}
    if upload.checked is not None:
        looked_at(request, upload.checked["learner_ids"])
        context |= _shown(upload.checked, is_demo=upload.district.is_demo, is_at_work=is_at_work)
    return _page(request, "profiles/roster_import_check.html", context)


def _shown(plan: dict[str, Any], *, is_demo: bool, is_at_work: bool) -> dict[str, Any]:
    lines = sum(plan["counts"][name] for name in ("new", "changed", "same"))
    may_apply = not (plan["need_you"] or plan["is_unchanged"] or is_demo or is_at_work)
    return {
        "plan": plan,
        "counts": plan["counts"],
        "lines": lines,
        "may_apply": may_apply,
        "demo_refusal": str(DemoRefused()) if is_demo else "",
    }


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far the work on the file is; once it is over, the page itself is asked for again."""
    upload = _mine(request, uuid)
    answer = render(request, "profiles/roster_import_progress.html", {"upload": upload, "job": upload.job})
    if upload.job is None or upload.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@allow(DISTRICT_ADMIN)
@require_POST
@_of_waiting
def roster_import_settle(request: Request, upload: Upload) -> HttpResponse:
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, " ".join(str(said) for said in form.non_field_errors()) or _("That could not be understood.")
        )
        return redirect("roster_import_check", upload.uuid)
    if upload.job is not None and not upload.job.is_over:
        messages.error(request, _("The file is being worked on. Wait until that is done."))
        return redirect("roster_import_check", upload.uuid)
    asked = form.cleaned_data
    if asked["does"] == "use":
        deciding.put_right(upload, file=asked["file"], line=asked["line"], field=asked["field"], value=asked["value"])
    elif asked["does"] == "leave_out":
        deciding.leave_out(upload, file=asked["file"], line=asked["line"] or 0)
    elif asked["does"] == "date_order":
        deciding.decide(upload, date_order=asked["value"])
    elif asked["does"] == "by_name":
        deciding.decide(upload, by_name=True)
    else:
        deciding.decide(upload, repairs=[], left_out=[], date_order="", by_name=False)
    try:
        working.look(upload, by=request.user)
    except PackageRefused as refused:
        messages.error(request, str(refused))
    return redirect("roster_import_check", upload.uuid)


@allow(DISTRICT_ADMIN)
@require_POST
@_of_waiting
def roster_import_apply(request: Request, upload: Upload) -> HttpResponse:
    try:
        working.apply(upload, by=request.user, release_brake=request.POST.get("release") == "yes")
    except working.NotNow as refused:
        messages.error(request, str(refused))
    return redirect("roster_import_check", upload.uuid)


@allow(DISTRICT_ADMIN)
@require_POST
@_of_waiting
def roster_import_discard(request: Request, upload: Upload) -> HttpResponse:
    if working.is_applied_now(upload):
        messages.error(request, _("The file is being taken over; it cannot be thrown away now."))
        return redirect("roster_import_check", upload.uuid)
    upload.delete()
    messages.success(request, _("The file was thrown away. Nothing has been changed."))
    return redirect("roster_import")


@allow(DISTRICT_ADMIN)
@require_safe
@_of_waiting
def roster_import_refused(request: Request, upload: Upload) -> HttpResponseBase:
    """The lines that wait, with cause and way out, as CSV; formulas in cells are defused."""
    return give_out(request, lambda: _report(request, upload, name="lines-to-settle.csv", only="refused"))


@allow(DISTRICT_ADMIN)
@require_safe
@_of_waiting
def roster_import_report(request: Request, upload: Upload) -> HttpResponseBase:
    """All that would change, and what would not, as CSV."""
    return give_out(request, lambda: _report(request, upload, name="what-would-change.csv"))


def _report(request: Request, upload: Upload, *, name: str, only: str = "") -> StreamingHttpResponse:
    if upload.checked is not None:
        looked_at(request, upload.checked["learner_ids"])
    answer = StreamingHttpResponse(deciding.report_of(upload, only=only), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _mine(request: Request, uuid: UUID) -> Upload:
    mine = Upload.objects.visible_to(request.user).filter(kind=Upload.Kind.ROSTER)
    return get_object_or_404(mine.select_related("district", "job"), uuid=uuid)


def _page(request: Request, template: str, context: dict, status: int = 200) -> HttpResponse:
    request.nav = "roster_import"
    return render(request, template, context, status=status)
