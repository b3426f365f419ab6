"""Two rows that were one child, made one: what was moved, so that it can be taken apart again."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner


class LearnerMergeQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "LearnerMergeQuerySet":
        """Merges of learners whom the account administers, both of them."""
        mine = Learner.objects.administered_by(account)
        return self.filter(kept__in=mine, merged__in=mine)

    def standing(self) -> "LearnerMergeQuerySet":
        return self.filter(undone_at=None)


class LearnerMerge(models.Model):
    """`merged` stays as an empty row, so that its ids still lead somewhere; everything that hung on it is `kept`'s.

    moved: "app.Model.field" -> primary keys of the rows that changed hands.    apart: the same, of those that could
    not, because `kept` had one of its own.    before: what was changed on the two learners and their accounts.
    """

    merging = "stays"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="identity",
        keep=ENROLLED,
        personal={
            "kept": "to find the child under both of its ids",
            "merged": "to find the child under both of its ids",
            "before": "to take the two apart again where it was a mistake",
            "by": "to know whom to ask about it",
            "undone_by": "to know whom to ask about it",
        },
        plain="id uuid district at moved apart undone_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    kept = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="merged_away")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    moved = models.JSONField(default=dict)
    apart = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(LearnerMergeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="learner_merged_once"
            )
        ]
        ordering = ["-at", "-pk"]
