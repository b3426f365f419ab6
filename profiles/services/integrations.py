"""Systems that ask the API in their own name: made, given tokens, ended."""

from collections.abc import Iterable
from datetime import date

import structlog
from django.db import transaction
from django.utils import timezone

from profiles.models import Account, AdminRole, ApiToken, Integration, School, Webhook
from profiles.services.api_tokens import LEARNERS_PER_DAY, make_token

log = structlog.get_logger()


@transaction.atomic
def make_integration(*, name: str, schools: Iterable[School], by: Account) -> Integration:
    """schools: whose rows it reaches; none is the whole district. It has no token yet."""
    account = Account.objects.create_user(
        district=by.district, given_name=name, family_name="", kind=Account.Kind.INTEGRATION
    )
    today = timezone.localdate()
    chosen = list(schools)
    AdminRole.objects.bulk_create(
        [AdminRole(account=account, kind=AdminRole.Kind.SCHOOL, school=school, starts_on=today) for school in chosen]
        or [AdminRole(account=account, kind=AdminRole.Kind.DISTRICT, starts_on=today)]
    )
    made = Integration.objects.create(account=account, made_by=by)
    log.info("integration made", integration=made.pk, schools=[school.pk for school in chosen], by=by.pk)
    return made


def give_token(
    *,
    integration: Integration,
    scopes: Iterable[str],
    expires_on: date,
    per_minute: int,
    learners_per_day: int = LEARNERS_PER_DAY,
    by: Account,
) -> tuple[ApiToken, str]:
    """Another token of a system, so that it can change over before the old one is revoked. Raises ValueError."""
    made, secret = make_token(
        account=integration.account,
        name=integration.account.name,
        scopes=scopes,
        expires_on=expires_on,
        per_minute=per_minute,
        learners_per_day=learners_per_day,
    )
    log.info("integration token made", integration=integration.pk, token=made.pk, by=by.pk)
    return made, secret


@transaction.atomic
def end_integration(*, integration: Integration, by: Account) -> None:
    """All its tokens open nothing from now on, its rights end, and webhooks that it registered are paused. What it
    recorded stays under its name.
    """
    now = timezone.now()
    Integration.objects.filter(pk=integration.pk, ended_at__isnull=True).update(ended_at=now)
    ApiToken.objects.filter(account=integration.account_id, revoked_at__isnull=True).update(revoked_at=now)
    Account.objects.filter(pk=integration.account_id).update(is_active=False)
    Webhook.objects.filter(made_by=integration.account_id, off_because="").update(off_because=Webhook.Off.PAUSED)
    AdminRole.objects.filter(account=integration.account_id, ends_on__isnull=True).update(ends_on=timezone.localdate())
    log.info("integration ended", integration=integration.pk, by=by.pk)
