"""Is the process alive, and is the work done in time? For load balancers and operators; no personal data."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from lrm.policy import ANYONE, allow

LATE_SECONDS = 60


@allow(ANYONE, why="Load balancers ask without an account; the answer is one word.")
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@allow(ANYONE, why="Operators' probes ask without an account; the answer holds counts and ages only.")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """JSON: database (ok or error), oldest_due_mark_seconds (null: none is due), parked_marks,
    parked_sections, late.

    503 where the database does not answer. Late work is said, not punished: restarting web servers would not help.
    """
    try:
        connection.ensure_connection()
        work = import_string(settings.WORK_HEALTH)()
    except DatabaseError:
        return JsonResponse({"database": "error"}, status=503)
    age = work["oldest_due_mark_seconds"]
    return JsonResponse({"database": "ok", **work, "late": age is not None and age > LATE_SECONDS})
