"""A learner's binder: one page to read together and to print."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from lrm.grades import grade_name
from lrm.http import Request
from lrm.policy import EVERYBODY, allow
from paths.services.binder import read_binder
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
    }
    return render(request, "paths/binder.html", context)
