"""The site for benchmarks, with two controls in the same server processes.

E is an empty Django view without middleware; J is a view that reads the rows of a wall by a range of their primary
key and returns them as JSON. Both stand beside the site, not in it: nothing of them is ever served to a school.
"""

from collections.abc import Callable, Iterable

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test.utils import override_settings
from django.urls import path

from lrm.wsgi import application as site

FOLDER = "/bench/"
EMPTY, ROWS = f"{FOLDER}empty", f"{FOLDER}rows"


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def rows(request: HttpRequest) -> JsonResponse:
    """?first, ?last: ids of learners."""
    found = read_rows(int(request.GET["first"]), int(request.GET["last"]))
    return JsonResponse(found, safe=False)


def read_rows(first: int, last: int) -> list[tuple]:
    """Mastery of the learners with ids from first to last: what a wall shows of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT learner_id, standard_id, shown_level, trend, override_id, n, last_observed_at"
            " FROM assessments_mastery WHERE learner_id BETWEEN %s AND %s",
            [first, last],
        )
        return cursor.fetchall()


urlpatterns = [path(EMPTY[1:], empty), path(ROWS[1:], rows)]


class Controls(WSGIHandler):
    """Django without middleware and with no other addresses than these."""

    def get_response(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return super().get_response(request)


with override_settings(MIDDLEWARE=[]):
    controls = Controls()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """What gunicorn serves: the controls by their addresses, everything else by the site."""
    answer = controls if environ.get("PATH_INFO", "").startswith(FOLDER) else site
    return answer(environ, start_response)
