"""Answers to what went wrong: plain words and a way out, never a stack trace. Programs get them as JSON."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from lrm import imsx
from lrm.api import problems
from lrm.full_disk import is_full_disk
from lrm.http import Request
from lrm.policy import ANYONE, allow
from lrm.still_here.asking import keep_from_an_older_page


def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    if problems.is_api(request):
        return problems.answer(403, code="permission_denied", detail=_("A session sends its CSRF token with a write."))
    return keep_from_an_older_page(request) or render(request, "403_csrf.html", status=403)


@allow(ANYONE, why="An unknown address says so to everyone alike.")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api(request):
        return problems.not_found()
    if imsx.is_imsx(request):
        return imsx.answer(404)
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if problems.is_api(request):
        return problems.answer(400, code="invalid", detail=_("This request cannot be read."))
    if imsx.is_imsx(request):
        return imsx.answer(400)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if is_full_disk(sys.exc_info()[1]):
        return _full_disk(request)
    if problems.is_api(request):
        return problems.answer(500, code="error", detail=_("Something went wrong here. Nothing was changed."))
    if imsx.is_imsx(request):
        return imsx.answer(500)
    return defaults.server_error(request)


def _full_disk(request: HttpRequest) -> HttpResponse:
    status = HTTPStatus.INSUFFICIENT_STORAGE
    if problems.is_api(request):
        detail = _("The disk of the server is full. Nothing was changed. Send it again once there is room.")
        return problems.answer(status, code="storage_full", detail=detail)
    if imsx.is_imsx(request):
        return imsx.answer(status)
    return HttpResponse(render_to_string("507.html"), status=status)  # with a request it would ask the database
