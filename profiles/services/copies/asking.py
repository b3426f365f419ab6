"""Who asks for a copy, who makes it, who gets it: the family asks, administrators make it and hand it out."""

from typing import IO, Any

import structlog
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.jobs.kinds import JobRefused
from lrm.jobs.running import Work
from lrm.jobs.starting import start
from profiles.models import Account, AdminRole, Learner, LearnerCopy
from profiles.services.copies.archive import write_copy
from profiles.services.copies.files import make_file
from profiles.services.speaking import speaking_to

log = structlog.get_logger()
KIND = "learner_copy"
ANSWER_DAYS = 45
"""Within which a school in the United States has to answer a parent who asks (FERPA)."""


class NotNow(ValueError):
    """Nothing was done. The message says why."""


@transaction.atomic
def ask(learner: Learner, *, by: Account, site: str = "") -> LearnerCopy:
    """The family asks the school for a copy; its administrators get a mail. Twice is once, while nobody has answered.

    site: where links begin.
    """
    Learner.objects.select_for_update(of=("self",)).get(pk=learner.pk)
    found = LearnerCopy.objects.waiting().filter(learner=learner, asked_by=by).first()
    if found is None:
        found = LearnerCopy.objects.create(learner=learner, asked_by=by)
        transaction.on_commit(lambda: _tell_office(learner, site), robust=True)
    return found


@transaction.atomic
def make(learner: Learner, *, by: Account, with_notes: bool, asked: LearnerCopy | None = None) -> LearnerCopy:
    """Have a worker make a copy. Two clicks are one: while one is made for the learner, that one is answered.

    asked: what the family has asked for, which is then answered by it. Raises NotNow: somebody has answered meanwhile.
    """
    Learner.objects.select_for_update(of=("self",)).get(pk=learner.pk)
    going = LearnerCopy.objects.filter(learner=learner, made_at__isnull=True, job__state__in=("waiting", "running"))
    if (found := going.first()) is not None:
        return found
    if asked is None:
        asked = LearnerCopy(learner=learner, asked_by=by)
    elif not LearnerCopy.objects.waiting().filter(pk=asked.pk).exists():
        raise NotNow(_("Somebody has answered this meanwhile."))
    asked.made_by, asked.with_notes = by, with_notes
    asked.save()
    asked.job = start(KIND, district_id=learner.district_id, by=by, params={"copy": asked.pk})
    asked.save(update_fields=["job"])
    return asked


@transaction.atomic
def decline(row: LearnerCopy, *, by: Account, because: str) -> None:
    """Say no, with a reason that the family reads. Raises NotNow."""
    done = LearnerCopy.objects.waiting().filter(pk=row.pk)
    if not done.update(declined_at=timezone.now(), declined_because=because, made_by=by):
        raise NotNow(_("Somebody has answered this meanwhile."))


def hand_out(row: LearnerCopy, *, site: str) -> None:
    """Let the family fetch the file as long as it is there, and write to whoever of it has asked. Twice is once.

    site: where links begin.
    """
    if LearnerCopy.objects.filter(pk=row.pk, handed_out_at__isnull=True).update(handed_out_at=timezone.now()):
        transaction.on_commit(lambda: _write(row, site))


def _write(row: LearnerCopy, site: str) -> None:
    """It names no child."""
    asker = row.asked_by
    if asker is None or asker.kind != Account.Kind.GUARDIAN or not asker.email or not asker.is_active:
        return
    url = site + reverse("learner_data", args=[row.learner_id])
    _send(asker, "copy", {"account": asker, "until": row.file_until, "url": url})


def _tell_office(learner: Learner, site: str) -> None:
    """Administrators of the home school; of the district where the school has none. It names no child."""
    today = timezone.localdate()
    roles = AdminRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    staff = Account.objects.filter(district_id=learner.district_id, is_active=True, email__isnull=False)
    here = staff.filter(admin_roles__in=roles.filter(school=learner.home_school_id))
    everywhere = staff.filter(admin_roles__in=roles.filter(kind=AdminRole.Kind.DISTRICT))
    context = {"url": site + reverse("copies"), "answer_days": ANSWER_DAYS}
    for account in here.distinct().order_by("pk") or everywhere.distinct().order_by("pk"):
        _send(account, "copy_asked", context | {"account": account})


def _send(account: Account, mail: str, context: dict[str, Any]) -> None:
    with speaking_to(account):
        try:
            send_mail(
                subject=render_to_string(f"profiles/email/{mail}_subject.txt", context).strip(),
                message=render_to_string(f"profiles/email/{mail}_message.txt", context),
                from_email=None,
                recipient_list=[account.email or ""],
            )
        except OSError as trouble:
            log.warning("notice not sent", account=account.pk, error=type(trouble).__name__)


def carry_out(work: Work) -> None:
    """The job."""
    row = LearnerCopy.objects.select_related("learner").filter(pk=work.job.params["copy"]).first()
    if row is None:
        raise JobRefused(_("The student, or the wish for a copy, is not here any more."))
    if row.made_at is not None:
        return

    def write(file: IO[bytes]) -> None:
        write_copy(row.learner, file, with_notes=row.with_notes, tell=work.say)

    make_file(work, row, write)
    log.info("learner copied", learner=row.learner_id, copy=row.pk, by=row.made_by_id, bytes=row.size)
