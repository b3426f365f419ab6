"""Two learners whom somebody knows to be two, so that they are not taken for one again."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner


class ToldApartQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ToldApartQuerySet":
        """Pairs of learners whom the account administers, both of them."""
        mine = Learner.objects.administered_by(account)
        return self.filter(one__in=mine, other__in=mine)


class ToldApart(models.Model):
    """`one` has the smaller primary key, so that a pair stands once whichever way round it was shown."""

    merging = "stays"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="identity",
        keep=ENROLLED,
        personal={
            "one": "to tell the child from another one of the same name",
            "other": "to tell the child from another one of the same name",
            "by": "to know whom to ask about it",
        },
        others="other",
        plain="id uuid district at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    one = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(ToldApartQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="learners_told_apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="learners_told_apart_in_order"),
        ]
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.one} / {self.other}"
