"""A learner's binder: one page to read together and to print."""

from tempfile import TemporaryFile

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lrm.grades import grade_name
from lrm.http import Request
from lrm.policy import EVERYBODY, allow
from lrm.qr import qr_drawing
from paths.services.binders.archive import write_binder
from paths.services.binders.page import read_binder
from paths.views.shared import ME, STAFF, seen_learner, viewer_of
from profiles.models import Learner
from profiles.second_step import counted


@allow(*EVERYBODY)
@require_GET
def binder(request: Request, pk: int) -> HttpResponse:
    learner = seen_learner(request, pk)
    now = timezone.now()
    found = read_binder(learner, request.user, today=timezone.localdate(now))
    context = {
        "learner": learner,
        "grade": grade_name(learner.grade),
        "binder": found,
        "is_me": viewer_of(request, learner) == ME,
        "now": now,
        "printed_by": request.user.name,
        "story": found.story,
        "code": qr_drawing(request.build_absolute_uri(reverse("binder", args=[learner.pk]))),
    }
    return render(request, "paths/binder.html", context)


@allow(*EVERYBODY)
@require_GET
def binder_zip(request: Request, pk: int) -> HttpResponseBase:
    """Everything in the binder to take along: a page, tables, JSON and the files of the work.

    Staff are counted: one child after the other is a school at last.
    """
    learner = seen_learner(request, pk)
    if viewer_of(request, learner) == STAFF:
        return counted(request, lambda: _zip(request, learner))
    return _zip(request, learner)


def _zip(request: Request, learner: Learner) -> FileResponse:
    today = timezone.localdate()
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        write_binder(learner, request.user, file, today=today)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{learner.name} {today.isoformat()}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
