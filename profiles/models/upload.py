"""A file that somebody sent and has not decided on yet; afterwards only what it did."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import CUT, Privacy, kept, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District

KEPT = timedelta(days=1)


class UploadQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "UploadQuerySet":
        """Whoever sent a file decides on it; nobody else opens it."""
        return self.filter(account=account, district_id=account.district_id)

    def waiting(self) -> "UploadQuerySet":
        return self.filter(applied_at__isnull=True, data__isnull=False)

    def forget_old(self) -> None:
        """Drop the content of files on which nobody has decided within a day; one that is worked on is decided on."""
        old = self.filter(created_at__lt=timezone.now() - KEPT, data__isnull=False)
        old.exclude(job__isnull=False, job__finished_at__isnull=True).update(
            data=None, decisions={}, checked=None, report=None
        )


class Upload(models.Model):
    """`decisions`: how to read it, repairs, lines left out. `summary`: counts of what it changed; no names.

    checked: what the page shows before anything changes, as the job that looked has left it. report: all of it as CSV,
    packed with gzip. job: the last work on the file.
    """

    privacy = Privacy(
        about="learner",
        category="passing",
        keep=kept(30, "created_at", "its content one day; what it changed, as counts, 30 days"),
        personal={
            "account": "to know who decides on the file",
            "name": "to recognize the file",
            "data": "to check the file before anything changes",
            "decisions": "to put single lines right before anything changes",
            "checked": "to show what would change",
            "report": "to take what would change along as a file",
        },
        plain="id uuid district kind summary job created_at applied_at",
        export=withheld("it is a file of the office with many children, and goes after a day"),
        erase=CUT,
    )
    scope_field = "district"

    class Kind(models.TextChoices):
        ROSTER = "roster", _("roster")
        RESULTS = "results", _("results")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="uploads")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=255)
    data = models.BinaryField(null=True)
    decisions = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    checked = models.JSONField(null=True, blank=True)
    report = models.BinaryField(null=True)
    job = models.ForeignKey("lrm.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(UploadQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["district", "kind", "-created_at"], name="upload_newest")]

    def __str__(self) -> str:
        return self.name
