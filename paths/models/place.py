"""Places of a school that teachers open for a while, the seats that learners choose, and where steps were done."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import CUT, ENROLLED, NOBODY, Privacy, kept
from lrm.scope import ScopedManager
from paths.models.path import Step
from profiles.models import Account, Enrollment, Learner, Roster, School, Section

WHERE = "to know where a learner is, and to let learners choose where they work"


def schools_of(account: Account) -> Q:
    """School ids where the account is staff today, for `Q(school…)`; empty for others."""
    access = account.access
    here = Q(pk__in=Roster.objects.filter(pk__in=access.roster_ids).values("school")) | Q(pk__in=access.school_ids)
    return here | Q(district_id=access.district_id) if access.is_district_admin else here


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PlaceQuerySet":
        """Places of schools where the account is staff, or a learner, today."""
        here = Q(school__in=School.objects.filter(schools_of(account)))
        if account.access.learner_id is not None:
            here |= Q(school__in=_schools_of_learner(account.access.learner_id))
        return self.filter(here)

    def editable_by(self, account: Account) -> "PlaceQuerySet":
        """Of schools where the account is staff today."""
        return self.filter(school__in=School.objects.filter(schools_of(account)))


def _schools_of_learner(learner_id: int):
    mine = Learner.objects.filter(pk=learner_id)
    rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner_id)
    return School.objects.filter(Q(pk__in=mine.values("home_school")) | Q(pk__in=rosters.values("roster__school")))


class Place(models.Model):
    privacy = NOBODY
    scope_field = "school__district"

    class Kind(models.TextChoices):
        HALL = "hall", _("Hall")
        MEDIA = "media", _("Media center")
        OUTDOORS = "outdoors", _("Outdoors")
        HOME = "home", _("Home")
        FLEX = "flex", _("Flex room")
        CLASSROOM = "classroom", _("Classroom")
        OTHER = "other", _("Somewhere else")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PlaceQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="place_name_once_a_school")]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class OpeningQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "OpeningQuerySet":
        """Staff: of the schools where they are staff. Learners: those that are for them."""
        mine = Q(place__in=Place.objects.editable_by(account))
        if account.access.learner_id is not None:
            mine |= Q(pk__in=Opening.objects.open_to(account.access.learner_id))
        return self.filter(mine)

    def open_to(self, learner_id: int) -> "OpeningQuerySet":
        """For one of the learner's classes of today, or for everybody at a school of theirs."""
        rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner_id)
        everybody = Q(section__isnull=True, place__school__in=_schools_of_learner(learner_id))
        return self.filter(everybody | Q(section__roster__in=rosters.values("roster")))

    def editable_by(self, account: Account) -> "OpeningQuerySet":
        """Whoever opened it, the teachers of its class, and administrators of the school."""
        access = account.access
        led = Q(section__in=Section.objects.taught_by(account)) | Q(opened_by=account)
        if access.is_district_admin:
            led |= Q(place__school__district_id=access.district_id)
        return self.visible_to(account).filter(led | Q(place__school_id__in=access.school_ids))

    def not_over(self, now) -> "OpeningQuerySet":
        return self.filter(closed_at__isnull=True, ends_at__gt=now)


class Opening(models.Model):
    """A place, from one moment to another. section: for whom; None for everybody at the school.

    Its seats are rows, made with it: there can never be more learners in it than rows.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=kept(366, "ends_at", "one school year"),
        personal={"opened_by": "to know whom to ask about it"},
        plain="id uuid place section starts_at ends_at seats closed_at created_at",
    )
    scope_field = "place__school__district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="openings")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    opened_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager.from_queryset(OpeningQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="opening_ends_after_start"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=60), name="opening_seats_range"),
        ]
        indexes = [models.Index(fields=["place", "starts_at"], name="opening_of_place")]
        ordering = ["starts_at", "pk"]

    @property
    def is_running(self) -> bool:
        return self.starts_at <= timezone.now() < self.ends_at


class Seat(models.Model):
    """One seat of an opening, and who has it. `during` repeats the opening's time for the rule below.

    Nobody has two seats at once: the rule is the database's, as learners of two classes choose at the same moment.
    is_off: the opening is closed.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=kept(366, "opening__ends_at", "one school year"),
        personal={"learner": WHERE, "taken_at": WHERE},
        plain="id opening number during is_off",
        erase=CUT,
    )
    scope_field = "opening__place__school__district"

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="seat_rows")
    number = models.PositiveSmallIntegerField()
    during = DateTimeRangeField()
    learner = models.ForeignKey(Learner, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    is_off = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "number"], name="seat_number_once"),
            # A range of one id stands in for "=", for which this kind of index would need an extension.
            ExclusionConstraint(
                name="seat_one_place_at_a_time",
                expressions=[
                    (Func(F("learner_id"), F("learner_id"), Value("[]"), function="int8range"), "&&"),
                    ("during", "&&"),
                ],
                condition=Q(learner__isnull=False, is_off=False),
            ),
        ]
        indexes = [models.Index(fields=["learner"], name="seat_learner")]
        ordering = ["number"]


class Worked(models.Model):
    """ "I worked here": where and when a learner worked on a step, and how long it has been the one to do.

    days: weekdays since the step came up, planned: those of its plan; None where nothing was planned.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"at": WHERE, "days": "to see the pace", "place_name": WHERE},
        plain="id step place day planned",
    )
    scope_field = "step__path__learner__district"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="worked")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place_name = models.CharField(max_length=100)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    planned = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "place_name", "day"], name="worked_once_a_place_and_day")
        ]
        ordering = ["-at", "-pk"]


def free_seats():
    """For annotations of openings: whether a seat is free."""
    return Exists(Seat.objects.filter(opening=OuterRef("pk"), learner__isnull=True, is_off=False))
