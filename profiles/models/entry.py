"""The learner's profile in the learner's own words: dated, authored, revised with history, archived not deleted."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner


class ProfileEntryQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ProfileEntryQuerySet":
        """Entries of learners whom the account may see."""
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def current(self) -> "ProfileEntryQuerySet":
        """The newest wording of each entry that is not archived."""
        return self.filter(replaced_by__isnull=True, archived_at__isnull=True)


class ProfileEntry(models.Model):
    """A revision is a new row that replaces an old one; two tabs that revise the same row: one loses, and is told."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "text": "to teach from what the learner says of themselves",
            "author": "to know who said it",
            "created_at": "to know when it was true",
        },
        plain="id learner kind replaces archived_at",
    )

    class Kind(models.TextChoices):
        STRENGTH = "strength", _("I am good at")
        NEED = "need", _("Hard for me")
        INTEREST = "interest", _("I care about")
        MOTIVATION = "motivation", _("What gets me going")
        ASPIRATION = "aspiration", _("One day I want to")
        LEARNS_BEST = "learns_best", _("I learn best")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="profile_entries")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField(max_length=500)
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replaced_by")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ProfileEntryQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "kind"], name="profile_entry_learner")]
        ordering = ["created_at", "pk"]
