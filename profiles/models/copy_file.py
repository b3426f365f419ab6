"""The file of a copy of everything about somebody: a worker makes it, and it lies there for a week."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

FILE_FOR = timedelta(days=7)
"""How long the file can be fetched once it is made."""


class CopyFile(models.Model):
    """size: in bytes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    job = models.ForeignKey("lrm.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    stored = models.UUIDField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def file_until(self) -> datetime | None:
        """None while there is no file."""
        return self.made_at + FILE_FOR if self.made_at and self.stored else None

    @property
    def has_file(self) -> bool:
        return self.file_until is not None and timezone.now() < self.file_until
