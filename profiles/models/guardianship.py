"""Who is guardian of whom, between dates. Nothing is seen before the school has confirmed it."""

from django.db import models

from lrm.privacy import DELETED, ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner


class GuardianshipQuerySet(models.QuerySet):
    def administered_by(self, account: Account) -> "GuardianshipQuerySet":
        """Of learners of the schools that the account administers."""
        return self.filter(learner__in=Learner.objects.administered_by(account))


class Guardianship(models.Model):
    """A guardian reads while it is confirmed and a day of it is on, and not a request longer.

    `ended_by` has taken it back; one that only came to its last day has nobody there. One row a guardian and child:
    begun again it keeps its row, with new dates.
    """

    privacy = Privacy(
        about="guardian",
        category="classes",
        keep=ENROLLED,
        personal={
            "account": "to let the family see the child's binder",
            "learner": "to let the family see the child's binder",
            "relation": "to name the person as the child does",
            "starts_on": "to have rights begin",
            "ends_on": "to have rights end at once when custody changes",
            "invited_by": "to know whom to ask",
            "confirmed_by": "to know who at the school has looked at the papers",
            "ended_by": "to know whom to ask",
        },
        plain="id invited_at confirmed_at",
        erase=DELETED,
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="guardianships")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="guardianships")
    relation = models.CharField(max_length=50, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(GuardianshipQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "learner"], name="guardianship_once")]
