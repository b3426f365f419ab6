"""Who looked at whose records, when, and by which page."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from lrm.privacy import CUT, SHARED, Privacy, kept
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District


class AccessLog(models.Model):
    """Written by middleware, one row an answer; read by guardians and administrators.

    The table is made of months (migration 0033, services/access_log_months.py), so the key of the database is (id, at):
    no foreign key can point here.
    """

    merging = "stays"  # see profiles/services/merging.py
    privacy = Privacy(
        about="account",
        category="logs",
        keep=kept(366, "at", "one school year, and then with its whole month"),
        personal={
            "account": "to answer a family that asks who looked",
            "learner_ids": "to answer a family that asks who looked",
            "at": "to answer a family that asks who looked",
        },
        plain="id district route",
        export=SHARED,
        erase=CUT,
    )
    scope_field = "district"

    at = models.DateTimeField(default=timezone.now)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=100)
    learner_ids = ArrayField(models.BigIntegerField())

    objects = ScopedManager()

    class Meta:
        indexes = [GinIndex(fields=["learner_ids"], name="access_log_learners")]
