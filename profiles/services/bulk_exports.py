"""Records taken along as files: a limit for each account, and a notice to administrators."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lrm.attempts import attempts
from lrm.scope import unscoped
from profiles.models import Account, AdminRole, BulkExport
from profiles.services.speaking import speaking_to
from profiles.services.taken_words import say_taken

log = structlog.get_logger()
MOST, WITHIN = 10, timedelta(hours=1)
"""So many files may one account take along in that time."""
ONE_PERSON, MOST_OF_ONE = frozenset({"binder_zip", "copy_zip", "adult_copy_zip"}), 40
"""Routes of files about one person: a whole class may be taken along in an hour. The eleventh in an hour is told, and
one of each forty in a day, so that few an hour do not stay unseen all day."""
DAY = timedelta(days=1)
LONGEST = timedelta(minutes=10)
"""After which a file that was begun is told of, though its end was never heard."""


def begin(account: Account, *, what: str) -> BulkExport | timedelta:
    """Count a file before it is made, so that requests at the same moment do not all pass. what: the route.

    Or how long this account has to wait. Of what is given, `give` says how many it was about; what is not, `drop`.
    """
    kind = Q(what__in=ONE_PERSON)
    most, mine = (MOST_OF_ONE, kind) if what in ONE_PERSON else (MOST, ~kind)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        now = timezone.now()
        newest = BulkExport.objects.filter(mine, account=account, at__gt=now - WITHIN).order_by("-at", "-pk")
        times = list(newest.values_list("at", flat=True)[:most])
        if len(times) == most:
            return times[-1] + WITHIN - now
        in_a_day = BulkExport.objects.filter(mine, account=account, at__gt=now - DAY).count() if most > MOST else 0
        is_quiet = most > MOST and len(times) != MOST and (not in_a_day or in_a_day % MOST_OF_ONE > 0)
        return BulkExport.objects.create(
            **{"district_id": account.district_id, "account": account, "what": what, "at": now},
            told_at=now if is_quiet else None,
        )


def give(row: BulkExport, *, people: int) -> None:
    """It was given out. The clock tells administrators of it."""
    row.people = people
    row.save(update_fields=["people"])
    log.info("bulk export", account=row.account_id, route=row.what, people=people)


def drop(row: BulkExport) -> None:
    """Nothing was given out."""
    row.delete()


def tell() -> int:
    """Write to the administrators of each district about what was taken along since they were told. Returns rows.

    Whoever took it is written to as well: it may have been somebody else at their desk. A mail names no learner.
    Raises NotAllDone, once all others are told of, where something went wrong with a notice; the page lists all.
    """
    told = 0
    with unscoped("notices of every district"), attempts("notice_failed") as attempt:
        given = Q(people__isnull=False) | Q(at__lt=timezone.now() - LONGEST)
        waiting = BulkExport.objects.filter(given, told_at__isnull=True).select_related("account", "district")
        for row in waiting.order_by("pk"):
            # Said before it is sent: a mail that cannot be sent is not tried for ever, and the page lists all.
            with attempt(export=row.pk):
                if BulkExport.objects.filter(pk=row.pk, told_at__isnull=True).update(told_at=timezone.now()):
                    _write(row)
                    told += 1
    return told


def _write(row: BulkExport) -> None:
    context = {
        "row": row,
        "url": settings.SITE_URL + reverse("bulk_exports"),
        "who": row.account.name if row.account else "",
        "before": _before(row),
    }
    for administrator in _administrators(row):
        with speaking_to(administrator), timezone.override(ZoneInfo(row.district.time_zone)):
            context["what"] = say_taken(row.what)
            try:
                send_mail(
                    subject=render_to_string("profiles/email/bulk_export_subject.txt", context).strip(),
                    message=render_to_string("profiles/email/bulk_export_message.txt", context),
                    from_email=None,
                    recipient_list=[administrator.email or ""],
                )
            except OSError as trouble:
                log.warning("notice not sent", account=administrator.pk, error=type(trouble).__name__)


def _before(row: BulkExport) -> int:
    """Files about one person that the same account had taken within a day before this one; 0 for other files."""
    if row.what not in ONE_PERSON or row.account is None:
        return 0
    mine = BulkExport.objects.filter(account=row.account, what__in=ONE_PERSON, at__gt=row.at - DAY)
    return mine.filter(pk__lt=row.pk).count()


def _administrators(row: BulkExport) -> list[Account]:
    today = timezone.localdate()
    roles = AdminRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    district = Account.objects.filter(district_id=row.district_id, is_active=True, email__isnull=False)
    of_district = Q(admin_roles__in=roles.filter(kind=AdminRole.Kind.DISTRICT))
    return list(district.filter(of_district).distinct().order_by("pk"))
