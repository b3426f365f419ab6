"""Good news that a learner chose to show at home: private before, and again once it is taken back."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner
from standards.models import Standard

AT_HOME = "to show good news at home, where the learner wants it"


class ShownAtHomeQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ShownAtHomeQuerySet":
        """The learner's own, and what the learner shows to those who are confirmed as family today."""
        access = account.access
        mine = models.Q(learner_id=access.learner_id, learner__isnull=False)
        return self.filter(mine | models.Q(learner_id__in=access.ward_ids)).filter(taken_back_at=None)


class ShownAtHome(models.Model):
    """One rise of a level. on: the day of the rise. before, after: words of the levels, as they were then.

    words: the learner's own, "" without any.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"before": AT_HOME, "after": AT_HOME, "words": AT_HOME},
        plain="id learner standard on shown_at taken_back_at",
    )

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="shown_at_home")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    words = models.CharField(max_length=280, blank=True)
    shown_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ShownAtHomeQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "standard", "on"], name="shown_at_home_once")]
        ordering = ["-shown_at", "-pk"]
