"""Erasing a person: who asked, who agreed, and, once it is done, a receipt that names nobody. And what must not go."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import DISTRICT, RECORD, Path, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner

WAITING_DAYS = 7
"""Until then a second administrator has to agree; afterwards whoever asked may do it alone."""


class ErasureQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ErasureQuerySet":
        """Those of the district, for those who administer it."""
        access = account.access
        return self.filter(district_id=access.district_id) if access.is_district_admin else self.none()

    def open(self) -> "ErasureQuerySet":
        return self.filter(done_at__isnull=True, stopped_at__isnull=True)


class Erasure(models.Model):
    """Of a learner or of an adult (`account`), who is no longer here once it is done: `learner_uuid` or `account_uuid`
    names nobody then, and tells a restored backup whom to erase.

    why: as whoever asked wrote it; emptied with the erasure. alone_from: the first day on which nobody has to agree.
    by_retention: asked for by the district's time of keeping, by nobody in person.
    counts: label of a model -> how many rows went, or stay without a name.
    """

    merging = "stays"  # nobody has asked to erase the child that the row is made one with
    privacy = Privacy(
        about="learner",
        category="running",
        keep=DISTRICT,
        personal={
            "learner": "to know who is to be erased, until it is done",
            "account": "to know who is to be erased, until it is done",
            "why": "to know why somebody is to be erased, until it is done",
            "asked_by": "to know who asked for it",
            "agreed_by": "to know who agreed",
            "stopped_by": "to know who stopped it",
        },
        plain="id uuid district learner_uuid account_uuid by_retention asked_at alone_from agreed_at stopped_at job"
        " done_at counts",
        ways="learner",
        erase=Path("kept", "stays as the receipt: days and counts, no name and no reason"),
    )
    scope_field = "district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(Learner, null=True, on_delete=models.SET_NULL, related_name="erasures")
    learner_uuid = models.UUIDField(null=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    account_uuid = models.UUIDField(null=True)
    by_retention = models.BooleanField(default=False)
    why = models.CharField(max_length=280, blank=True)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    alone_from = models.DateField()
    agreed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    job = models.ForeignKey("lrm.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    objects = ScopedManager.from_queryset(ErasureQuerySet)()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"],
                condition=Q(done_at__isnull=True, stopped_at__isnull=True),
                name="erasure_asked_once",
            ),
        ]

    @property
    def person(self) -> Learner | Account | None:
        """Who is to be erased; None once it is done."""
        return self.learner or self.account


class LegalHoldQuerySet(models.QuerySet):
    def standing(self) -> "LegalHoldQuerySet":
        return self.filter(lifted_at__isnull=True)


class LegalHold(models.Model):
    """While it stands nothing about the learner goes, whoever asks and however old it is: the database refuses, too."""

    privacy = Privacy(
        about="learner",
        category="running",
        keep=RECORD,
        personal={
            "learner": "to keep what a court or an authority may ask for",
            "why": "to know why it must not go",
            "set_by": "to know whom to ask about it",
            "lifted_by": "to know whom to ask about it",
        },
        plain="id set_at lifted_at",
        erase=Path("deleted", "deleted with the learner, which cannot be while it stands"),
    )
    scope_field = "learner__district"

    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="holds")
    why = models.CharField(max_length=280)
    set_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(LegalHoldQuerySet)()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(lifted_at__isnull=True), name="legal_hold_once")
        ]


class AdultHold(models.Model):
    """The same of an adult: while it stands the account is not erased, nor deleted with a child's."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={
            "account": "to keep what a court or an authority may ask for",
            "why": "to know why it must not go",
            "set_by": "to know whom to ask about it",
            "lifted_by": "to know whom to ask about it",
        },
        plain="id set_at lifted_at",
        erase=Path("deleted", "deleted with the account, which cannot be while it stands"),
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="holds")
    why = models.CharField(max_length=280)
    set_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(LegalHoldQuerySet)()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(lifted_at__isnull=True), name="adult_hold_once")
        ]
