"""A rewording of a goal that somebody has typed and not saved yet."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, SHARED, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import OWN, Goal
from profiles.models import Account


class GoalEdit(models.Model):
    """Kept while it is typed, read by its author alone, gone once it is saved or thrown away.

    typed: {name of a field of the form: [values]} as they were sent.  version: of the goal that was being changed.
    """

    privacy = Privacy(
        about="learner",
        category="passing",
        keep=ENROLLED,
        personal={"typed": OWN, "author": "to give the words back to whoever typed them"},
        plain="id goal version at",
        export=SHARED,
    )

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="edits")
    author = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "author"], name="goal_edit_once")]
