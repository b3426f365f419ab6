"""What a learner wants to do on which day of the week: a step of a path, or words of their own."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.path import Step
from profiles.models import Account, Learner

WEEK = "to plan the learner's own week"


class WeekItemQuerySet(models.QuerySet):
    def editable_by(self, account: Account) -> "WeekItemQuerySet":
        """The learner's own: a week is planned by nobody else."""
        return self.filter(learner_id=account.access.learner_id)


class WeekItem(models.Model):
    """One thing on one day. A step stands on one day at most; `text` is "" for a step. `uuid` is that of the form."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"day": WEEK, "text": WEEK, "done_at": WEEK},
        plain="id uuid learner step created_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="week_items")
    day = models.DateField()
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.CASCADE, related_name="week_items")
    text = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(WeekItemQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step"], condition=models.Q(step__isnull=False), name="week_item_step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(step__isnull=False, text="") | models.Q(step__isnull=True) & ~models.Q(text=""),
                name="week_item_is_step_or_words",
            ),
        ]
        indexes = [models.Index(fields=["learner", "day"], name="week_item_learner")]
        ordering = ["day", "created_at", "pk"]
