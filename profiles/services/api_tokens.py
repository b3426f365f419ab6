"""Tokens for the API: made, found by what was sent, taken back."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from lrm.api.scopes import SCOPES
from lrm.scope import unscoped
from profiles.models import Account, ApiToken

MARK = "lrm_"
"""Every token begins with it, so that one that got into a mail or a repository can be found."""
LONGEST = 200


PER_MINUTE = 300
LEARNERS_PER_DAY = 2000
"""Of a token of a system where its administrator has not declared more; of people the policy says it."""


def make_token(
    *,
    account: Account,
    name: str,
    scopes: Iterable[str],
    expires_on: date,
    per_minute: int = PER_MINUTE,
    learners_per_day: int = LEARNERS_PER_DAY,
) -> tuple[ApiToken, str]:
    """(the token, what its owner has to keep): nobody can be told the second one again.

    Raises ValueError: a scope that does not exist, or none.
    """
    chosen = sorted(set(scopes))
    if not chosen or not set(chosen) <= SCOPES.keys():
        raise ValueError("A token is made for scopes that exist, at least one.")
    secret = MARK + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        account=account,
        name=name,
        digest=_digest(secret),
        scopes=chosen,
        expires_on=expires_on,
        per_minute=per_minute,
        learners_per_day=learners_per_day,
    )
    return made, secret


def find_token(secret: str) -> ApiToken | None:
    """The token in force that this is, with account and district, marked as used today; None where it opens nothing.

    It opens nothing once it is revoked or its last day is past, or its account is closed. One statement, and a second
    one on the first use of a day.
    """
    if not secret.startswith(MARK) or len(secret) > LONGEST:
        return None
    with unscoped("the token says whose district is to be opened"):
        standing = ApiToken.objects.filter(digest=_digest(secret), revoked_at__isnull=True, account__is_active=True)
        token = standing.select_related("account__district").first()
        if token is None:
            return None
        today = timezone.localdate(timezone=ZoneInfo(token.account.district.time_zone))
        if token.expires_on < today:
            return None
        if token.last_used_on != today:
            unmarked = Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)
            ApiToken.objects.filter(unmarked, pk=token.pk).update(last_used_on=today)
        return token


def revoke_token(*, token: ApiToken) -> bool:
    """From now on it opens nothing. False: it was revoked already."""
    standing = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=timezone.now()))


def _digest(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, so that there is nothing to guess from."""
    return hashlib.sha256(secret.encode()).hexdigest()
