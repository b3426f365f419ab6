"""Goals that a teacher writes once and offers to many, as drafts that each learner makes their own."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account
from standards.models import Standard


class GoalTemplateQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "GoalTemplateQuerySet":
        """One's own, and those that colleagues of the district share."""
        return self.filter(models.Q(author_id=account.pk) | models.Q(is_shared=True, archived_at=None))

    def editable_by(self, account: Account) -> "GoalTemplateQuerySet":
        return self.filter(author_id=account.pk)


class GoalTemplate(models.Model):
    """Words for a goal, about nobody. `steps` holds texts in order. `days`: until when, counted from the offer."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"author": "to know who wrote it"},
        plain="id uuid what why done_when steps days is_shared created_at updated_at archived_at version",
        of_school="author",
    )
    scope_field = "author__district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=280)
    why = models.CharField(max_length=500, blank=True)
    done_when = models.TextField(max_length=1000, blank=True)
    steps = models.JSONField(default=list, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    standards = models.ManyToManyField(Standard, blank=True, related_name="+")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(GoalTemplateQuerySet)()

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.what
