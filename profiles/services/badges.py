"""Badges of the youngest: made, printed, scanned, revoked."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from lrm.scope import unscoped
from lrm.sealed import SealBroken, seal, unseal
from profiles.models import Account, Badge, Device, Enrollment, Learner, SignInPolicy

HALF = 13  # letters, of five bits each


@dataclass(frozen=True)
class Asleep:
    """The badge is right, and not now or not here.    why: "off", "time" or "device"."""

    why: str
    policy: SignInPolicy


@transaction.atomic
def make_badges(learners: Iterable[Learner], *, by: Account) -> int:
    """One for each who has none. How many were made."""
    ids = sorted({learner.pk for learner in learners})
    locked = list(Learner.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    have = set(Badge.objects.filter(learner__in=ids, revoked_at__isnull=True).values_list("learner_id", flat=True))
    return len(Badge.objects.bulk_create([_new(learner, by) for learner in locked if learner.pk not in have]))


@transaction.atomic
def revoke_badges(badges: Iterable[Badge], *, by: Account) -> int:
    """They open nothing from now on, and whoever is in with one is out with the next request. How many there were."""
    rows = Badge.objects.select_for_update(of=("self",)).filter(
        pk__in=[badge.pk for badge in badges], revoked_at__isnull=True
    )
    standing = list(rows.select_related("learner__account"))
    for badge in standing:
        badge.revoked_at, badge.revoked_by = timezone.now(), by
        badge.save(update_fields=["revoked_at", "revoked_by"])
        account = badge.learner.account
        if account is not None and not account.has_usable_password():
            # Django ends all sessions of an account with another password, also where neither of them fits anything.
            account.password = make_password(None)
            account.save(update_fields=["password"])
    return len(standing)


def written_on(badge: Badge) -> str:
    """What its square holds after the address. Who reads the database alone cannot make one.

    "": the key that sealed it is gone. What was printed still opens; to print it again, another one has to be made.
    """
    try:
        return badge.key + unseal(badge.rest)
    except SealBroken:
        return ""


def learner_of(written: str, *, now: datetime) -> tuple[Learner, Badge] | None:
    """Whose badge this is, while it stands and the learner is in some class today. None for anything else."""
    written = written.strip().upper()
    if len(written) != 2 * HALF:
        return None
    with unscoped("signing in with a badge comes before the district is known"):
        rows = Badge.objects.select_related("learner__district", "learner__account")
        badge = rows.filter(key=written[:HALF], revoked_at__isnull=True, learner__left_on__isnull=True).first()
        if badge is None or not constant_time_compare(badge.digest, _digest(written)):
            return None
        today = now.astimezone(ZoneInfo(badge.learner.district.time_zone)).date()
        if not Enrollment.objects.on(today).filter(learner_id=badge.learner_id).exists():
            return None
        return badge.learner, badge


def asleep(learner: Learner, *, now: datetime, device_key: str) -> Asleep | None:
    """Why the district's rules do not let a badge open here and now; None where they do."""
    with unscoped("signing in with a badge comes before the district is known"):
        policy = SignInPolicy.objects.filter(district_id=learner.district_id).first() or SignInPolicy()
        local = now.astimezone(ZoneInfo(learner.district.time_zone))
        if not policy.badges:
            return Asleep("off", policy)
        if local.isoweekday() not in policy.badge_days or not _within(policy, local):
            return Asleep("time", policy)
        if policy.badge_registered_only and find_device(learner.district_id, device_key) is None:
            return Asleep("device", policy)
    return None


def used(badge: Badge, *, now: datetime) -> None:
    day = now.astimezone(ZoneInfo(badge.learner.district.time_zone)).date()
    with unscoped("signing in with a badge comes before the district is known"):
        Badge.objects.filter(pk=badge.pk).exclude(last_used_on=day).update(last_used_on=day)


def register_device(*, name: str, by: Account) -> Device:
    return Device.objects.create(district_id=by.district_id, name=name, key=secrets.token_urlsafe(18), registered_by=by)


def find_device(district_id: int, key: str) -> Device | None:
    return Device.objects.filter(district_id=district_id, key=key, revoked_at__isnull=True).first() if key else None


def _within(policy: SignInPolicy, local: datetime) -> bool:
    after = policy.badge_from is None or local.time() >= policy.badge_from
    return after and (policy.badge_until is None or local.time() < policy.badge_until)


def _new(learner: Learner, by: Account) -> Badge:
    key, rest = _letters(), _letters()
    return Badge(learner=learner, key=key, rest=seal(rest), digest=_digest(key + rest), made_by=by)


def _digest(written: str) -> str:
    """A plain hash is enough: half of it is 65 random bits."""
    return hashlib.sha256(written.encode()).hexdigest()


def _letters() -> str:
    return base64.b32encode(secrets.token_bytes(9)).decode()[:HALF]
