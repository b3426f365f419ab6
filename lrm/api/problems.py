"""What went wrong, as JSON in one shape (RFC 9457), also where no view of the API was reached."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
BEARER = {"WWW-Authenticate": 'Bearer realm="LRM"'}


def is_api(request: HttpRequest) -> bool:
    """Whether the asker is a program, which gets JSON and never a page."""
    return request.path_info.startswith(PREFIX)


def problem(status: int, *, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """code: for programs, one word that stays.    detail: for people, in the language of the request."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **more,
    }


def answer(status: int, *, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JsonResponse:
    body = problem(status, code=code, detail=detail, **more)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def not_found() -> JsonResponse:
    return answer(HTTPStatus.NOT_FOUND, code="not_found", detail=said_not_found())


def said_not_found() -> str:
    """The same for what is not there and for what the asker may not see."""
    return _("There is nothing here for you.")


def unauthorized(detail: str = "") -> JsonResponse:
    detail = detail or _("Send a token as “Authorization: Bearer …”, or sign in.")
    return answer(HTTPStatus.UNAUTHORIZED, code="unauthorized", detail=detail, headers=BEARER)
