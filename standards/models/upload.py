"""A CASE package that somebody sent and has not decided on yet, or that a worker takes over."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager

KEPT = timedelta(days=1)


class PackageUploadQuerySet(models.QuerySet):
    def visible_to(self, account) -> "PackageUploadQuerySet":
        """Whoever sent a file decides on it; nobody else opens it."""
        return self.filter(account=account, district_id=account.district_id)

    def waiting(self) -> "PackageUploadQuerySet":
        return self.filter(applied_at__isnull=True)

    def forget_old(self) -> None:
        """Drop files on which nobody has decided within a day, and rows of those that a worker has taken over."""
        self.filter(created_at__lt=timezone.now() - KEPT).delete()


class PackageUpload(models.Model):
    """job: the last one that was asked to take it over; applied_at: since when that is done and the data gone."""

    privacy = Privacy(
        about="staff",
        category="passing",
        keep=kept(1, "created_at", "one day, and until the night after it"),
        personal={"account": "to know who decides on the file"},
        plain="id uuid district name data job created_at applied_at",
    )
    scope_field = "district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey("profiles.District", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    data = models.BinaryField()
    job = models.ForeignKey("lrm.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PackageUploadQuerySet)()

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        return self.job is not None and not self.job.is_over
