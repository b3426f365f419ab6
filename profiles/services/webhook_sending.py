"""Sending the messages that are due: claimed by a lease, sent by threads outside any transaction, noted one by one.

Signed as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature): a receiver takes any library of it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm import outgoing
from lrm.attempts import attempts
from lrm.scope import unscoped
from lrm.sealed import SealBroken, unseal
from profiles.models import Account, AdminRole, Webhook, WebhookDelivery
from profiles.services.speaking import speaking_to
from profiles.services.webhooks import MARK

log = structlog.get_logger()
State = WebhookDelivery.State

MOST = 32
MOST_OF_ONE = 4
"""At once to one address: a slow one holds up nobody else."""
LEASE = timedelta(minutes=2)
WAITS = [timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)]
WAITS += [timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)]
"""After the first try, the second ..; after the last of them a message is given up."""
UNSIGNED = "no key to sign with"
GIVEN_UP_AFTER = timedelta(days=3)
"""Without any success in between, an address is switched off."""
KEPT = timedelta(days=30)

CLAIM = """
WITH due AS (
  SELECT d.id, row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at, d.id) AS place
    FROM profiles_webhookdelivery d JOIN profiles_webhook w ON w.id = d.webhook_id
   WHERE d.state = 'waiting' AND d.due_at <= %(now)s AND w.off_because = ''),
mine AS (
  SELECT d.id FROM profiles_webhookdelivery d JOIN due ON due.id = d.id
   WHERE due.place <= %(most_of_one)s AND d.state = 'waiting' AND d.due_at <= %(now)s
   ORDER BY due.place, d.id LIMIT %(most)s FOR UPDATE OF d SKIP LOCKED)
UPDATE profiles_webhookdelivery d SET due_at = %(until)s, tries = d.tries + 1 FROM mine WHERE d.id = mine.id
RETURNING d.id
"""


def send_due(*, now: datetime | None = None) -> int:
    """Send what is due, of every district. Returns how many messages were tried; 0: nothing is due."""
    with unscoped("messages of every district are sent by one worker"):
        now = now or timezone.now()
        claimed = _claim(now)
        if not claimed:
            return 0
        # Threads only send: what each has to say is read before, what came of it is noted after.
        requests = [_request(delivery, now) for delivery in claimed]
        with ThreadPoolExecutor(max_workers=8) as threads:
            answers = list(threads.map(_send, requests))
        with attempts("webhook_not_noted") as attempt:
            for delivery, (status, said) in zip(claimed, answers, strict=True):
                with attempt(delivery=delivery.pk):
                    _note(delivery, status, said, now)
        return len(claimed)


def forget_old(*, now: datetime | None = None) -> int:
    """Messages go after a month, whatever became of them. Returns how many went."""
    with unscoped("messages of every district age alike"):
        return WebhookDelivery.objects.filter(created_at__lt=(now or timezone.now()) - KEPT).delete()[0]


def sign(secret: str, *, message: str, at: int, body: bytes) -> str:
    """ "v1,…" over "message.at.body".    secret: as it was shown, with its mark."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _claim(now: datetime) -> Sequence[WebhookDelivery]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "most": MOST, "most_of_one": MOST_OF_ONE})
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(WebhookDelivery.objects.filter(pk__in=ids).select_related("webhook").order_by("pk"))


def _request(delivery: WebhookDelivery, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    """(address, body, headers)."""
    webhook, message, at = delivery.webhook, f"msg_{delivery.message.hex}", int(now.timestamp())
    told = {"type": delivery.event, "timestamp": delivery.created_at.isoformat(), "data": delivery.data}
    body = json.dumps(told).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "LRM",
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(
            sign(secret, message=message, at=at, body=body) for secret in _secrets(webhook, now)
        ),
    }
    return webhook.address, body, headers


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    """What to sign with; none where SECRET_KEY was changed and nothing opens them any more."""
    sealed = [webhook.secret]
    if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > now:
        sealed.append(webhook.old_secret)
    opened = []
    for each in sealed:
        with suppress(SealBroken):
            opened.append(unseal(each))
    return opened


def _send(request: tuple[str, bytes, dict[str, str]]) -> tuple[int | None, str]:
    """(status, why it failed): status None where nobody answered, "" where it was taken."""
    address, body, headers = request
    if not headers["webhook-signature"]:
        return None, UNSIGNED
    try:
        status = outgoing.post(outgoing.find_target(address), body, headers)
    except outgoing.AddressRefused as refused:
        return None, f"address: {refused.code}"
    except outgoing.Unreachable as error:
        return None, error.said
    return status, "" if 200 <= status < 300 else f"answered {status}"


@transaction.atomic
def _note(delivery: WebhookDelivery, status: int | None, said: str, now: datetime) -> None:
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    if not said:
        rows.update(state=State.DELIVERED, status=status, said="", delivered_at=now)
        Webhook.objects.filter(pk=delivery.webhook_id, failing_since__isnull=False).update(failing_since=None)
        return
    log.info("webhook not delivered", webhook=delivery.webhook_id, delivery=delivery.pk, said=said)
    if delivery.tries > len(WAITS):
        rows.update(state=State.GIVEN_UP, status=status, said=said[:200])
    else:
        rows.update(due_at=now + WAITS[delivery.tries - 1], status=status, said=said[:200])
    standing = Webhook.objects.select_for_update(of=["self"]).select_related("made_by", "district")
    webhook = standing.filter(pk=delivery.webhook_id).first()
    if webhook is None or webhook.off_because:  # removed or switched off while the message was under way
        return
    if status == HTTPStatus.GONE:
        _switch_off(webhook, Webhook.Off.GONE)
    elif webhook.failing_since is None:
        webhook.failing_since = now
        webhook.save(update_fields=["failing_since"])
    elif now - webhook.failing_since >= GIVEN_UP_AFTER:
        _switch_off(webhook, Webhook.Off.FAILED)


def _switch_off(webhook: Webhook, because: str) -> None:
    """Nothing is sent there until a person switches it on. Whoever registered it is written to; where they
    administer the district no longer, those who do.
    """
    webhook.off_because = because
    webhook.save(update_fields=["off_because"])
    log.warning("webhook switched off", webhook=webhook.pk, because=because)
    for to in _who_looks_after(webhook):
        transaction.on_commit(partial(_write_to, webhook, to), robust=True)


def _who_looks_after(webhook: Webhook) -> list[Account]:
    today = timezone.localdate(timezone=ZoneInfo(webhook.district.time_zone))
    lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    roles = AdminRole.objects.filter(lasts, kind=AdminRole.Kind.DISTRICT, starts_on__lte=today)
    people = Account.objects.filter(
        pk__in=roles.values("account"), district=webhook.district_id, kind=Account.Kind.STAFF, is_active=True
    )
    reached = [account for account in people.order_by("pk") if account.email]
    return [account for account in reached if account.pk == webhook.made_by_id] or reached


def _write_to(webhook: Webhook, to: Account) -> None:
    with speaking_to(to):
        said = _("LRM could not deliver messages to the webhook “%(name)s” and sends none there any more.")
        more = _("Look at its page, mend what is wrong, and switch it on again:")
        subject = _("A webhook is switched off: %(name)s") % {"name": webhook.name}
        link = settings.SITE_URL + reverse("webhook", args=[webhook.pk])
        send_mail(subject, f"{said % {'name': webhook.name}}\n\n{more}\n{link}\n", None, [str(to.email)])
