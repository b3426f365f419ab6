"""What 1EdTech's REST services say when something is wrong: imsx_StatusInfo, also where no view was reached."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

PREFIX = "/ims/"
MINOR_OF_STATUS = {
    400: "invalid_selection_field",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    429: "server_busy",
}


def is_imsx(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)


def status_info(status: int, said: str, *, minor: str = "") -> dict[str, Any]:
    """said: for people.    minor: a code of the specification; without one that of the HTTP status."""
    code = minor or MINOR_OF_STATUS.get(status, "internal_server_error" if status >= 500 else "invalid_selection_field")
    return {
        "imsx_codeMajor": "unsupported" if status == 405 else "failure",
        "imsx_severity": "error",
        "imsx_description": said,
        "imsx_codeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code},
            ]
        },
    }


def answer(status: int, said: str = "", *, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(status_info(status, said or _sentence(status)), status=status, headers=headers)


def unauthorized(said: str) -> JsonResponse:
    return answer(401, said, headers={"WWW-Authenticate": 'Bearer realm="LRM"'})


def _sentence(status: int) -> str:
    return {
        404: _("There is nothing here for you."),
        400: _("This request cannot be read."),
    }.get(status, _("Something went wrong here. Nothing was changed."))
