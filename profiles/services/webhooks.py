"""Telling other systems of changes: registering an address, and writing the rows that are delivered from.

A message is a row for each address that wants its event, inserted in the transaction of the change by one statement,
which inserts nothing where nobody wants it.
"""

import base64
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lrm.sealed import seal
from profiles.models import Account, Webhook, WebhookDelivery
from profiles.models.webhook import PING

log = structlog.get_logger()

MOST_IDS = 500
"""In one message; more go into several."""
MARK = "whsec_"
BOTH = timedelta(days=1)
"""How long messages are signed with the secret before, too."""
AT_ONCE = timedelta(minutes=10)
"""A secret that is followed so soon by another one was asked for twice, or lost before it was copied."""

TELL = """
INSERT INTO profiles_webhookdelivery (webhook_id, event, data)
SELECT w.id, %(event)s, d FROM profiles_webhook w, unnest(%(data)s::jsonb[]) d
 WHERE w.district_id = %(district)s AND w.off_because = '' AND %(event)s = ANY (w.events)
"""


class NameTaken(ValueError):
    """Another webhook of the district has got this name in the same moment."""


def tell(event: str, *, district_id: int, data: Iterable[dict[str, Any]]) -> None:
    """Write a message of each data for everybody in the district who wants the event. One statement, or none."""
    messages = [json.dumps(each) for each in data]
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(TELL, {"event": str(event), "district": district_id, "data": messages})


def in_parts(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """As many as go into one message."""
    return (ids[at : at + MOST_IDS] for at in range(0, len(ids), MOST_IDS))


def make_webhook(*, name: str, address: str, events: Iterable[str], by: Account) -> tuple[Webhook, str]:
    """(the webhook, its secret): nobody is told the second one again.    address: one that lrm.outgoing takes.

    Raises NameTaken.
    """
    secret = _new_secret()
    with _named_once():
        made = Webhook.objects.create(
            district_id=by.district_id,
            name=name,
            address=address,
            events=sorted(set(events)),
            secret=seal(secret),
            made_by=by,
        )
    log.info("webhook made", webhook=made.pk, by=by.pk)
    return made, secret


@transaction.atomic
def change_webhook(*, webhook: Webhook, name: str, address: str, events: Iterable[str], by: Account) -> None:
    """From now on; what waits goes to the new address, under the secret that stands. At another one all begins well.

    Raises NameTaken.
    """
    locked = Webhook.objects.select_for_update(of=["self"]).get(pk=webhook.pk)
    if locked.address != address:
        locked.failing_since = None
    locked.name, locked.address, locked.events = name, address, sorted(set(events))
    with _named_once():
        locked.save(update_fields=["name", "address", "events", "failing_since"])
    log.info("webhook changed", webhook=webhook.pk, by=by.pk)


def ping(*, webhook: Webhook) -> WebhookDelivery:
    """A message that says nothing, to see whether it arrives."""
    return WebhookDelivery.objects.create(webhook=webhook, event=PING, data={})


@transaction.atomic
def turn_secret(*, webhook: Webhook, by: Account) -> str:
    """A new secret; for a day messages are signed with both, so that the receiver can change over.

    Asked for twice at once, the second takes the place of the first: the receiver still has the one before both.
    """
    locked = Webhook.objects.select_for_update(of=["self"]).get(pk=webhook.pk)
    secret, until = _new_secret(), locked.old_secret_until
    if until is None or until - BOTH + AT_ONCE < timezone.now():
        locked.old_secret, locked.old_secret_until = locked.secret, timezone.now() + BOTH
    locked.secret = seal(secret)
    locked.save(update_fields=["secret", "old_secret", "old_secret_until"])
    log.info("webhook secret turned", webhook=webhook.pk, by=by.pk)
    return secret


@transaction.atomic
def switch(*, webhook: Webhook, on: bool, by: Account) -> None:
    """Pause it, or send again: from now on, and what still waits. What happened meanwhile is not made up for."""
    off = "" if on else Webhook.Off.PAUSED
    Webhook.objects.filter(pk=webhook.pk).update(off_because=off, failing_since=None)
    log.info("webhook switched", webhook=webhook.pk, on=on, by=by.pk)


def deliver_again(*, delivery: WebhookDelivery) -> None:
    """Send a message once more, at once, with its old identifier; the tries begin anew."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=WebhookDelivery.State.WAITING, tries=0, due_at=timezone.now(), delivered_at=None
    )


@contextmanager
def _named_once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameTaken from error


def _new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()
