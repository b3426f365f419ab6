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
from profiles.models import Account, ApiToken, BulkExport, District, PolicyRule
from profiles.policy_values import USUAL_READS
from profiles.services.kept_rules import kept_rules

log = structlog.get_logger()
ROUTE = "api_learners"
"""Under which it stands among what was taken along."""
KEPT_SECONDS = 2 * 24 * 3600
SAFE = ("GET", "HEAD")
LIMIT_HEADERS = ("RateLimit-Policy", "RateLimit")


def refusal(request: Any, response: HttpResponse) -> HttpResponse | None:
    """What a program is told instead of this answer, which would show more learners today than it may read of.

    None where it may. Whom it has read of today it may read of again. What was written is never refused afterwards.
    All tokens of a person count as one, with sessions that ask the API, since whoever has one can make another, up to
    what the policy says; each of a system counts for itself, as an administrator declared it. Without Redis each web
    process counts for itself.
    """
    token: ApiToken | None = getattr(request, "api_token", None)
    account: Account = request.user
    if request.method not in SAFE:
        return None
    cache = caches["shared"]
    if token and account.kind == Account.Kind.INTEGRATION:
        most, key = token.learners_per_day, _key(token.digest)
    else:
        most, key = learners_a_day(account.district), _key(account.pk)
    seen = sorted(request.looked_at)
    if cache.admit(key, seen, most=most, timeout=KEPT_SECONDS):  # type: ignore[attr-defined]  # of lrm's own backend
        return None
    if cache.add(f"{key}:told", True, KEPT_SECONDS):
        log.warning("program reads too much", token=token and token.pk, account=account.pk, most=most)
        BulkExport.objects.create(
            district_id=account.district_id,
            account=account,
            what=ROUTE,
            people=most,
            at=timezone.now(),
        )
    return _said(most, response)


def learners_a_day(district: District) -> int:
    """Of how many different learners a person's programs may read today, by the policy."""
    rules = kept_rules(district)
    return USUAL_READS if rules is None else rules.on(PolicyRule.Line.API_READS, timezone.localdate()).value


def read_today(account: Account) -> int:
    """Of how many learners a person's programs have read today; while Redis is away, by this process alone."""
    return caches["shared"].size(_key(account.pk))  # type: ignore[attr-defined]  # of lrm's own backend


def _key(whose: int | str) -> str:
    return f"read:{whose}:{timezone.localdate()}"


def _said(most: int, response: HttpResponse) -> HttpResponse:
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    seconds = ceil(midnight.timestamp() - now.timestamp())  # hours that the clock skips or repeats tonight, too
    headers = {name: response[name] for name in LIMIT_HEADERS if name in response}
    detail = _(
        "Programs that ask in this name may read of %(most)s different students a day, and this answer would show more."
        " Those of today stay open; tomorrow others may be read. An administrator of the district can make a token of a"
        " system that may read more."
    )
    return problems.answer(
        429,
        code="too_many_learners",
        detail=detail % {"most": most},
        headers=headers | {"Retry-After": str(seconds)},
    )
