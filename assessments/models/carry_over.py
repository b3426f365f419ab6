"""Results on standards of an older framework count on those of a newer one, because a person has said so."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import DISTRICT, NOBODY, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account
from standards.models import Framework, Standard


class CarryOverQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "CarryOverQuerySet":
        """Decisions of the district."""
        return self.filter(district_id=account.district_id)

    def in_force(self) -> "CarryOverQuerySet":
        return self.filter(undone_at__isnull=True)


class CarryOver(models.Model):
    """One decision. The ledger stays as it is: evidence keeps its standard, and counts elsewhere too while this stands.

    retired: whether the older framework was retired with it, and comes back where it is undone.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "confirmed_by": "to know who decided what counts where",
            "undone_by": "to know who took it back",
        },
        plain="id district origin into confirmed_at undone_at retired",
    )
    scope_field = "district"

    district = models.ForeignKey("profiles.District", on_delete=models.CASCADE, related_name="+")
    origin = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+")
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    retired = models.BooleanField(default=False, db_default=False)

    objects = ScopedManager.from_queryset(CarryOverQuerySet)()

    class Meta:
        ordering = ["-confirmed_at", "-pk"]
        indexes = [
            models.Index(fields=["district"], name="carry_over_in_force", condition=Q(undone_at__isnull=True)),
        ]


class CarriedPair(models.Model):
    """Results on `origin` count on `destination`. kind: the association by which, "" for a common identifier."""

    privacy = NOBODY
    scope_field = "carry_over__district"

    carry_over = models.ForeignKey(CarryOver, on_delete=models.CASCADE, related_name="pairs")
    origin = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    destination = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=255, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carry_over", "origin", "destination"], name="carried_pair_once")
        ]
