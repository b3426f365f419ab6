"""The school's own words on goals, levels and trying again, and who has read them."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ACCOUNT, RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, District, School


class WhyText(models.Model):
    """One wording, for a school or for the whole district (school is None); the newest one is in force.

    Older ones stay as the history. An empty one gives the words back to the district, or to LRM (paths/why_words.py).
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"by": "to know whom to ask about these words"},
        plain="id district school goals levels trying at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    goals = models.TextField(max_length=2000, blank=True)
    levels = models.TextField(max_length=2000, blank=True)
    trying = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["district", "school", "-at"], name="why_text_newest")]
        ordering = ["-at", "-pk"]

    @property
    def is_empty(self) -> bool:
        return not (self.goals or self.levels or self.trying)


class WhyRead(models.Model):
    """A person has put the page aside once; it is not shown at sign-in again."""

    privacy = Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={"account": "to show the page once"},
        plain="id at",
    )
    scope_field = "account__district"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()
