"""One piece of long work that somebody has asked for."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOT_A_LEARNER, Privacy, kept
from lrm.scope import ScopedManager


class JobQuerySet(models.QuerySet):
    def visible_to(self, account: Any) -> "JobQuerySet":
        """Of administrators of the district: whatever anybody has asked for. Others see theirs where they asked."""
        access = account.access
        return self.filter(district_id=access.district_id) if access.is_district_admin else self.none()


class Job(models.Model):
    """`done` of `total` is how far it is, in units that the kind chooses; total 0: not known yet.

    message: what is being done; error: why it failed and what to do; both in the words of whoever asked.
    tries: how often it was begun. params and result: of the kind; no names of people in them.
    """

    privacy = Privacy(
        about="account",
        category="passing",
        keep=kept(30, "finished_at", "30 days after its end"),
        personal={"started_by": "to know whom to tell how it went"},
        plain="id uuid district kind state done total message error language params result tries created_at"
        " begun_at finished_at",
        export=NOT_A_LEARNER,
    )
    scope_field = "district"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey("profiles.District", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(JobQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(state__in=["waiting", "running"]), name="job_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.STOPPED)

    @property
    def percent(self) -> int:
        """0 to 100; 0 where the total is not known."""
        return min(100, 100 * self.done // self.total) if self.total else 0
