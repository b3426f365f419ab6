"""Which browser this is at the sign-in page, and for whom it has opened before: a cookie that names nobody.

It holds a random id, and keyed digests of accounts and class codes that have signed in here, each with a digest of
who did so last. It outlives signing out, since it opens nothing: it only tells a colleague from a stranger while
somebody guesses (profiles/services/throttle.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

COOKIE = "lrm_browser"
SALT = "profiles.known_browser"
MAX_AGE = 180 * 24 * 3600
MOST_KEYS = 12  # classes that share a cart of devices


@dataclass(frozen=True)
class Browser:
    """earners: {digest of a key: digest of the account that signed in with it last}, the latest last."""

    id: str
    earners: dict[str, str] = field(default_factory=dict)

    def earner(self, key: str) -> str:
        """Whose sign-in has made it known for this key; "" for nobody."""
        return self.earners.get(_digest(key), "")


def read(request: HttpRequest) -> Browser:
    """A new one where the cookie is missing, changed or too old."""
    known: Browser | None = getattr(request, "known_browser", None)
    if known is None:
        try:
            id, earners = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
            known = Browser(id, dict(earners))
        except (signing.BadSignature, ValueError, TypeError):
            known = Browser(get_random_string(16))
    return known


def keep(request: HttpRequest, browser: Browser) -> None:
    """The answer to this request sets the cookie."""
    request.known_browser = browser  # type: ignore[attr-defined]  # the middleware below reads it


def opened(request: HttpRequest, *, key: str, account_id: int) -> None:
    """This account has signed in here with this key."""
    browser = read(request)
    others = {known: earner for known, earner in browser.earners.items() if known != _digest(key)}
    earners = {**others, _digest(key): _digest(str(account_id))}
    keep(request, replace(browser, earners=dict(list(earners.items())[-MOST_KEYS:])))


class KnownBrowserMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        browser: Browser | None = getattr(request, "known_browser", None)
        if browser is not None:
            value = signing.dumps([browser.id, list(browser.earners.items())], salt=SALT, compress=True)
            response.set_cookie(
                COOKIE, value, max_age=MAX_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response


def _digest(text: str) -> str:
    return salted_hmac(SALT, text).hexdigest()[:20]
