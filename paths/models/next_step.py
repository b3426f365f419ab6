"""A suggested step that somebody has put aside for a learner."""

from django.db import models
from django.utils import timezone

from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager
from paths.models.path import PLAN
from profiles.models import Account, Learner
from standards.models import Standard


class DismissedStep(models.Model):
    """By its words and its standard, since a template that is written anew has new rows for the same steps."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=kept(366, "at", "one school year"),
        personal={"title": PLAN, "by": "to know who put it aside"},
        plain="id learner standard at",
    )
    scope_field = "learner__district"

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "title", "standard"], name="dismissed_step_once", nulls_distinct=False
            )
        ]
