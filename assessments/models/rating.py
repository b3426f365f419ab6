"""What learners say about themselves on a standard: it stands beside the level and never moves it."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Learner
from standards.models import Standard


class SelfRatingQuerySet(models.QuerySet):
    def newest(self) -> "SelfRatingQuerySet":
        """The one that counts for each learner and standard; where its level is empty, it was taken back."""
        return self.order_by("learner_id", "standard_id", "-rated_at", "-pk").distinct("learner_id", "standard_id")


class SelfRating(models.Model):
    """A change is a new row, so the history is kept. Only the learner writes it; no computation reads it.

    level: 1 to the top of the district's scale; empty where the learner took the rating back.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "level": "to hear from the learners themselves where they see themselves",
            "words": "to hear why they see themselves there",
            "rated_at": "to know when it was true",
        },
        plain="id learner standard",
    )

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="self_ratings")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    level = models.SmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=280, blank=True)
    rated_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(SelfRatingQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "standard", "-rated_at"], name="self_rating_newest")]
