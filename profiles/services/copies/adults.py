"""A copy of everything about an adult, for the person, or for an administrator whom they have asked."""

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from lrm.jobs.kinds import JobRefused
from lrm.jobs.running import Work
from lrm.jobs.starting import start
from profiles.models import Account, AdultCopy
from profiles.services.copies.archive import write_adult_copy
from profiles.services.copies.files import make_file

log = structlog.get_logger()
KIND = "adult_copy"


@transaction.atomic
def make(account: Account, *, by: Account) -> AdultCopy:
    """Have a worker make a copy. Two clicks are one: while one is made, that one is answered."""
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    going = AdultCopy.objects.filter(account=account, made_at__isnull=True, job__state__in=("waiting", "running"))
    if (found := going.first()) is not None:
        return found
    row = AdultCopy.objects.create(account=account, made_by=by)
    row.job = start(KIND, district_id=account.district_id, by=by, params={"copy": row.pk})
    row.save(update_fields=["job"])
    return row


def carry_out(work: Work) -> None:
    """The job."""
    row = AdultCopy.objects.select_related("account").filter(pk=work.job.params["copy"]).first()
    if row is None or row.account.erased_at is not None:
        raise JobRefused(_("The person, or the wish for a copy, is not here any more."))
    if row.made_at is not None:
        return
    make_file(work, row, lambda file: write_adult_copy(row.account, file, tell=work.say))
    log.info("adult copied", account=row.account_id, copy=row.pk, by=row.made_by_id, bytes=row.size)
