"""A CASE package: choose it, look at what it would change, take it over or throw it away."""

import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.changes import standards_in_use
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.jobs.models import Job
from lrm.policy import DISTRICT_ADMIN, allow
from lrm.problems import Problem
from lrm.uploads import say_trouble
from standards import import_words
from standards.case.problems import NotAPackage, sentence
from standards.case.reader import read_package
from standards.forms.imports import PackageFileForm
from standards.models import PackageUpload
from standards.services import package_uploads
from standards.services.importing import ImportRefused, import_package
from standards.services.planning import CHANGED, Difference, Plan, plan_import
from standards.services.prerequisites import as_crosswalk
from standards.tables.coherence import is_edges, read_edges
from standards.tables.reading import as_package
from standards.tables.words import TableRefused

SHOWN = 200
MOST_NAMED = 12


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def standards_import(request: Request) -> HttpResponse:
    is_sent = request.method == "POST"
    sent = (request.POST, request.FILES) if is_sent else ()
    form = PackageFileForm(*sent, account=request.user)
    say_trouble(request, form, "file")
    problems: list[Problem] = []
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            data, notes = _as_package(file, form.cleaned_data)
            read_package(data)
        except NotAPackage as refused:
            form.add_error("file", str(refused))
        except TableRefused as refused:
            problems = refused.problems
            form.add_error("file", _("Nothing was read: the lines below stop the file."))
        else:
            PackageUpload.objects.filter(district_id=request.user.district_id).forget_old()
            upload = PackageUpload.objects.create(
                district_id=request.user.district_id, account=request.user, name=(file.name or "?")[:255], data=data
            )
            for note in notes:
                messages.info(request, note)
            return redirect("standards_import_check", upload.uuid)
    mine = PackageUpload.objects.visible_to(request.user).waiting()
    waiting = mine.defer("data").order_by("-created_at").first()
    status = 422 if form.errors else 200
    context = {"form": form, "waiting": waiting, "problems": problems[:SHOWN], "more": len(problems[SHOWN:])}
    return _page(request, "standards/import.html", context, status=status)


def _as_package(file: UploadedFile, said: dict[str, Any]) -> tuple[bytes, list[str]]:
    """What was sent as a CASE package, and what to tell about it. said: the other fields of the form."""
    data = file.read()
    if not is_edges(data):
        return as_package(data, name=file.name or "", title=said["title"]), []
    framework = said["framework"]
    if framework is None:
        raise NotAPackage("no_framework")
    edges = read_edges(data)
    found = as_crosswalk(edges, framework)
    if not found.edges:
        raise NotAPackage("no_code_known", title=framework.title, codes=", ".join(found.missing[:3]))
    notes = [
        _("%(here)s of %(all)s lines lead from one standard here to another.")
        % {"here": found.edges, "all": len(edges)}
    ]
    for codes, words in (
        (found.missing, _("Not in the framework, so left out: %(codes)s.")),
        (found.many, _("Of several standards each, so left out: %(codes)s.")),
    ):
        if codes:
            named = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
            notes.append(words % {"codes": named})
    return found.package, notes


@allow(DISTRICT_ADMIN)
@require_safe
def standards_import_check(request: Request, uuid: UUID) -> HttpResponse:
    upload = _mine(request, uuid)
    if upload.applied_at is not None:
        return _taken_over(request, upload.job)
    if upload.is_at_work:
        return _page(request, "standards/import_check.html", {"upload": upload})
    started = time.monotonic()
    plan = plan_import(read_package(bytes(upload.data)), district_id=request.user.district_id)
    return _check_page(request, upload, plan, seconds=max(1, round(time.monotonic() - started)))


@allow(DISTRICT_ADMIN)
@require_safe
def standards_import_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far the work on the package is; once it is over, the page itself is asked for again."""
    mine = PackageUpload.objects.visible_to(request.user).defer("data")
    upload = get_object_or_404(mine.select_related("job"), uuid=uuid)
    answer = render(request, "standards/import_progress.html", {"upload": upload})
    if not upload.is_at_work:
        answer["HX-Refresh"] = "true"
    return answer


@allow(DISTRICT_ADMIN)
@require_safe
def standards_import_csv(request: Request, uuid: UUID) -> HttpResponse:
    """Every difference, also those that the page has no room for."""
    plan = plan_import(read_package(bytes(_waiting(request, uuid).data)), district_id=request.user.district_id)
    return answer_csv("standards-differences", import_words.table(plan, _in_use(plan)))


@allow(DISTRICT_ADMIN)
@require_POST
def standards_import_apply(request: Request, uuid: UUID) -> HttpResponse:
    """drawn_from: of the plan that was looked at; sure: that so many standards may be retired."""
    upload = _waiting(request, uuid)
    drawn_from, may_retire_many = request.POST.get("drawn_from"), "sure" in request.POST
    if not package_uploads.is_small(upload):
        package_uploads.have_it_written(upload, drawn_from=drawn_from, may_retire_many=may_retire_many)
        return redirect("standards_import_check", upload.uuid)
    try:
        plan = import_package(
            read_package(bytes(upload.data)),
            district_id=request.user.district_id,
            drawn_from=drawn_from,
            may_retire_many=may_retire_many,
        )
    except ImportRefused as refused:
        return _check_page(request, upload, refused.plan, refused=refused.code, status=422)
    upload.delete()
    messages.success(request, import_words.taken_over(plan))
    return redirect("framework", plan.package.document.uuid)


def _taken_over(request: Request, job: Job | None) -> HttpResponse:
    """By a worker, while somebody watched or was away."""
    if job is None or "framework" not in job.result:  # the row of the job is kept longer than this one
        return redirect("standards")
    messages.success(request, job.result["said"])
    return redirect("framework", job.result["framework"])


@allow(DISTRICT_ADMIN)
@require_POST
def standards_import_discard(request: Request, uuid: UUID) -> HttpResponse:
    upload = _waiting(request, uuid)
    if upload.is_at_work:
        messages.error(request, _("The file is being taken over; it cannot be thrown away now."))
        return redirect("standards_import_check", upload.uuid)
    upload.delete()
    messages.success(request, _("The file was thrown away. Nothing has been changed."))
    return redirect("standards_import")


def _mine(request: Request, uuid: UUID) -> PackageUpload:
    return get_object_or_404(PackageUpload.objects.visible_to(request.user).select_related("job"), uuid=uuid)


def _waiting(request: Request, uuid: UUID) -> PackageUpload:
    mine = PackageUpload.objects.visible_to(request.user).waiting()
    return get_object_or_404(mine.select_related("job"), uuid=uuid)


def _in_use(plan: Plan) -> dict[int, int]:
    """Of the standards that would be retired: how many students have evidence on each."""
    found: dict[int, int] = {}
    if plan.retire_standards:
        for answer in standards_in_use.ask(plan.retire_standards):
            found |= answer
    return found


def _check_page(
    request: Request, upload: PackageUpload, plan: Plan, *, seconds: int = 1, refused: str = "", status: int = 200
) -> HttpResponse:
    in_use = _in_use(plan)
    context = {
        "upload": upload,
        "plan": plan,
        "seconds": seconds,
        "refused": refused,
        "oddities": [sentence(oddity.code, oddity.params) for oddity in plan.package.oddities],
        "document": import_words.field_rows(Difference(CHANGED, "", plan.document_fields)),
        "lists": import_words.lists(plan, in_use),
        "used": len(in_use),
    }
    return _page(request, "standards/import_check.html", context, status=status)


def _page(request: Request, template: str, context: dict, status: int = 200) -> HttpResponse:
    request.nav = "standards"
    return render(request, template, context, status=status)
