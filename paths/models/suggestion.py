"""A teacher's word on what is suggested beside a profile: pinned, or hidden, with a reason."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner
from standards.models import Standard


class SuggestionMarkQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SuggestionMarkQuerySet":
        """Marks about learners whom the account may see: who hides or pins something says so to all of them."""
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def editable_by(self, account: Account) -> "SuggestionMarkQuerySet":
        return self.filter(learner__in=Learner.objects.served_by(account))

    def standing(self) -> "SuggestionMarkQuerySet":
        return self.filter(lifted_at=None)


class SuggestionMark(models.Model):
    """About one standard of one learner; a new one replaces the one that stands, which is lifted and kept."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "act": "to suggest what helps, and nothing else",
            "reason": "to say why",
            "by": "to know whom to ask about it",
        },
        plain="id learner standard at lifted_at",
    )

    class Act(models.TextChoices):
        PINNED = "pinned", _("pinned")
        HIDDEN = "hidden", _("hidden")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=6, choices=Act.choices)
    reason = models.CharField(max_length=280)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(SuggestionMarkQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "standard"], condition=Q(lifted_at__isnull=True), name="suggestion_mark_one"
            )
        ]
        ordering = ["-at", "-pk"]
