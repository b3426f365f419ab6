"""More people read a conversation than at its beginning: who, since when, and who wanted it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.talk import Talk
from profiles.models import Account


class TalkWidening(models.Model):
    """Asked for while neither `at` nor `declined_at` is set: only the learner answers then.

    after_message: id of the newest message at that time, where the page shows the line; no key, so that nothing holds
    a message in place. A talk is widened once to each, never back: who wants fewer readers begins a new one.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"by": "to say who let more people read"},
        plain="id talk to asked_at at declined_at after_message",
    )

    class To(models.TextChoices):
        TEACHERS = "teachers", _("all teachers")
        FAMILY = "family", _("the family")

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="widenings")
    to = models.CharField(max_length=8, choices=To.choices)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    after_message = models.BigIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["talk", "to"], name="talk_widening_once"),
            models.CheckConstraint(condition=Q(at=None) | Q(declined_at=None), name="talk_widening_one_answer"),
        ]
        ordering = ["pk"]
