"""What a learner gets to show what they can do: extra time, reading aloud, another language."""

import uuid

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner

HELP = "to give the learner the help that was agreed"


class SupportQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SupportQuerySet":
        """Supports of learners whom the account may see: staff, the family and the learner. Never classmates."""
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def editable_by(self, account: Account) -> "SupportQuerySet":
        """Entered and ended by staff who teach the learner, other than as a substitute, or administer."""
        return self.filter(learner__in=Learner.objects.noted_by(account))

    def on(self, day) -> "SupportQuerySet":
        """In force on that day; the last day counts."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Support(models.Model):
    """Entered by staff and agreed with the family. It is ended, never deleted: its last day is `ends_on`.

    agreed_with: who of the family said yes, as staff wrote it; "" and agreed_on None while it is not agreed yet.
    """

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={
            "kind": HELP,
            "text": HELP,
            "agreed_with": "to know that the family agreed",
            "entered_by": "to know whom to ask about it",
            "ended_by": "to know whom to ask about it",
        },
        plain="id uuid learner agreed_on starts_on ends_on created_at",
    )

    class Kind(models.TextChoices):
        EXTRA_TIME = "extra_time", _("Extra time")
        READ_ALOUD = "read_aloud", _("Read aloud")
        LANGUAGE = "language", _("Language")
        OTHER = "other", _("Other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    agreed_with = models.CharField(max_length=100, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(SupportQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="support_ends_after"
            )
        ]
        indexes = [models.Index(fields=["learner"], name="support_learner")]
        ordering = ["starts_on", "pk"]

    @property
    def words(self) -> str:
        return support_words({"kind": self.kind, "text": self.text})


def support_words(row: dict) -> str:
    """ "Extra time: 15 minutes more"; row: kind and text."""
    label = str(Support.Kind(row["kind"]).label)
    return f"{label}: {row['text']}" if row["text"] else label


def supports_of(outer: str, *, on) -> ArraySubquery:
    """To annotate rows that are read anyway: what is in force on that day. outer: names their learner's id."""
    rows = Support.objects.filter(learner=OuterRef(outer)).on(on).order_by("starts_on", "pk")
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", text="text")))


def said(rows) -> str:
    """In one line, for the title of the quiet mark; "" without any."""
    return "; ".join(support_words(row) for row in rows or ())
