"""What views of the API raise, and how each becomes a problem."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.response import Response
from rest_framework.views import exception_handler

from lrm.api import problems

MOST_ERRORS = 200
"""In one refusal: a batch that is wrong throughout is told by its beginning."""


class Conflict(APIException):
    """What was asked for does not fit what is there now; nothing was changed. more: what the asker needs to go on."""

    status_code = HTTPStatus.CONFLICT

    def __init__(self, detail: str, *, code: str, **more: Any) -> None:
        super().__init__(detail, code)
        self.more = more


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class KeyReused(APIException):
    """An Idempotency-Key came with another request than the one that it was first sent with."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "key_reused"


class MissingScope(APIException):
    """The token was not made for this."""

    status_code = HTTPStatus.FORBIDDEN

    def __init__(self, scope: str) -> None:
        said = _("This token does not have the scope %(scope)s. Make one that does.") % {"scope": scope}
        super().__init__(said, "missing_scope")
        self.more = {"scope": scope}


class SecondStepRequired(APIException):
    """A session has shown none within the last minutes. A token was made after one, so it is not asked."""

    status_code = HTTPStatus.FORBIDDEN
    default_code = "second_step_required"


def answer_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in the shape of problems.py. None for what is an error of ours."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    status, said = response.status_code, response.data
    more = getattr(exc, "more", {})
    if status == HTTPStatus.NOT_FOUND:
        response.data = problems.problem(status, code="not_found", detail=problems.said_not_found())
    elif isinstance(said, dict) and isinstance(said.get("detail"), ErrorDetail):
        detail = said["detail"]
        response.data = problems.problem(status, code=detail.code, detail=str(detail), **more)
    else:
        detail = _("Something in this request cannot be taken as it is. Nothing was changed.")
        errors = list(islice(_errors(said), MOST_ERRORS))
        response.data = problems.problem(status, code="invalid", detail=detail, errors=errors)
    response.content_type = problems.CONTENT_TYPE
    return response


def _errors(said: Any, place: str = "") -> Iterator[dict[str, str]]:
    """field: its name, with dots where it lies deeper; "" for the whole."""
    if isinstance(said, dict):
        for name, inner in said.items():
            yield from _errors(inner, place if name == "non_field_errors" else f"{place}.{name}".lstrip("."))
    elif isinstance(said, list):
        for inner in said:
            yield from _errors(inner, place)
    else:
        # Some repeat what was sent, which may be no text that can be sent back: half of a surrogate pair.
        detail = str(said).encode(errors="replace").decode()
        yield {"field": place, "code": getattr(said, "code", "invalid"), "detail": detail}
