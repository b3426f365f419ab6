"""The erasure of an adult: what is theirs goes, and what they did for the school stays under a word without a name.

Results that a teacher typed, comments, decisions and lists of the past are records of learners or of the school. They
lead to the account, which stays as that word alone: no name, no address, no ID, no way to sign in.
"""

from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

import structlog
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.privacy import privacy_of
from lrm.records import CUTS
from profiles.models import Account, Erasure
from profiles.services.audit import forgetting
from profiles.services.erasures.hindrances import why_no_adult
from profiles.services.erasures.leaving_adult import LeavingAdult, own_rows
from profiles.services.erasures.mentions import count_mentions
from profiles.services.erasures.trouble import CannotErase, LeftBehind

log = structlog.get_logger()


def erase_adult(erasure: Erasure, tell: Callable[[str], None]) -> list[tuple[str, UUID]]:
    """Inside of the transaction that holds the erasure. Returns stored files to discard. Raises CannotErase."""
    account = Account.objects.named().select_for_update(of=("self",)).filter(pk=erasure.account_id or 0).first()
    if account is None or erasure.stopped_at is not None:
        raise CannotErase(_("There is nobody to erase, or somebody has stopped it."))
    if refused := why_no_adult(account):
        raise CannotErase(refused)
    leaving = LeavingAdult(account)
    # Asked for now, since later steps take away what they are found by.
    names, files = leaving.names, _files_of(account)
    for name in ("uuids", "source_keys", "guardianship_ids"):
        getattr(leaving, name)
    counts: Counter = Counter()
    tell(_("Cutting the person out of what many share."))
    for label in sorted(CUTS):
        counts[label] += CUTS[label](leaving)
    tell(_("Deleting what is the person’s own."))
    for rows in own_rows(account):
        _all, of_each = rows.delete()
        counts.update(of_each)
    _empty(account)
    forgetting.forget([], leaving.account_ids)  # of what the erasure itself has written down
    tell(_("Looking whether anything was left."))
    if kept := [rows.model._meta.label for rows in own_rows(account) if rows.exists()]:
        raise LeftBehind(", ".join(kept))
    erasure.counts = {"rows": dict(sorted((+counts).items())), "files": len(files), "mentions": count_mentions(names)}
    erasure.why, erasure.done_at, erasure.account = "", timezone.now(), None
    erasure.save()
    log.info("adult erased", erasure=erasure.pk, rows=sum(counts.values()), files=len(files))
    return files


def _empty(account: Account) -> None:
    """The word stands in the name itself, so that every page, file and answer of the API says it."""
    is_staff = account.kind == Account.Kind.STAFF
    account.given_name = _("Former staff") if is_staff else _("Former family")
    account.family_name = account.language = ""
    account.email = account.key = account.last_login = None
    account.password, account.uuid, account.is_active = UNUSABLE_PASSWORD_PREFIX, uuid4(), False
    account.erased_at = timezone.now()
    account.save()


def _files_of(account: Account) -> list[tuple[str, UUID]]:
    """(label of the model, id) of stored files that rows of this person name."""
    found = []
    for rows in own_rows(account):
        if name := privacy_of(rows.model).files:
            stored = rows.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
            found += [(rows.model._meta.label, each) for each in stored]
    return found
