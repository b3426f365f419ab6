"""A printed square that signs one young learner in, and devices that it may be scanned with."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy, kept
from lrm.scope import ScopedManager
from lrm.sealed import SealedField
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner
from profiles.models.roster import Enrollment, Roster


class BadgeQuerySet(models.QuerySet):
    def editable_by(self, account: Account) -> "BadgeQuerySet":
        """Of learners who are today on a class list that the account may change."""
        rosters = Roster.objects.editable_by(account)
        today = Enrollment.objects.on(timezone.localdate()).of_learners()
        return self.filter(Exists(today.filter(learner_id=OuterRef("learner_id"), roster__in=rosters)))


class Badge(models.Model):
    """key: half of what the square holds.    rest: the other half, sealed, so that the square can be printed again.
    digest: of both, to know it by where the seal cannot be opened, and without opening it.

    last_used_on: a day of the district's calendar; null: never used.
    """

    privacy = Privacy(
        about="learner",
        category="identity",
        keep=ENROLLED,
        personal={
            "learner": "to sign in without typing",
            "last_used_on": "to find badges that are lost",
            "made_by": "to know whom to ask",
            "revoked_by": "to know whom to ask",
        },
        plain="id key rest digest made_at revoked_at",
        hidden="key rest digest",
    )
    scope_field = "learner__district"

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="badges")
    key = models.CharField(max_length=16, unique=True, editable=False)
    rest = SealedField(default="", db_default="", blank=True)
    digest = models.CharField(max_length=64, default="", db_default="", blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_used_on = models.DateField(null=True, blank=True)

    objects = ScopedManager.from_queryset(BadgeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(revoked_at__isnull=True), name="badge_once")
        ]


class DeviceQuerySet(models.QuerySet):
    def administered_by(self, account: Account) -> "DeviceQuerySet":
        return self.filter(district_id=account.district_id)


class Device(models.Model):
    """A browser that belongs to the school, by a cookie; key: what the cookie names."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=kept(366, "revoked_at", "until it is taken off the list, then one school year"),
        personal={"registered_by": "to know whom to ask"},
        plain="id district key name registered_at revoked_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="devices")
    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(max_length=100)
    registered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(DeviceQuerySet)()

    class Meta:
        ordering = ["name", "pk"]
