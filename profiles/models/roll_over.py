"""A school's classes on their way into the next year: what was planned, and the step that did it."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import CUT, SHARED, Privacy, kept
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import AcademicSession, District, School
from profiles.models.roster_act import RosterAct


class RollOverQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "RollOverQuerySet":
        """Those of schools that the account administers."""
        access = account.access
        if access.is_district_admin:
            return self.filter(district_id=access.district_id)
        return self.filter(school_id__in=access.school_ids)


class RollOver(models.Model):
    """One plan. `act` is empty until it is carried out.

    year: title, starts_on and ends_on of the next year, dates as ISO.
    again: roster id -> {"title", "staff"} of the classes that there will be again, with or without their staff.
    goes: roster id -> where its learners go; learners: learner id -> where this one goes instead. A way is
    "again-<roster id>", "class-<roster id>" of a class that is there already, "none" or "away".
    later: what waits for the first day of the year: {"grades": {learner id: grade}, "away": [learner id]}.
    """

    privacy = Privacy(
        about="learner",
        category="classes",
        keep=kept(731, "at", "two school years"),
        personal={
            "goes": "to prepare the classes of the next year",
            "learners": "to prepare the classes of the next year",
            "later": "to prepare the classes of the next year",
            "made_by": "to know whom to ask about it",
        },
        plain="id uuid district school source target year again act version at",
        export=SHARED,
        erase=CUT,
    )
    scope_field = "district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="roll_overs")
    source = models.ForeignKey(AcademicSession, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(AcademicSession, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    year = models.JSONField(default=dict)
    again = models.JSONField(default=dict)
    goes = models.JSONField(default=dict)
    learners = models.JSONField(default=dict)
    later = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    act = models.OneToOneField(RosterAct, null=True, blank=True, on_delete=models.SET_NULL, related_name="roll_over")
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(RollOverQuerySet)()

    class Meta:
        ordering = ["-at", "-pk"]
