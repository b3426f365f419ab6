"""Where a district has told to be told of changes, and what is to be told there: an outbox, a row for each telling."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from lrm.sealed import SealedField
from profiles.models.account import Account
from profiles.models.district import District


class Event(models.TextChoices):
    """What can be told. A message holds ids and never a name or a score: who may know more asks the API."""

    EVIDENCE_RECORDED = "evidence.recorded", _("Results were recorded")
    MASTERY_CHANGED = "mastery.changed", _("Levels that are shown have changed")
    GROUP_ACCEPTED = "group.accepted", _("Suggested groups were accepted")
    GROUP_CHANGED = "group.changed", _("A group that is on was changed")
    GROUP_CLOSED = "group.closed", _("Groups were closed")


PING = "ping"
"""The event of a test, which goes to its address whatever events were chosen."""


class WebhookQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "WebhookQuerySet":
        """Those of the district, to its administrators."""
        access = account.access
        return self.filter(district_id=access.district_id) if access.is_district_admin else self.none()


class Webhook(models.Model):
    """secret, old_secret: what messages are signed with, sealed; the old one too, until old_secret_until.

    failing_since: of the first try that failed after the last one that did not; null while all is well.
    off_because: "" while it is on.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"made_by": "to know whom to ask about it, and whom to write to when it fails"},
        plain="id district name address events secret old_secret old_secret_until failing_since off_because created_at",
    )
    scope_field = "district"

    class Off(models.TextChoices):
        PAUSED = "paused", _("paused")
        FAILED = "failed", _("switched off: it could not be reached for days")
        GONE = "gone", _("switched off: the address said that it is gone")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=100)
    address = models.URLField(max_length=500)
    events = ArrayField(models.CharField(max_length=32, choices=Event.choices))
    secret = SealedField()
    old_secret = SealedField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    off_because = models.CharField(max_length=8, choices=Off.choices, blank=True)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(WebhookQuerySet)()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="webhook_name_once")]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One message to one address, written in the transaction of the change that it tells of.

    message: the same on every try, so that a receiver who got it twice knows.    due_at: of the next try.
    status: of the last answer, null where there was none.    said: why the last try failed, in one word or two.
    """

    privacy = Privacy(
        about="nobody", plain="id webhook message event data state tries created_at due_at status said delivered_at"
    )
    scope_field = "webhook__district"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    event = models.CharField(max_length=32)
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=200, default="", db_default="", blank=True)
    delivered_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="webhook_delivery_due"),
            models.Index(fields=["webhook", "-id"], name="webhook_delivery_newest"),
        ]
