"""Goals that a teacher keeps for later in the review queue."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import Goal
from profiles.models import Account


class ReviewLater(models.Model):
    """One teacher's own order of work: the goal goes on waiting, for colleagues as before.

    It comes back by itself when the goal is changed or somebody else says something to it (Goal.updated_at).
    """

    privacy = Privacy(
        about="staff",
        category="passing",
        keep=RECORD,
        personal={"account": "to keep the goal for whoever wants to read it later"},
        plain="id goal at act",
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    act = models.UUIDField(default=uuid.uuid4)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "goal"], name="review_later_once")]
