"""What was said in a conversation. It stays as it was said; what should not stand there is hidden, never deleted."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, SHARED, Privacy
from lrm.scope import ScopedManager
from paths.models.talk import Talk
from profiles.models import Account, Learner

TAKE_BACK = timedelta(minutes=15)
"""For so long its author can take a message back."""


class MessageQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "MessageQuerySet":
        """Messages of conversations that the account may read; of hidden ones only that they were there."""
        return self.filter(talk__in=Talk.objects.visible_to(account))

    def hideable_by(self, account: Account) -> "MessageQuerySet":
        """Messages that the account may hide.

        Any for administrators; those of learners and families for the teachers in the conversation; one's own for a
        quarter of an hour.
        """
        rows = self.filter(hidden_at=None)
        mine = Q(author=account, at__gt=timezone.now() - TAKE_BACK, talk__in=Talk.objects.open_to(account))
        mine |= Q(talk__learner__in=Learner.objects.administered_by(account), talk__has_record=True)
        taught = Q(talk__in=Talk.objects.open_to(account), talk__learner__in=Learner.objects.served_by(account))
        return rows.filter(mine | taught & ~Q(author__kind=Account.Kind.STAFF))


class Message(models.Model):
    """Nobody edits a message: others may have read and answered it. Its author takes it back, or writes another.

    uuid: that of the form, so that a double click is one message.
    hidden_at: from then on only administrators read its words, for the safety record.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "author": "to know who said it",
            "text": "to talk about learning",
            "hidden_by": "to know who hid it",
            "hidden_because": "to say why it is hidden",
        },
        plain="id uuid talk at hidden_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hidden_because = models.CharField(max_length=280, blank=True)

    objects = ScopedManager.from_queryset(MessageQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["talk", "id"], name="message_talk")]
        ordering = ["pk"]


class MessageReportQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "MessageReportQuerySet":
        """Reports that the account decides on.

        Administrators all of their learners'; teachers those of conversations that they are in, about words of a
        learner or a family: what is said about an adult of the school is not for that adult's colleagues.
        """
        rows = Q(message__talk__learner__in=Learner.objects.administered_by(account))
        rows |= Q(
            message__talk__in=Talk.objects.open_to(account),
            message__talk__learner__in=Learner.objects.served_by(account),
        ) & ~Q(message__author__kind=Account.Kind.STAFF)
        return self.filter(rows)

    def waiting(self) -> "MessageReportQuerySet":
        return self.filter(decided_at=None)


class MessageReport(models.Model):
    """Somebody told a grown-up about a message. One of each person and message."""

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "by": "to come back to whoever told us",
            "why": "to understand what happened",
            "decided_by": "to know who looked after it",
            "answer": "to say what was done about it",
        },
        plain="id message at decided_at outcome",
        export=SHARED,
    )

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("the message is hidden")
        KEPT = "kept", _("the message stays")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = ScopedManager.from_queryset(MessageReportQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "by"], name="message_report_once")]
        ordering = ["at", "pk"]
