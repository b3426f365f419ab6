"""A learner's session on a shared device ends after twenty quiet minutes."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse

LEARNER_QUIET_MINUTES = 20
QUIET_MINUTES = "quiet_minutes"
COOKIE = "lrm_seen"
SALT = "profiles.quiet"


def end_when_quiet(request: HttpRequest, *, minutes: int) -> None:
    """From now on this session ends with the browser, or after so many minutes without a request."""
    request.session.set_expiry(0)
    request.session[QUIET_MINUTES] = minutes


class QuietSessionMiddleware:
    """The time of the last request travels in a signed cookie, so that watching it writes nothing to the database.

    A cookie that is too old, forged or taken away ends the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        minutes = request.session.get(QUIET_MINUTES)
        if minutes is not None and not self._seen_lately(request, minutes):
            logout(request)
        response = self.get_response(request)
        if request.session.get(QUIET_MINUTES) is not None:
            self._stamp(request, response)
        elif COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE)
        return response

    @staticmethod
    def _seen_lately(request: HttpRequest, minutes: int) -> bool:
        try:
            key = signing.TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=minutes * 60)
        except signing.BadSignature:
            return False
        return key == _fingerprint(request)

    @staticmethod
    def _stamp(request: HttpRequest, response: HttpResponse) -> None:
        stamp = signing.TimestampSigner(salt=SALT).sign(_fingerprint(request))
        response.set_cookie(COOKIE, stamp, httponly=True, samesite="Lax", secure=request.is_secure())


def _fingerprint(request: HttpRequest) -> str:
    """Binds the stamp to its session, so that an older session's stamp is of no use. Says nothing about the key."""
    return signing.Signer(salt=SALT).signature(request.session.session_key or "")
