"""Whoever asks the API with a token is that token's person, before rights are looked at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lrm import imsx
from lrm.api import problems
from profiles.services.api_tokens import find_token


class TokenMiddleware:
    """Sets request.user and request.api_token from "Authorization: Bearer …". A session is then not looked at.

    A token opens the API and no page. One that opens nothing is refused, also where nobody need sign in: its program
    has to hear that it is over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and (problems.is_api(request) or imsx.is_imsx(request)):
            token = find_token(secret.strip())
            if token is None:
                refuse = imsx.unauthorized if imsx.is_imsx(request) else problems.unauthorized
                return refuse(_("This token opens nothing: it is unknown, revoked or past its last day."))
            request.user = token.account
            request.api_token = token  # type: ignore[attr-defined]  # lrm.api.views reads it
        return self.get_response(request)
