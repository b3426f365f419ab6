"""The cookie by which a browser is known as one of the school's own. It outlives signing out and opens nothing."""

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "lrm_device"
SALT = "profiles.registered_device"
MAX_AGE = 400 * 24 * 3600  # as long as browsers keep one


def key_of(request: HttpRequest) -> str:
    """ "" where the browser is not registered; whether the key still counts is asked of the list."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT))
    except signing.BadSignature:
        return ""


def give(request: HttpRequest, response: HttpResponse, key: str) -> None:
    value = signing.dumps(key, salt=SALT)
    response.set_cookie(COOKIE, value, max_age=MAX_AGE, httponly=True, samesite="Lax", secure=request.is_secure())
