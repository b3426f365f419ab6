"""A data meeting that leaves a trace: a saved grid of learners, who is with it, and what was decided."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lrm.privacy import DISTRICT, ENROLLED, FOR_STAFF, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, District, Learner


class DataCheckInQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "DataCheckInQuerySet":
        """One's own and those shared with one, for staff who read what is for staff only: nobody who stands in.

        Which learners stand in its grid is asked of the reader's own rights, each time.
        """
        if not account.access.may_note:
            return self.none()
        shared = DataCheckInReader.objects.filter(check_in=OuterRef("pk"), account_id=account.pk)
        return self.filter(Q(owner_id=account.pk) | Q(Exists(shared)), district_id=account.access.district_id)

    def owned_by(self, account: Account) -> "DataCheckInQuerySet":
        """Those that the account changes, shares and removes."""
        return self.visible_to(account).filter(owner_id=account.pk)

    def handed_on_by(self, account: Account) -> "DataCheckInQuerySet":
        """Those that the account gives to another owner: its own; of owners whose account has ended, administrators of
        the district all, of a school those about that school and those that they were named for."""
        access = account.access
        if not access.may_note:
            return self.none()
        mine = Q(owner_id=account.pk)
        left = Q(owner__isnull=True) | Q(owner__is_active=False)
        if access.is_district_admin:
            mine |= left
        elif access.school_ids:
            named = DataCheckInReader.objects.filter(check_in=OuterRef("pk"), account_id=account.pk)
            mine |= left & (Q(filters__school__in=[str(pk) for pk in access.school_ids]) | Q(Exists(named)))
        return self.filter(mine, district_id=access.district_id)

    def standing(self) -> "DataCheckInQuerySet":
        return self.filter(removed_at__isnull=True)


class DataCheckIn(models.Model):
    """filters: what `assessments.school_filters.SchoolFilters` keeps; asked anew by the rights of whoever opens it.

    columns: keys of `paths.check_in_page.COLUMNS`.    held_on: the day of the meeting; "since" counts from its end.
    kept_at: when its members were stored, null until its day comes.
    version counts up with each change, so that two windows lose nothing.    removed_at: off every list; its owner puts
    it back.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "name": "to find the meeting again; whoever wrote it may have named somebody",
            "owner": "to know who called the meeting and whom to ask about it",
        },
        plain="id uuid district filters columns held_on created_at changed_at removed_at kept_at version",
    )
    scope_field = "district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    filters = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=list, blank=True)
    held_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(DataCheckInQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["owner", "-held_on"], name="data_check_in_owner")]
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class DataCheckInReader(models.Model):
    """A colleague who was named. It opens the meeting, and no learner whom the colleague could not open before."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={"account": "to show the meeting to who was part of it"},
        plain="id check_in shared_at",
    )

    check_in = models.ForeignKey(DataCheckIn, on_delete=models.CASCADE, related_name="readers")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_in", "account"], name="data_check_in_reader_once")]


class DataCheckInMember(models.Model):
    """A learner who was in the grid on the day of the meeting, and how many standards were met then: the filters find
    others later.

    seen: standards of the grid with a level at the end of that day.    met: of them, at the level that counts as met.
    """

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={
            "learner": "to say later who was talked about",
            "met": "to compare with what is met now",
            "seen": "to compare with what is met now",
        },
        plain="id check_in",
        export=FOR_STAFF,
    )

    check_in = models.ForeignKey(DataCheckIn, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    met = models.PositiveSmallIntegerField()
    seen = models.PositiveSmallIntegerField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_in", "learner"], name="data_check_in_member_once")]


class DataDecisionQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "DataDecisionQuerySet":
        """Of meetings that the account may open: about everybody, and about learners whom it reads notes about."""
        about = Q(learner__isnull=True) | Q(learner__in=Learner.objects.noted_by(account))
        return self.filter(about, check_in__in=DataCheckIn.objects.visible_to(account))

    def editable_by(self, account: Account) -> "DataDecisionQuerySet":
        """Those that the account decided or does, and all of its own meetings."""
        mine = Q(by_id=account.pk) | Q(owner_id=account.pk) | Q(check_in__owner_id=account.pk)
        return self.visible_to(account).filter(mine)

    def standing(self) -> "DataDecisionQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class DataDecision(models.Model):
    """What was agreed to do, by whom and until when. learner: None for all who were talked about.

    For staff only, as notes are.    decided_on: "since" counts from its end.
    """

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={
            "learner": "to do what was agreed for this learner",
            "text": "to do what was agreed, and to see later whether it helped",
            "owner": "to know who does it",
            "by": "to know who wrote it down",
            "done_by": "to know who did it",
        },
        plain="id uuid check_in due_on decided_on at done_at withdrawn_at version",
        export=FOR_STAFF,
    )

    uuid = models.UUIDField(unique=True)
    check_in = models.ForeignKey(DataCheckIn, on_delete=models.CASCADE, related_name="decisions")
    learner = models.ForeignKey(Learner, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(DataDecisionQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["check_in"], name="data_decision_check_in"),
            models.Index(fields=["learner"], name="data_decision_learner"),
        ]
        ordering = ["at", "pk"]
