"""Somebody objects to what a machine works out about a learner: kept with its days, and taken back by whoever may."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner


class ObjectionQuerySet(models.QuerySet):
    def standing(self) -> "ObjectionQuerySet":
        return self.filter(ended_at__isnull=True)


class Objection(models.Model):
    """While it stands, suggestions go on as if nothing were known about the learner (lrm/inferences.py)."""

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={
            "learner": "to leave the learner out of what a machine works out",
            "words": "to know what the objection is about",
            "raised_by": "to know who objected",
            "ended_by": "to know who took it back",
        },
        plain="id raised_at ended_at",
    )
    scope_field = "learner__district"

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="objections")
    words = models.CharField(max_length=280, blank=True)
    raised_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(ObjectionQuerySet)()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(ended_at__isnull=True), name="objection_once")
        ]


def objected(outer: str) -> Exists:
    """Whether an objection stands. outer: names the learner's id, in rows that are read anyway."""
    return Exists(Objection._base_manager.filter(learner=OuterRef(outer), ended_at__isnull=True))
