"""Who is guardian of whom, between dates. Nothing is seen before the school has confirmed it."""

from django.db import models

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner


class Guardianship(models.Model):
    privacy = Privacy(
        about="guardian",
        keep=ENROLLED,
        personal={
            "account": "to let the family see the child's binder",
            "learner": "to let the family see the child's binder",
            "relation": "to name the person as the child does",
            "starts_on": "to have rights begin",
            "ends_on": "to have rights end at once when custody changes",
        },
        plain="id confirmed_at",
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="guardianships")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="guardianships")
    relation = models.CharField(max_length=50, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "learner"], name="guardianship_once")]
