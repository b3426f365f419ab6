"""Steps by hand that changed class lists: who did them, when, and what stood before, so that each can be undone."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import CUT, ENROLLED, Privacy, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner
from profiles.models.roster import Enrollment, Roster


class RosterActQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "RosterActQuerySet":
        """Steps on rosters that the account may change, its own, and those of learners whom it administers."""
        changes = RosterChange.objects.filter(
            Q(roster__in=Roster.objects.editable_by(account))
            | Q(learner__in=Learner.objects.administered_by(account), enrollment=None)
        )
        return self.filter(Q(pk__in=changes.values("act")) | Q(by=account))


class RosterAct(models.Model):
    """One step, however many people it concerned. `uuid` is made with the form: sent twice, it is done once."""

    privacy = Privacy(
        about="learner",
        category="classes",
        keep=ENROLLED,
        personal={
            "by": "to know whom to ask about a change of a class list",
            "undone_by": "to know whom to ask about a change of a class list",
        },
        plain="id uuid district kind at undone_at",
        export=withheld("its changes are in the copy, each by itself"),
        erase=CUT,
    )
    scope_field = "district"

    class Kind(models.TextChoices):
        ADD = "add", _("added")
        WITHDRAW = "withdraw", _("withdrawn")
        RENEW = "renew", _("enrolled again")
        MOVE = "move", _("moved")
        TRANSFER = "transfer", _("sent to another school")
        LEAVE = "leave", _("left the district")
        STAFF_ADD = "staff_add", _("put on the staff of the class")
        STAFF_END = "staff_end", _("last day changed")
        ROLL_OVER = "roll_over", _("moved on to the next year")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(RosterActQuerySet)()

    class Meta:
        ordering = ["-at", "-pk"]


class RosterChange(models.Model):
    """What a step did to one enrollment, or to one learner where `enrollment` is empty.

    before, after: field -> value, dates as ISO; before is None where the step made the enrollment.
    """

    privacy = Privacy(
        about="learner",
        category="classes",
        keep=ENROLLED,
        personal={
            "learner": "to tell who was on which class list",
            "before": "to undo a mistake on a class list",
            "after": "to see whether somebody has changed it since",
        },
        plain="id act roster enrollment",
    )

    act = models.ForeignKey(RosterAct, on_delete=models.CASCADE, related_name="changes")
    roster = models.ForeignKey(Roster, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    enrollment = models.ForeignKey(Enrollment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField()

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["roster", "act"], name="roster_change_roster")]
        ordering = ["pk"]
