"""Slowing down who guesses at sign-in, and nobody who sits beside them.

A whole school shares one address, so an address alone says little. Three things are counted together: what is tried
(an account, a class code), the address, and the browser by a cookie of its own (profiles/known_browser.py). A browser
in which this account or class has signed in before is judged by itself, whatever others do at its address; browsers
that nobody knows are judged together, by what they try and where they are.

Counts are rows in PostgreSQL, written before a password is looked at and taken back when it fits: many web processes
count as one, tries at the same moment cannot slip past each other, and Redis has no part in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection
from django.utils.crypto import salted_hmac

from profiles.models import SignInAttempt

REMEMBERED = timedelta(days=1)
IPV6_PREFIX = 64  # of a home or a school; addresses within it cost nothing to change


@dataclass(frozen=True)
class Rule:
    """Failures that are still let through.    by: which of an attempt's marks have to be the same, as column names."""

    by: tuple[str, ...]
    most: int
    window: timedelta


@dataclass(frozen=True)
class Door:
    """browser: of each browser.    earner: of all browsers that one person made known, who then is a stranger.

    strangers: counted over browsers that nobody knows, and applied to them.
    """

    browser: Rule
    earner: Rule
    strangers: tuple[Rule, ...]


def _minutes(most: int, minutes: int, *by: str) -> Rule:
    return Rule(by, most, timedelta(minutes=minutes))


DOORS: Mapping[str, Door] = {
    "password": Door(
        _minutes(10, 10, "browser_hash"),
        _minutes(20, 10, "key_hash", "earner_hash"),
        (
            _minutes(5, 5, "key_hash", "address_hash"),
            _minutes(50, 10, "key_hash"),
            _minutes(100, 10, "address_hash"),
        ),
    ),
    # There is nothing to guess in a badge; this only keeps one browser from asking all day.
    "badge": Door(
        _minutes(10, 10, "browser_hash"), _minutes(20, 10, "earner_hash"), (_minutes(1000, 10, "address_hash"),)
    ),
    # Asked only after the password, so whoever guesses here knows that.
    "second_step": Door(
        _minutes(10, 10, "browser_hash"),
        _minutes(20, 10, "key_hash", "earner_hash"),
        (
            _minutes(5, 5, "key_hash", "address_hash"),
            _minutes(20, 10, "key_hash"),
            _minutes(100, 10, "address_hash"),
        ),
    ),
    # Behind a class code stand thirty four-digit numbers, and whoever is in the class knows the code.
    "class_code": Door(
        _minutes(10, 10, "browser_hash"),
        _minutes(20, 10, "key_hash", "earner_hash"),
        (
            _minutes(30, 10, "key_hash", "address_hash"),
            _minutes(100, 10, "key_hash"),
            _minutes(1000, 10, "address_hash"),
        ),
    ),
}


@dataclass(frozen=True)
class Guesser:
    """Who tries.    browser: id from its cookie.    earner: whose sign-in made it known for this key, "" for nobody."""

    address: str
    browser: str
    earner: str = ""


class Wait(Exception):
    """Too many failures; nothing was looked at. until: when the next try is let through."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Attempt:
    """One that is let through. It counts as a failure until it is taken back."""

    pk: int

    def fitted(self) -> None:
        SignInAttempt.objects.filter(pk=self.pk).delete()


def begin(*, door: str, key: str, by: Guesser, now: datetime) -> Attempt:
    """Ask to be let through with one try. Raises Wait."""
    rules, marks = DOORS[door], _marks(door, key, by)
    row = SignInAttempt.objects.create(at=now, door=door, **marks)
    if by.earner and _full_until(door, rules.earner, marks, now) is not None:
        marks["earner_hash"] = row.earner_hash = ""
        row.save(update_fields=["earner_hash"])
    applied = [rules.browser, *(() if marks["earner_hash"] else rules.strangers)]
    waits = [until for rule in applied if (until := _full_until(door, rule, marks, now)) is not None]
    if waits:
        row.delete()
        raise Wait(max(waits))
    SignInAttempt.objects.filter(at__lt=now - REMEMBERED).delete()
    return Attempt(row.pk)


def forget(*, door: str, key: str) -> None:
    """The owner has shown otherwise who they are, by the link of a mail say: tries of others bar them no longer."""
    SignInAttempt.objects.filter(door=door, key_hash=hashed(key)).delete()


def hashed(text: str) -> str:
    return salted_hmac("profiles.sign_in", text, algorithm="sha256").hexdigest()


def _marks(door: str, key: str, by: Guesser) -> dict[str, str]:
    return {
        "address_hash": hashed(_network(by.address)),
        "key_hash": hashed(key),
        "browser_hash": hashed(by.browser),
        "earner_hash": hashed(by.earner) if by.earner else "",
    }


def _network(address: str) -> str:
    try:
        is_long = isinstance(ip_address(address), IPv6Address)
    except ValueError:
        return address
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False)) if is_long else address


def _full_until(door: str, rule: Rule, marks: dict[str, str], now: datetime) -> datetime | None:
    """Until when this rule lets nothing through; None where it does. The try itself is among the rows."""
    same = {name: marks[name] for name in rule.by}
    if set(rule.by).isdisjoint({"browser_hash", "earner_hash"}):
        same["earner_hash"] = ""
    where = " AND ".join(f"{name} = %s" for name in same)
    with connection.cursor() as cursor:
        # One beyond those that are let through, the newest first: with it gone there is room for a try.
        cursor.execute(
            f"SELECT at FROM profiles_signinattempt WHERE door = %s AND at > %s AND {where}"
            " ORDER BY at DESC, id DESC OFFSET %s LIMIT 1",
            [door, now - rule.window, *same.values(), rule.most],
        )
        found = cursor.fetchone()
    return found[0] + rule.window if found else None
