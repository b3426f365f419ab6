"""Beginnings of sentences that help to write a goal: the district's own, where it has some."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, District


class StarterSet(models.Model):
    """What the district put in place of the beginnings that LRM brings (paths/starter_words.py), one a line."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"changed_by": "to know whom to ask about these words"},
        plain="id district band part lines changed_at",
    )
    scope_field = "district"

    class Band(models.TextChoices):
        K2 = "k2", _("Kindergarten to Grade 2")
        G35 = "g35", _("Grades 3 to 5")
        G68 = "g68", _("Grades 6 to 8")
        G912 = "g912", _("Grades 9 to 12")

    class Part(models.TextChoices):
        WHAT = "what", _("My goal")
        WHY = "why", _("Why it matters to me")
        DONE_WHEN = "done_when", _("I am done when")
        REFLECT = "reflect", _("What helped me")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    band = models.CharField(max_length=4, choices=Band.choices)
    part = models.CharField(max_length=9, choices=Part.choices)
    lines = models.TextField(max_length=2000)
    changed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "band", "part"], name="starter_set_once")]
