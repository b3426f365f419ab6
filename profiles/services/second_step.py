"""The second step of signing in: a code of an authenticator app, or one of ten written down for an emergency."""

from datetime import date, timedelta
from time import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

from lrm import policy
from profiles.access import access_of
from profiles.models import Account, AccountEvent, SecondStepAsk, SignInPolicy
from profiles.services.staff_accounts import note

TOTP, EMERGENCY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


def has_second_step(account: Account) -> bool:
    return Authenticator.objects.filter(user_id=account.pk, type=TOTP).exists()


def policy_of(account: Account) -> SignInPolicy:
    """The district's, with the defaults where it has said nothing."""
    found = SignInPolicy.objects.filter(district_id=account.district_id).first()
    return found or SignInPolicy(district_id=account.district_id)


def is_required(account: Account, *, today: date) -> bool:
    """By the policy of the district and what the account is today. The demo asks nobody: its people have no phone."""
    if account.kind == Account.Kind.LEARNER or account.district.is_demo:
        return False
    roles = access_of(account, on=today).roles
    if roles & set(policy.ADMINS):
        return True
    return bool(roles & set(policy.STAFF)) and policy_of(account).second_step_for == SignInPolicy.Whom.STAFF


def due_on(account: Account, *, today: date) -> date | None:
    """The first day without grace, for who has to have a second step and has none; None for anybody else.

    The days count from the first time that this was asked.
    """
    if not is_required(account, today=today) or has_second_step(account):
        return None
    ask, _new = SecondStepAsk.objects.get_or_create(account=account, defaults={"asked_on": today})
    return ask.asked_on + timedelta(days=policy_of(account).grace_days)


def emergency_codes(account: Account) -> list[str]:
    """Those that are not used yet. (Authenticator.wrap would load what passkeys need, which nobody has here.)"""
    written = Authenticator.objects.filter(user_id=account.pk, type=EMERGENCY).first()
    return RecoveryCodes(written).get_unused_codes() if written else []


@transaction.atomic
def check(account: Account, code: str) -> Authenticator | None:
    """What this code belongs to, used up by that: of the app or for an emergency. None where it fits nothing.

    A code of the app fits for the half minute before and after too, and once: counted in the database, so that the
    second of two web processes knows that it was used.
    """
    rows = Authenticator.objects.select_for_update().filter(user_id=account.pk, type__in=[TOTP, EMERGENCY])
    found = {row.type: row for row in rows}
    code = "".join(code.split())
    if (app := found.get(TOTP)) and (counter := _counter_of(app, code)) is not None:
        app.data["last_counter"] = counter
        app.save(update_fields=["data"])
        return app
    written = found.get(EMERGENCY)
    return written if written and RecoveryCodes(written).validate_code(code) else None


def _counter_of(app: Authenticator, code: str) -> int | None:
    secret, last = decrypt(app.data["secret"]), app.data.get("last_counter", -1)
    now = int(time()) // app_settings.TOTP_PERIOD
    for counter in (now - 1, now, now + 1):
        if counter > last and constant_time_compare(code, format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def reset(account: Account, *, by: Account | None) -> bool:
    """Phone and emergency codes are lost: the next sign-in asks for the password alone, and then for a new one.

    by: the administrator, None for whoever runs the server. False where there was none.
    """
    gone, _rows = Authenticator.objects.filter(user_id=account.pk).delete()
    SecondStepAsk.objects.filter(account=account).delete()
    if gone:
        note(account, AccountEvent.Kind.SECOND_STEP_RESET, by=by)
    return bool(gone)
