"""Of how many learners a token reads on one day: counted by all web processes together, limited, and told."""

from datetime import datetime, time, timedelta
from typing import Any

import structlog
from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.api import problems
from profiles.models import ApiToken, BulkExport

log = structlog.get_logger()
ROUTE = "api_learners"
"""Under which it stands among what was taken along."""
KEPT_SECONDS = 2 * 24 * 3600
SAFE = ("GET", "HEAD")
LIMIT_HEADERS = ("RateLimit-Policy", "RateLimit")


def refusal(request: Any, response: HttpResponse) -> HttpResponse | None:
    """What a token is told instead of this answer, which would show more learners today than it may read of.

    None where it may. Whom it has read of today it may read of again. What was written is never refused afterwards.
    Without Redis each web process counts for itself.
    """
    token: ApiToken = request.api_token
    if request.method not in SAFE:
        return None
    cache, today = caches["shared"], timezone.localdate()
    key = f"read:{token.digest}:{today}"
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
    headers = {name: response[name] for name in LIMIT_HEADERS if name in response}
    detail = _(
        "This token may read of %(most)s different students a day, and this answer would show more. Those of today"
        " stay open; tomorrow it may read of others. An administrator of the district can make one that may read more."
    )
    return problems.answer(
        429,
        code="too_many_learners",
        detail=detail % {"most": token.learners_per_day},
        headers=headers | {"Retry-After": str(max(1, int((midnight - now).total_seconds())))},
    )
