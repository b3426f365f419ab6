"""Which account this browser was signed in as last, so that words of one person never come back to another.

The cookie names nobody: it holds a keyed digest of the account, and digests of the CSRF secrets that this account's
pages carried here, so that a page from before the last sign-in is known to be of the same person. It ends with the
browser and at sign-out.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.middleware import csrf
from django.utils.crypto import salted_hmac

from lrm.http import Request

COOKIE = "lrm_last"
SALT = "lrm.last_account"
MOST_SECRETS = 5


@dataclass(frozen=True)
class LastAccount:
    """who: digest of the account.    secrets: digests of the CSRF secrets of its earlier sessions, oldest first."""

    who: str
    secrets: tuple[str, ...] = ()


def digest_of(account: Any) -> str:
    """Says which account to whoever holds the site's key, and nothing to anybody else."""
    return salted_hmac(SALT, str(account.pk)).hexdigest()


def read(request: Request) -> LastAccount | None:
    """None: nobody was signed in since the browser was opened or the last sign-out, or the cookie was changed."""
    try:
        who, secrets = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return LastAccount(who, tuple(secrets))


def remember(request: Request, response: HttpResponse) -> None:
    """Name the account of this answer in the cookie, where it does not stand there yet."""
    before, who = read(request), digest_of(request.user)
    secrets = before.secrets if before and before.who == who else ()
    old, new = request.COOKIES.get("csrftoken"), request.META.get("CSRF_COOKIE")
    if before and before.who == who and old and new and old != new:  # signed in again: the older pages stay theirs
        secrets = (*secrets, _digest_of_secret(old))[-MOST_SECRETS:]
    if before is None or (before.who, before.secrets) != (who, secrets):
        value = signing.dumps([who, secrets], salt=SALT)
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.is_secure())


def posted_from_their_page(request: Request, last: LastAccount) -> bool:
    """Whether the form carries a CSRF token of an earlier session of this account in this browser."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    if len(token) != csrf.CSRF_TOKEN_LENGTH:
        return False
    try:
        secret = csrf._unmask_cipher_token(token)  # type: ignore[attr-defined]  # Django has no public name for it
    except ValueError:
        return False
    return _digest_of_secret(secret) in last.secrets


def _digest_of_secret(secret: str) -> str:
    return salted_hmac(SALT, secret).hexdigest()[:20]
