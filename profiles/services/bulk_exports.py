"""Records of many people taken along at once: a limit for each account, and a notice to administrators."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lrm.scope import unscoped
from profiles.models import Account, AdminRole, BulkExport
from profiles.services.speaking import speaking_to

log = structlog.get_logger()
MOST, WITHIN = 10, timedelta(hours=1)
"""So many files may one account take along in that time."""


def wait_for(account: Account) -> timedelta | None:
    """How long this account has to wait before it may take records along again; None where it need not."""
    newest = BulkExport.objects.filter(account=account, at__gt=timezone.now() - WITHIN).order_by("-at", "-pk")
    times = list(newest.values_list("at", flat=True)[:MOST])
    return times[-1] + WITHIN - timezone.now() if len(times) == MOST else None


def note(account: Account, *, what: str, people: int | None) -> BulkExport:
    """Write down that records were taken along. what: the route. The clock tells administrators of it."""
    row = BulkExport.objects.create(district_id=account.district_id, account=account, what=what, people=people)
    log.info("bulk export", account=account.pk, route=what, people=people)
    return row


def tell() -> int:
    """Write to the administrators of each district about what was taken along since they were told. Returns rows.

    Whoever took it is written to as well: it may have been somebody else at their desk. A mail names no learner.
    """
    told = 0
    with unscoped("notices of every district"):
        waiting = BulkExport.objects.filter(told_at__isnull=True).select_related("account", "district")
        for row in waiting.order_by("pk"):
            # Said before it is sent: a mail that cannot be sent is not tried for ever, and the page lists all.
            if BulkExport.objects.filter(pk=row.pk, told_at__isnull=True).update(told_at=timezone.now()):
                _write(row)
                told += 1
    return told


def _write(row: BulkExport) -> None:
    context = {
        "row": row,
        "url": settings.SITE_URL + reverse("bulk_exports"),
        "who": row.account.name if row.account else "",
    }
    for administrator in _administrators(row):
        with speaking_to(administrator):
            try:
                send_mail(
                    subject=render_to_string("profiles/email/bulk_export_subject.txt", context).strip(),
                    message=render_to_string("profiles/email/bulk_export_message.txt", context),
                    from_email=None,
                    recipient_list=[administrator.email or ""],
                )
            except OSError as trouble:
                log.warning("notice not sent", account=administrator.pk, error=type(trouble).__name__)


def _administrators(row: BulkExport) -> list[Account]:
    today = timezone.localdate()
    roles = AdminRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    district = Account.objects.filter(district_id=row.district_id, is_active=True, email__isnull=False)
    of_district = Q(admin_roles__in=roles.filter(kind=AdminRole.Kind.DISTRICT))
    return list(district.filter(of_district).distinct().order_by("pk"))
