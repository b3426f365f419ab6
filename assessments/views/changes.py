"""The small question that open pages ask again and again: has anything changed in this class?"""

from typing import Any

from django.core import signing
from django.db import connection
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import MarkFailure
from lrm.http import Request
from lrm.policy import ANYONE, allow
from lrm.rows import read

SALT = "class changes"
TICKET_SECONDS = 3600

# What is parked is shown to administrators; a class does not wait for it.
WATCHED = """
SELECT (SELECT version FROM assessments_rosterversion WHERE roster_id = %(roster)s),
       EXISTS (SELECT 1 FROM profiles_enrollment e JOIN assessments_stalemark m ON m.learner_id = e.learner_id
                WHERE e.roster_id = %(roster)s AND e.role = 'learner' AND m.due_at <= statement_timestamp()
                  AND NOT EXISTS (SELECT 1 FROM assessments_markfailure f WHERE f.learner_id = m.learner_id
                                   AND f.subject_id = m.subject_id AND f.times >= %(parked)s))
"""


def watched(request: Request, roster_id: int) -> dict[str, Any]:
    """For a template: the version of the class, where to ask for a newer one, and whether results wait for workers.

    Call it before reading what the page shows: a change in between is then seen again, never missed. One statement.
    """
    [(version, is_updating)] = read(WATCHED, roster=roster_id, parked=MarkFailure.PARKED_AT)
    ticket = signing.dumps([request.user.pk, roster_id], salt=SALT)
    return {
        "version": version or 0,
        "version_url": reverse("class_version", args=[ticket]),
        "is_updating": is_updating,
    }


@allow(ANYONE, why="Asked every second: the signed ticket names account and roster, so rights need not be read again.")
@require_safe
def class_version(request: Request, ticket: str) -> HttpResponse:
    """The version of the roster as text, 304 where it equals the If-None-Match of the asker.

    The ticket was signed for one account while it could see the wall, and says nothing but a number.
    """
    try:
        account_id, roster_id = signing.loads(ticket, salt=SALT, max_age=TICKET_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    if request.user.pk != account_id:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM assessments_rosterversion WHERE roster_id = %s", [roster_id])
        row = cursor.fetchone()
    version = f'"{row[0] if row else 0}"'
    if request.META.get("HTTP_IF_NONE_MATCH") == version:
        return HttpResponse(status=304, headers={"ETag": version})
    return HttpResponse(version.strip('"'), content_type="text/plain", headers={"ETag": version})
