"""A person who learns. May have no account; the youngest sign in with a class code and a number."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.access import Access
from profiles.models.account import Account
from profiles.models.district import District, School
from profiles.models.roster import Enrollment

AGAINST_MIRRORING = "to see that no group mirrors it"
"""A field of learners is compared with groups only where this stands among its purposes."""
FAIR_SHARES = "to see that goals, choices and groups reach everybody"
"""By a field of learners the practice of a school is compared only where this stands among its purposes."""


class LearnerQuerySet(models.QuerySet):
    def named(self) -> "LearnerQuerySet":
        """Without keys under which an erased learner's levels stay counted."""
        return self.filter(erased_at__isnull=True)

    def visible_to(self, account: Account) -> "LearnerQuerySet":
        """Learners whom this account teaches today, administers, is guardian of, or is. Nobody else."""
        access = account.access
        if access.is_district_admin:
            return self.named().filter(district_id=access.district_id)
        ids = set(access.ward_ids)
        if access.learner_id is not None:
            ids.add(access.learner_id)
        mine = _served(access) | Q(pk__in=ids) if ids else _served(access)
        return self.named().filter(mine) if mine else self.none()

    def served_by(self, account: Account) -> "LearnerQuerySet":
        """Learners whom this account teaches today or administers.

        What staff may act on, without a guardian's rights.
        """
        access = account.access
        if access.is_district_admin:
            return self.named().filter(district_id=access.district_id)
        mine = _served(access)
        return self.named().filter(mine) if mine else self.none()

    def administered_by(self, account: Account) -> "LearnerQuerySet":
        """Learners of the schools that this account administers."""
        access = account.access
        if access.is_district_admin:
            return self.named().filter(district_id=access.district_id)
        return self.named().filter(_of_schools(access.school_ids)) if access.school_ids else self.none()

    def noted_by(self, account: Account) -> "LearnerQuerySet":
        """Learners about whom this account reads and writes what is for staff only.

        Those whom it teaches today, other than as a substitute, or administers.
        """
        access = account.access
        if access.is_district_admin:
            return self.named().filter(district_id=access.district_id)
        rosters = [roster for roster, roles in access.staff_roles.items() if roles - {Enrollment.Role.SUBSTITUTE}]
        mine = Q(Exists(_enrolled(rosters))) if rosters else Q()
        if access.school_ids:
            mine |= _of_schools(access.school_ids)
        return self.named().filter(mine) if mine else self.none()

    def enrolled_in(self, roster_id: int, *, on: date) -> "LearnerQuerySet":
        """Learners with an enrollment in the roster on that day."""
        return self.filter(Exists(Enrollment.objects.on(on).filter(learner_id=OuterRef("pk"), roster_id=roster_id)))

    def by_name(self) -> "LearnerQuerySet":
        return self.order_by("given_name", "family_name", "pk")


def _served(access: Access) -> Q:
    """Empty where the account teaches nobody and administers no school."""
    served = Q()
    if access.roster_ids:
        served |= Q(Exists(_enrolled(access.roster_ids)))
    if access.school_ids:
        served |= _of_schools(access.school_ids)
    return served


def _of_schools(school_ids) -> Q:
    return Q(home_school_id__in=school_ids) | Q(Exists(_enrolled_in_schools(school_ids)))


def _enrolled(roster_ids):
    return Enrollment.objects.on(timezone.localdate()).filter(learner_id=OuterRef("pk"), roster_id__in=roster_ids)


def _enrolled_in_schools(school_ids):
    return Enrollment.objects.on(timezone.localdate()).filter(
        learner_id=OuterRef("pk"), roster__school_id__in=school_ids
    )


class Learner(models.Model):
    """`key` is the id in the student information system; unique within the district where there is one.

    erased_at: this row is a key without a name, under which levels of the past stay counted; it was somebody else's
    row before (profiles/services/erasures/), and no person reaches it by a right to see learners.
    """

    privacy = Privacy(
        about="learner",
        category="identity",
        keep=ENROLLED,
        personal={
            "key": "to match the roster of the student information system",
            "given_name": "to be addressed",
            "family_name": "to be told apart from others",
            "preferred_name": "to be called as one wishes",
            "grade": f"to find the class and the school-wide view, {AGAINST_MIRRORING}, and {FAIR_SHARES}",
            "number": "to sign in with a class code",
            "home_school": "to be counted once, at the home school",
            "account": "to sign in",
            "left_on": "to end access and start the time of keeping",
        },
        plain="id uuid district created_at erased_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="learners")
    home_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="learners")
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="learner")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255, null=True, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    preferred_name = models.CharField(max_length=100, blank=True)
    grade = models.CharField(max_length=16, blank=True)
    number = models.CharField(max_length=4, null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    supports_said: str  # supports in words, where a page for staff has read them

    objects = ScopedManager.from_queryset(LearnerQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "key"], name="learner_key_once"),
            models.UniqueConstraint(fields=["home_school", "number"], name="learner_number_once_a_school"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.preferred_name or self.given_name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.family_name[:1]).upper()
