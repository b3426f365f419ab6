"""Of how many learners a program reads on one day: counted by all web processes together, limited, and told."""

from datetime import datetime, time, timedelta
from math import ceil
from typing import Any

import structlog
from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.api import problems
from profiles.models import Account, ApiToken, BulkExport

log = structlog.get_logger()
ROUTE = "api_learners"
"""Under which it stands among what was taken along."""
KEPT_SECONDS = 2 * 24 * 3600
SAFE = ("GET", "HEAD")
LIMIT_HEADERS = ("RateLimit-Policy", "RateLimit")


def refusal(request: Any, response: HttpResponse) -> HttpResponse | None:
    """What a token is told instead of this answer, which would show more learners today than it may read of.

    None where it may. Whom it has read of today it may read of again. What was written is never refused afterwards.
    All tokens of a person count as one, since whoever has one can make another; each of a system counts for itself, as
    an administrator declared it. Without Redis each web process counts for itself.
    """
    token: ApiToken = request.api_token
    if request.method not in SAFE:
        return None
    cache, today = caches["shared"], timezone.localdate()
    is_system = token.account.kind == Account.Kind.INTEGRATION
    key = f"read:{token.digest if is_system else token.account_id}:{today}"
    if cache.admit(key, sorted(request.looked_at), most=token.learners_per_day, timeout=KEPT_SECONDS):  # type: ignore[attr-defined]
        return None
    if cache.add(f"{key}:told", True, KEPT_SECONDS):
        log.warning("token reads too much", token=token.pk, account=token.account_id, most=token.learners_per_day)
        BulkExport.objects.create(
            district_id=token.account.district_id,
            account=token.account,
            what=ROUTE,
            people=token.learners_per_day,
            at=timezone.now(),
        )
    return _said(token, response)


def _said(token: ApiToken, response: HttpResponse) -> HttpResponse:
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    seconds = ceil(midnight.timestamp() - now.timestamp())  # hours that the clock skips or repeats tonight, too
    headers = {name: response[name] for name in LIMIT_HEADERS if name in response}
    detail = _(
        "This token, with all others of the same person, may read of %(most)s different students a day, and this answer"
        " would show more. Those of today stay open; tomorrow it may read of others. An administrator of the district"
        " can make one for a system that may read more."
    )
    return problems.answer(
        429,
        code="too_many_learners",
        detail=detail % {"most": token.learners_per_day},
        headers=headers | {"Retry-After": str(seconds)},
    )
