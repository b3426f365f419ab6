"""A tutoring block: a time and place at which adults work with learners of several sections."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.roster import LEADING, Roster, Section


class BlockQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "BlockQuerySet":
        """Blocks in which the account is an adult today, or of schools that it administers."""
        access = account.access
        if access.is_district_admin:
            return self.filter(roster__district_id=access.district_id)
        return self.filter(Q(roster_id__in=access.roster_ids) | Q(roster__school_id__in=access.school_ids))

    def editable_by(self, account: Account) -> "BlockQuerySet":
        """Blocks that the account may change: its adults, unless they only help, and administrators."""
        access = account.access
        if access.is_district_admin:
            return self.filter(roster__district_id=access.district_id)
        led = [roster for roster, roles in access.staff_roles.items() if roles & LEADING]
        return self.filter(Q(roster_id__in=led) | Q(roster__school_id__in=access.school_ids))


class Block(models.Model):
    """What makes a section one that tutors: its roster is drawn from other sections, for a while.

    Board, groups, closure, wall and entry are those of its section, rights those of the enrollments on its roster; the
    title of both is its name. The roster has no class code, is on no list of a learner's classes, and no import knows
    it.
    slots: [weekday, start, end] of each meeting in a week; 0 is Monday, times are minutes since midnight.
    seats: how many learners a group of the block takes at most.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"created_by": "to know whom to ask about it"},
        plain="id uuid roster section place slots seats starts_on ends_on created_at",
    )
    scope_field = "roster__district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    roster = models.OneToOneField(Roster, on_delete=models.CASCADE, related_name="block")
    section = models.OneToOneField(Section, on_delete=models.CASCADE, related_name="block")
    place = models.CharField(max_length=100, blank=True)
    slots = models.JSONField(default=list, blank=True)
    seats = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(BlockQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="block_ends_after_start"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=40), name="block_seats_range"),
        ]
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.section.title
