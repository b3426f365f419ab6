"""A CASE package: choose it, look at what it would change, take it over or throw it away."""

import time
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from standards.case.problems import NotAPackage, sentence
from standards.case.reader import read_package
from standards.forms.imports import PackageFileForm
from standards.models import PackageUpload
from standards.services.importing import import_package
from standards.services.planning import CHANGED, NEW, RESTORED, RETIRED, Plan, plan_import

SHOWN = 100


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def standards_import(request: Request) -> HttpResponse:
    is_sent = request.method == "POST"
    form = PackageFileForm(request.POST, request.FILES) if is_sent else PackageFileForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            read_package(data)
        except NotAPackage as refused:
            form.add_error("file", str(refused))
        else:
            PackageUpload.objects.filter(district_id=request.user.district_id).forget_old()
            upload = PackageUpload.objects.create(
                district_id=request.user.district_id, account=request.user, name=(file.name or "?")[:255], data=data
            )
            return redirect("standards_import_check", upload.uuid)
    waiting = PackageUpload.objects.visible_to(request.user).defer("data").order_by("-created_at").first()
    status = 422 if form.errors else 200
    return _page(request, "standards/import.html", {"form": form, "waiting": waiting}, status=status)


@allow(DISTRICT_ADMIN)
@require_safe
def standards_import_check(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    started = time.monotonic()
    package = read_package(bytes(upload.data))
    plan = plan_import(package, district_id=request.user.district_id)
    context = {
        "upload": upload,
        "plan": plan,
        "seconds": max(1, round(time.monotonic() - started)),
        "oddities": [sentence(oddity.code, oddity.params) for oddity in package.oddities],
        "lists": [row for row in _lists(plan) if row["total"]],
    }
    return _page(request, "standards/import_check.html", context)


@allow(DISTRICT_ADMIN)
@require_POST
def standards_import_apply(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    plan = import_package(read_package(bytes(upload.data)), district_id=request.user.district_id)
    upload.delete()
    if plan.is_unchanged:
        messages.success(request, _("No change: everything was so already."))
    else:
        said = _("%(title)s is here: %(standards)s standards, %(associations)s associations.")
        counts = {"standards": plan.standards.total, "associations": plan.associations.total}
        messages.success(request, said % {"title": plan.package.document.title, **counts})
    return redirect("framework", plan.package.document.uuid)


@allow(DISTRICT_ADMIN)
@require_POST
def standards_import_discard(request: Request, uuid: UUID) -> HttpResponse:
    _waiting(request, uuid).delete()
    messages.success(request, _("The file was thrown away. Nothing has been changed."))
    return redirect("standards_import")


def _waiting(request: Request, uuid: UUID) -> PackageUpload:
    return get_object_or_404(PackageUpload.objects.visible_to(request.user), uuid=uuid)


def _lists(plan: Plan) -> list[dict]:
    """What is new, changed, back and retired, a hundred of each."""
    words = {NEW: _("New"), CHANGED: _("Changed"), RESTORED: _("Back again"), RETIRED: _("Retired")}
    found = []
    for what, title in words.items():
        rows = [difference for difference in plan.differences if difference.what == what]
        found.append({"title": title, "rows": rows[:SHOWN], "total": len(rows), "more": max(0, len(rows) - SHOWN)})
    return found


def _page(request: Request, template: str, context: dict, status: int = 200) -> HttpResponse:
    request.nav = "standards"
    return render(request, template, context, status=status)
