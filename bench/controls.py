"""The site for benchmarks, with two controls in the same server processes.

E is "an empty view on the same server without middleware", neither more nor less: a view that does nothing, reached
through the same gunicorn processes and threads, the same WSGI entry, Django's signals around a request (which look
after old database connections) and the site's own routes. It stands in their middle, where a page is found on the
average, since finding a route is part of what every page pays; a URLconf of its own would make E cheaper than any view
can be, and a place behind all routes dearer. Only the list of middleware is empty.

J is a view that reads the rows of a wall by a range of their primary key and returns them as JSON. Both views stand
beside the site, not in it: nothing of them is ever served to a school.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import get_resolver, path

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


routes = get_resolver("lrm.urls").url_patterns
middle = len(routes) // 2
urlpatterns = [*routes[:middle], path(EMPTY[1:], empty), path(ROWS[1:], rows), *routes[middle:]]
get_resolver(__name__).url_patterns  # noqa: B018  read before the server forks, as lrm/wsgi.py reads the site's


class Controls(WSGIHandler):
    """Django without middleware, with the routes of the site and the two above."""

    def get_response(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]  # read by Django's handler, known to no stub
        return super().get_response(request)

    def load_middleware(self, is_async: bool = False) -> None:
        # By hand: Django's override_settings comes with its whole test package, which no site has in memory.
        everything, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = everything


controls = Controls()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """What gunicorn serves: the controls by their addresses, everything else by the site."""
    answer = controls if environ.get("PATH_INFO", "").startswith(FOLDER) else site
    return answer(environ, start_response)
