"""A question that an administrator has asked: did it help? And its answer, as it was worked out then."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.jobs.models import Job
from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager
from profiles.models import Account, District


class ImpactQuestionQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ImpactQuestionQuerySet":
        """Of administrators: questions about schools that they administer, and those of the district told to all."""
        access = account.access
        of_district = self.filter(district_id=access.district_id)
        if access.is_district_admin:
            return of_district
        if not access.school_ids:
            return self.none()
        return of_district.filter(Q(school_ids__contained_by=sorted(access.school_ids)) | Q(is_told=True))

    def withdrawable_by(self, account: Account) -> "ImpactQuestionQuerySet":
        """Of those that the account may read its own, and those about schools all of which it administers; withdrawn
        ones too, to be put back."""
        access = account.access
        found = self.visible_to(account)
        if access.is_district_admin:
            return found
        return found.filter(Q(asked_by=account) | Q(school_ids__contained_by=sorted(access.school_ids)))

    def standing(self) -> "ImpactQuestionQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class ImpactQuestion(models.Model):
    """about and kind: what may have helped; kind is a Group.Purpose or a Support.Kind, "" for any; or for a roll-out
    "". name: of a roll-out, in the words of whoever asked.

    on: the standards in words, as they were called then; standard_ids: which they are.    since, until: days on which
    it began.    began: of a roll-out, school id (as text) -> the day.    is_told: all administrators of the district
    may read the answer; whoever may not list its learners reads no small figure.
    answer: {} until it is worked out (paths/services/impact.py); counts and figures, of nobody by name.
    withdrawn_at: off every list since; a night takes it away once nobody has put it back for long enough.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=kept(30, "withdrawn_at", "as long as the district; once it is withdrawn, 30 days"),
        personal={"asked_by": "to know whom to ask about it"},
        plain="id uuid district about kind name on standard_ids school_ids since until began is_told asked_at job"
        " answer answered_at withdrawn_at",
    )
    scope_field = "district"

    class About(models.TextChoices):
        GROUPS = "groups", _("Small groups")
        BLOCKS = "blocks", _("Tutoring blocks")
        PATHS = "paths", _("Paths")
        SUPPORTS = "supports", _("Supports")
        ROLL_OUT = "roll_out", _("A roll-out, school by school")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About.choices)
    kind = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=80, blank=True)
    on = models.CharField(max_length=200)
    standard_ids = ArrayField(models.BigIntegerField())
    school_ids = ArrayField(models.BigIntegerField())
    since = models.DateField()
    until = models.DateField()
    began = models.JSONField(default=dict, blank=True)
    is_told = models.BooleanField(default=False)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ImpactQuestionQuerySet)()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["district", "-asked_at"], name="impact_question_district")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="impact_question_ends_after")
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.on}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def began_on(self) -> dict[int, date]:
        return {int(school): date.fromisoformat(day) for school, day in self.began.items()}
