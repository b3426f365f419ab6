"""Speaks to whoever is signed in as they, or the policy of their district and school, have chosen."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from lrm.http import Request
from profiles.services.speaking import speaking, speech_of


class SpeakingMiddleware:
    """Inside of AccessMiddleware, which opens the scope and the clock that policy is read by.

    A district that has written no rule costs nothing; else its rules are read once in each process, until one changes.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = cookie if cookie in dict(settings.LANGUAGES) else ""
        language, words, naming = speech_of(request.user, chosen=chosen)
        with speaking("" if cookie else language, words, naming):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language() or "en")
        return response
