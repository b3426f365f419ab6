"""Guardians: invited by staff who know the family, confirmed by the school, ended at once when custody changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.db import transaction
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.rows import read
from profiles.models import Account, District, Guardianship, Learner


class State(StrEnum):
    """Where a guardianship stands on a day."""

    WAITING = "waiting"
    LATER = "later"
    ON = "on"
    ENDED = "ended"


@dataclass(frozen=True)
class Guardian:
    """last_here: when this guardian last opened a page about the child, None for never."""

    row: Guardianship
    state: State
    last_here: datetime | None


class NotInvited(ValueError):
    """The invitation cannot be written; the message says why, and what to do."""


def state_of(row: Guardianship, *, today: date) -> State:
    if row.ends_on is not None and row.ends_on < today:
        return State.ENDED
    if row.confirmed_at is None:
        return State.WAITING
    return State.LATER if row.starts_on > today else State.ON


LAST_HERE = """
SELECT account_id, max(at) AS at FROM profiles_accesslog
 WHERE learner_ids @> ARRAY[%(learner)s]::bigint[] AND account_id = ANY(%(accounts)s) AND district_id = %(district)s
 GROUP BY account_id
"""


def read_guardians(learner: Learner, *, today: date) -> list[Guardian]:
    """Those who read now, then who waits or comes later, then those before. Two statements."""
    rows = list(
        Guardianship.objects.filter(learner=learner).select_related("account", "invited_by", "confirmed_by", "ended_by")
    )
    seen = read(LAST_HERE, learner=learner.pk, accounts=[row.account_id for row in rows])
    last = {row.account_id: row.at for row in seen}
    found = [Guardian(row, state_of(row, today=today), last.get(row.account_id)) for row in rows]
    order = [State.ON, State.WAITING, State.LATER, State.ENDED]
    return sorted(found, key=lambda guardian: (order.index(guardian.state), guardian.row.account.name, guardian.row.pk))


@transaction.atomic
def invite_guardian(
    *,
    learner: Learner,
    given_name: str,
    family_name: str,
    email: str,
    relation: str,
    starts_on: date,
    ends_on: date | None,
    by: Account,
    is_confirmed: bool,
    site: str,
) -> Guardianship:
    """Somebody who is to see the child's pages. An account is made where nobody has the address yet.

    is_confirmed: by an administrator of the child's school, who then need not be asked. ends_on: the last day, None for
    open. site: scheme and host of links in the mail.
    Raises NotInvited: the address belongs to a learner or to another district, or this person is invited already.
    """
    Learner.objects.select_for_update().get(pk=learner.pk)  # two invitations at once: the second sees the first
    account = _account_with(email)
    if account is None:
        account = Account.objects.create_user(
            district=District.objects.get(pk=learner.district_id),
            email=email,
            kind=Account.Kind.GUARDIAN,
            given_name=given_name,
            family_name=family_name,
        )
    elif account.district_id != learner.district_id:
        raise NotInvited(_("This address is in use elsewhere. Ask for another one."))
    elif account.kind == Account.Kind.LEARNER:
        raise NotInvited(_("This address belongs to a student."))
    row = Guardianship.objects.filter(account=account, learner=learner).first()
    if row is not None and state_of(row, today=timezone.localdate()) != State.ENDED:
        raise NotInvited(_("%(name)s is on the list already.") % {"name": account.name})
    row = row or Guardianship(account=account, learner=learner)
    now = timezone.now()
    row.relation, row.starts_on, row.ends_on = relation, starts_on, ends_on
    row.invited_at, row.invited_by, row.ended_by = now, by, None
    row.confirmed_at, row.confirmed_by = (now, by) if is_confirmed else (None, None)
    row.save()
    if is_confirmed:
        transaction.on_commit(partial(write_to, account, site=site), robust=True)
    return row


@transaction.atomic
def confirm_guardians(rows: Sequence[Guardianship], *, by: Account, site: str) -> list[Guardianship]:
    """The school says yes. Those that somebody else has decided on meanwhile are left out of what is returned."""
    locked = Guardianship.objects.select_for_update(of=("self",)).select_related("account", "learner")
    waiting = list(
        locked.filter(pk__in=[row.pk for row in rows], confirmed_at__isnull=True, ended_by__isnull=True).order_by("pk")
    )
    for row in waiting:
        row.confirmed_at, row.confirmed_by = timezone.now(), by
        row.save(update_fields=["confirmed_at", "confirmed_by"])
    for account in {row.account for row in waiting}:
        transaction.on_commit(partial(write_to, account, site=site), robust=True)
    return waiting


def end_guardian(row: Guardianship, *, by: Account) -> None:
    """Nothing of the child is shown to them from the next request on. An invitation that waits is taken back so too."""
    row.ends_on, row.ended_by = timezone.localdate() - timedelta(days=1), by
    row.save(update_fields=["ends_on", "ended_by"])


def undo_end(row: Guardianship) -> None:
    """As it was before it was ended, without a last day."""
    row.ends_on, row.ended_by = None, None
    row.save(update_fields=["ends_on", "ended_by"])


def change_dates(row: Guardianship, *, starts_on: date, ends_on: date | None, by: Account) -> None:
    """ends_on: the last day; one that is past ends it now."""
    row.starts_on, row.ends_on = starts_on, ends_on
    row.ended_by = by if ends_on is not None and ends_on < timezone.localdate() else None
    row.save(update_fields=["starts_on", "ends_on", "ended_by"])


def write_to(account: Account, *, site: str) -> None:
    """A mail with the way in: a link to choose a password, or to sign in for whoever has one. It names no child."""
    if not account.email:
        return
    if account.has_usable_password():
        path = reverse("sign_in")
    else:
        key = default_token_generator.make_token(account)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(account), key])
    context = {"account": account, "school": account.district.name, "url": site + path}
    send_mail(
        subject=render_to_string("profiles/email/family_subject.txt", context).strip(),
        message=render_to_string("profiles/email/family_message.txt", context),
        from_email=None,
        recipient_list=[account.email],
    )


def _account_with(email: str) -> Account | None:
    return Account.objects.annotate(lower=Lower("email")).filter(lower=email.lower()).first()
