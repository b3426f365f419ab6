"""Asking staff in by e-mail: a link that works once and until a day, sent again, taken back, used."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm import days
from lrm.scope import unscoped
from profiles.models import Account, AccountEvent, District, Invitation, School
from profiles.services import throttle
from profiles.services.staff_accounts import give_role, note

LASTS = timedelta(days=7)


class NotInvited(ValueError):
    """The invitation cannot be written; the message says why, and what to do."""


@transaction.atomic
def invite_staff(
    *, given_name: str, family_name: str, email: str, school: School | None, admin: str, by: Account, site: str
) -> Account:
    """Somebody who is to work here. An account is made where nobody has the address yet.

    school: where, None for the whole district.    admin: AdminRole.Kind to give from today on, "" for none: classes
    are given on the page of a class.    site: scheme and host of the link in the mail.
    Raises NotInvited: the address belongs to a student or elsewhere, or its owner has come in already.
    """
    account = Account.objects.select_for_update().filter(email__iexact=email).first()
    if account is None:
        account = Account.objects.create_user(
            district=District.objects.get(pk=by.district_id),
            email=email,
            given_name=given_name,
            family_name=family_name,
        )
    elif account.district_id != by.district_id:
        raise NotInvited(_("This address is in use elsewhere. Ask for another one."))
    elif account.kind == Account.Kind.LEARNER:
        raise NotInvited(_("This address belongs to a student."))
    elif not account.is_active:
        raise NotInvited(_("The account of %(name)s was ended. Open it again on its page.") % {"name": account.name})
    elif has_come_in(account) and account.kind == Account.Kind.STAFF:
        raise NotInvited(_("%(name)s is here already. Roles are given on their page.") % {"name": account.name})
    if account.kind != Account.Kind.STAFF:  # somebody of a family who works here too
        account.kind = Account.Kind.STAFF
        account.save(update_fields=["kind"])
    if admin:
        give_role(account, kind=admin, school=school, by=by)
    send(account, school=school, by=by, site=site)
    return account


def has_come_in(account: Account) -> bool:
    return account.last_login is not None or account.has_usable_password()


@transaction.atomic
def send(account: Account, *, by: Account, site: str, school: School | None = None) -> Invitation:
    """A mail with a new link; a link sent before opens nothing any more. Also for who was taken back."""
    secret, now = secrets.token_urlsafe(32), timezone.now()
    row = Invitation.objects.select_for_update(of=("self",)).filter(account=account).first()
    kind = AccountEvent.Kind.RESENT if row else AccountEvent.Kind.INVITED
    row = row or Invitation(account=account, school=school)
    row.digest, row.invited_by, row.sent_at, row.expires_at = _digest(secret), by, now, now + LASTS
    row.revoked_at = row.accepted_at = None
    row.save()
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
    note(account, kind, by=by)
    url = site + reverse("invitation_link", args=[secret])
    transaction.on_commit(partial(_write, account, by=by, url=url, until=row.expires_at), robust=True)
    return row


@transaction.atomic
def revoke(account: Account, *, by: Account) -> bool:
    """The link opens nothing any more, and neither does a forgotten password. False where it was used meanwhile."""
    row = Invitation.objects.select_for_update(of=("self",)).get(account=account)
    account.refresh_from_db()
    if row.accepted_at is not None or has_come_in(account):
        return False
    row.digest, row.revoked_at = "", timezone.now()
    row.save(update_fields=["digest", "revoked_at"])
    account.is_active = False
    account.save(update_fields=["is_active"])
    note(account, AccountEvent.Kind.REVOKED, by=by)
    return True


def find(secret: str) -> Invitation | None:
    """The invitation whose link this is, with account and district, whatever its state; None where it is nobody's."""
    if not secret or len(secret) > 100:
        return None
    with unscoped("the link says whose district is to be opened"):
        rows = Invitation.objects.select_related("account__district", "invited_by")
        return rows.filter(digest=_digest(secret)).first()


@transaction.atomic
def accept_with_password(secret: str, password: str) -> Account | None:
    """Set the first password and use the link up. None where it is used, taken back or over meanwhile.

    Raises ValidationError: the password is too weak.
    """
    with unscoped("the link says whose district is to be opened"):
        row = Invitation.objects.select_for_update(of=("self",)).filter(digest=_digest(secret)).first()
        if row is None or not row.opens_at(timezone.now()):
            return None
        account = Account.objects.select_related("district").get(pk=row.account_id)
        validate_password(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        throttle.forget(door="password", key=(account.email or "").lower())
        came_in(account)
        return account


def came_in(account: Account) -> None:
    """Whoever has signed in, in whatever way, has accepted: the link opens nothing any more."""
    with unscoped("signing in comes before the district's scope"):
        rows = Invitation.objects.filter(account=account, accepted_at__isnull=True)
        if rows.update(accepted_at=timezone.now(), digest=""):
            note(account, AccountEvent.Kind.ACCEPTED, by=account)


def _write(account: Account, *, by: Account, url: str, until: datetime) -> None:
    zone = ZoneInfo(account.district.time_zone)
    context = {
        "account": account,
        "by": by,
        "school": account.district.name,
        "url": url,
        "day": days.said_on(timezone.localdate(until, zone)),
    }
    send_mail(
        subject=render_to_string("profiles/email/invitation_subject.txt", context).strip(),
        message=render_to_string("profiles/email/invitation_message.txt", context),
        from_email=None,
        recipient_list=[account.email or ""],
    )


def _digest(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, so that there is nothing to guess from."""
    return hashlib.sha256(secret.encode()).hexdigest()
