"""The name under which a learner's good news may stand on the class screen: chosen by the learner, never computed."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.learner import Learner


class ScreenName(models.Model):
    """The row is the consent: without one a learner is only counted. Two keys of words that the page offers.

    Nothing is typed, so that no real name gets onto a wall by this way. Taking it back deletes the row.
    """

    privacy = Privacy(
        about="learner",
        category="identity",
        keep=ENROLLED,
        personal={
            "animal": "to tell the class good news without a name, where the learner wants it",
            "place": "to tell the class good news without a name, where the learner wants it",
            "chosen_at": "to know since when the learner wants it",
        },
        plain="learner",
    )

    learner = models.OneToOneField(Learner, primary_key=True, on_delete=models.CASCADE, related_name="screen_name")
    animal = models.CharField(max_length=16)
    place = models.CharField(max_length=16)
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()
