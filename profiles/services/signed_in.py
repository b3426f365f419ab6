"""Where somebody is signed in: noted at sign-in, listed, ended from elsewhere.

Nothing is written while somebody works: that a session is still there is asked of Django's own table.
"""

from collections.abc import Iterable

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from lrm.scope import district_scope
from profiles import devices
from profiles.models import Account, SignedIn


@transaction.atomic
def note(account: Account, *, session_key: str, user_agent: str, address: str) -> None:
    """A new session. Those of this account that are over are forgotten."""
    browser, system = devices.name_of(user_agent)
    with district_scope(account.district_id):
        rows = SignedIn.objects.filter(account=account)
        rows.exclude(session_key__in=_living(rows)).delete()
        SignedIn.objects.update_or_create(
            session_key=session_key,
            defaults={
                "account": account,
                "at": timezone.now(),
                "browser": browser,
                "system": system,
                "network": devices.roughly(address),
            },
        )


def living(account: Account) -> list[SignedIn]:
    """The latest first. Two statements."""
    rows = SignedIn.objects.filter(account=account)
    keys = set(_living(rows))
    return [row for row in rows if row.session_key in keys]


def moved(account: Account, *, before: str, after: str) -> None:
    """The same session has a new key, as after a change of the password."""
    SignedIn.objects.filter(account=account, session_key=before).update(session_key=after)


def end_one(row: SignedIn) -> int:
    """It opens nothing from the next request on. 0 where it was over already."""
    return _end([row])


def end(account: Account, *, but: str = "") -> int:
    """All sessions of the account, but the one with that key. How many there were."""
    with district_scope(account.district_id):
        return _end(SignedIn.objects.filter(account=account).exclude(session_key=but))


@transaction.atomic
def _end(rows: Iterable[SignedIn]) -> int:
    keys = [row.session_key for row in rows]
    gone, _each = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).delete()
    SignedIn.objects.filter(session_key__in=keys).delete()
    return gone


def _living(rows: Iterable[SignedIn]) -> list[str]:
    keys = [row.session_key for row in rows]
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return list(alive.values_list("session_key", flat=True))
