"""How long a district keeps each kind of record after a learner has left, and what each night has taken away."""

from datetime import date

from django.db import models
from django.utils import timezone

from lrm.privacy import CATEGORIES, DISTRICT, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District

LEAST_DAYS, MOST_DAYS = 30, 36525


class RetentionPolicyQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "RetentionPolicyQuerySet":
        """Those that have begun, newest first."""
        return self.filter(starts_on__lte=on, withdrawn_at__isnull=True).order_by("-starts_on", "-pk")


class RetentionPolicy(models.Model):
    """Counts from its first day until the next one does; one that has not begun may be withdrawn. No row: as shipped.

    days: category -> days after leaving.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "created_by": "to know who decided how long records are kept",
            "withdrawn_by": "to know who took it back",
            "why": "to know later why it was decided",
        },
        plain="id district starts_on days created_at withdrawn_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="retention_policies")
    starts_on = models.DateField()
    days = models.JSONField()
    why = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(RetentionPolicyQuerySet)()

    class Meta:
        ordering = ["-starts_on", "-pk"]


def shipped_days() -> dict[str, int]:
    """What counts where a district has not decided."""
    return {key: category.days for key, category in CATEGORIES.items() if category.days is not None}


class RetentionRun(models.Model):
    """One night of one district. counts: label of a model -> rows that went; "learners": how many were erased.

    finished_at: empty where it was killed; the next one goes on, since what is gone is not found again.
    """

    privacy = Privacy(about="nobody", plain="id district day begun_at finished_at counts")
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="retention_once_a_night")]
