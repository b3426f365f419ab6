"""A learner's binder: one page to read together and to print."""

from tempfile import TemporaryFile

from django.http import FileResponse, HttpResponse
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
from paths.views.shared import ME, seen_learner, viewer_of


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
def binder_zip(request: Request, pk: int) -> FileResponse:
    """Everything in the binder to take along: a page, tables, JSON and the files of the work."""
    learner = seen_learner(request, pk)
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
