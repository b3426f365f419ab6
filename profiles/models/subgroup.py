"""Groups of learners whose results an administrator may look at apart, once a purpose is declared for it.

A field about a person stays off until somebody says what it is for: there is no subgroup without a purpose, and with
the end of a subgroup the list of who is in it is deleted.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import DISTRICT, ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner

APART = "to see whether school works for learners of a group, for the purpose that the district has declared"


class SubgroupQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SubgroupQuerySet":
        """Declared subgroups with who is in them, for administrators of the district alone."""
        access = account.access
        if not access.is_district_admin:
            return self.none()
        return self.filter(district_id=access.district_id, ended_at__isnull=True)


class Subgroup(models.Model):
    """Declared once and ended, never changed: another purpose is another subgroup."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "declared_by": "to know who declared the purpose of the group",
            "ended_by": "to know who ended it",
        },
        plain="id uuid district title purpose declared_at listed_at ended_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="subgroups")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=60)
    purpose = models.CharField(max_length=300)
    declared_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    listed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(SubgroupQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "title"], condition=Q(ended_at__isnull=True), name="subgroup_title_once"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="subgroup_has_purpose"),
        ]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class SubgroupMember(models.Model):
    privacy = Privacy(
        about="learner", category="identity", keep=ENROLLED, personal={"subgroup": APART}, plain="id learner"
    )

    subgroup = models.ForeignKey(Subgroup, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="subgroup_members")

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subgroup", "learner"], name="subgroup_member_once")]
