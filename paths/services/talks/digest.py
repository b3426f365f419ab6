"""The mail that says that there is something to read, or to do: how much, and where. No word of it, no name, no level.

A mail is claimed before it is sent, by one conditional statement: whoever loses the race sends nothing, and a worker
that dies between the two leaves one mail out rather than sending it twice.
"""

from collections.abc import Iterator
from datetime import date, datetime

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from lrm.attempts import attempts
from paths.models import DigestChoice
from paths.models.digest import MONDAY, is_due, usual
from paths.services.data_check_ins import count_due, owe_soon
from paths.services.talks.reading import unread_of
from profiles.models import Account, District
from profiles.services.speaking import speaking_to

log = structlog.get_logger()

WEEK = 7
MORNING = 6
"""The hour of the district's day before which nobody is written to."""


def send_due(district: District, *, now: datetime) -> int:
    """Write to everybody in the district whose mail is due and who has something to read. Returns how many mails.

    now: by the district's clock. The caller has opened the district's scope.
    Raises NotAllDone, once all others are written to, where something went wrong with an account's; its next mail says
    as much.
    """
    if now.hour < MORNING:
        return 0
    sent, today = 0, now.date()
    owing = owe_soon(today, days=WEEK)
    with attempts("digest_failed") as attempt:
        for account, every in _due(district, today=today):
            with attempt(account=account.pk):
                if not claim(account, today=today):
                    continue
                unread, talks = unread_of(account)
                # Of what is due before the next mail comes; what is late is said once more.
                days = 1 if every == DigestChoice.Every.DAY else WEEK
                due = count_due(account, today, days=days) if account.pk in owing else 0
                if unread or due:
                    sent += _send(account, unread, talks, due)
    return sent


def claim(account: Account, *, today: date) -> bool:
    """Whether this call is the one that looks after the account's mail of today. One statement, also the first time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DigestChoice._meta.db_table} AS choice (account_id, every, weekday, looked_on)"
            " VALUES (%(account)s, %(every)s, %(weekday)s, %(today)s)"
            " ON CONFLICT (account_id) DO UPDATE SET looked_on = excluded.looked_on"
            " WHERE choice.looked_on IS NULL OR choice.looked_on < excluded.looked_on",
            {"account": account.pk, "every": usual(account), "weekday": MONDAY, "today": today},
        )
        return cursor.rowcount == 1


def choose(*, account: Account, every: str, weekday: int) -> DigestChoice:
    """How often, from now on. What was sent stays sent."""
    row, _is_new = DigestChoice.objects.update_or_create(account=account, defaults={"every": every, "weekday": weekday})
    return row


def _due(district: District, *, today: date) -> Iterator[tuple[Account, str]]:
    """Accounts with an address, with a choice or by default, whose day it is, and how often they are written to."""
    rows = Account.objects.filter(district=district, is_active=True, email__isnull=False).select_related(
        "digest_choice", "district"
    )
    for account in rows.order_by("pk"):
        choice = getattr(account, "digest_choice", None)
        every = choice.every if choice else usual(account)
        weekday = choice.weekday if choice else MONDAY
        if is_due(every=every, weekday=weekday, looked_on=choice.looked_on if choice else None, today=today):
            yield account, every


def _send(account: Account, unread: int, talks: int, due: int) -> int:
    """1 where the mail was handed over. One that is refused is logged, not tried again: the next one says as much."""
    with speaking_to(account):
        subject = ngettext("%(n)s new message in LRM", "%(n)s new messages in LRM", unread) % {"n": unread}
        if not unread:
            subject = ngettext("%(n)s thing is due in LRM", "%(n)s things are due in LRM", due) % {"n": due}
        facts = {
            "unread": unread,
            "talks": talks,
            "due": due,
            "url": settings.SITE_URL + reverse("talks"),
            "due_url": settings.SITE_URL + reverse("data_check_ins"),
            "off_url": settings.SITE_URL + reverse("digest"),
        }
        text = render_to_string("paths/mail/digest.txt", facts)
    try:
        return send_mail(subject, text, None, [str(account.email)])
    except OSError as error:  # of the mail server or the folder; SMTP errors are OSErrors too
        log.warning("digest not sent", account=account.pk, error=type(error).__name__)
        return 0
