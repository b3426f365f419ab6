"""A learner who is ready to try a standard again, and the places that a teacher opens for it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from lrm.privacy import ENROLLED, RECORD, Privacy
from lrm.scope import ScopedManager
from paths.models.artifact import Artifact
from profiles.models import Account, Learner, Section
from standards.models import Standard

TRY = "to try a standard again"


class TryPlaceQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "TryPlaceQuerySet":
        """Places of classes that the account teaches or administers."""
        return self.filter(section__in=Section.objects.visible_to(account))

    def taught_by(self, account: Account) -> "TryPlaceQuerySet":
        """Places that the account may start or close."""
        return self.filter(section__in=Section.objects.taught_by(account))


class TryPlace(models.Model):
    """When and where learners of one class try one standard again.

    day: None for "whenever you are ready, in class".  seats: at least 1; those that nobody has are free to take.
    assessment: the re-assessment, once it is made.  closed_at: over, or taken back.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"opened_by": "to know whom to ask about it"},
        plain="id uuid section standard day time_text place seats assessment opened_at closed_at",
    )
    scope_field = "section__district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, blank=True)
    time_text = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    seats = models.PositiveSmallIntegerField()
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    seated: list["TryRequest"]  # where services.try_places.places_of has read it

    objects = ScopedManager.from_queryset(TryPlaceQuerySet)()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seats__gte=1), name="try_place_has_a_seat")]
        indexes = [
            models.Index(fields=["section", "standard"], name="try_place_open", condition=Q(closed_at__isnull=True))
        ]
        ordering = ["day", "opened_at", "pk"]


class TryRequestQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "TryRequestQuerySet":
        """Requests of learners whom the account may see."""
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def of(self, account: Account) -> "TryRequestQuerySet":
        """The learner's own."""
        return self.filter(learner_id=account.access.learner_id, learner__isnull=False)

    def taught_by(self, account: Account) -> "TryRequestQuerySet":
        """Requests that the account may answer: to classes that it teaches, of learners whom it serves."""
        return self.filter(
            section__in=Section.objects.taught_by(account), learner__in=Learner.objects.served_by(account)
        )

    def open(self) -> "TryRequestQuerySet":
        return self.filter(closed_at=None)


class TryRequest(models.Model):
    """One at a time for a learner and a standard. `uuid` is that of the form: the same form twice is one request.

    state: what it waits for. ASKED waits for the teacher, ANSWERED for the learner (`answer` says what to show first),
    PLACED for the day of its `place`. DONE came by itself, with the result of a re-assessment.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "practiced": TRY,
            "link": TRY,
            "answer": "to tell the learner what to show first",
            "answered_by": "to know who answered",
        },
        plain="id uuid learner standard section state place answered_at created_at updated_at closed_at",
    )

    class State(models.TextChoices):
        ASKED = "asked", _("waits for your teacher")
        ANSWERED = "answered", _("your teacher answered")
        PLACED = "placed", _("you have a place")
        DONE = "done", _("tried again")
        WITHDRAWN = "withdrawn", _("taken back")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="try_requests")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    practiced = models.CharField(max_length=500)
    link = models.URLField(max_length=500, blank=True)
    work = models.ManyToManyField(Artifact, blank=True, related_name="+")
    place = models.ForeignKey(TryPlace, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    level: int | None  # the one shown, where services.try_places has read it

    objects = ScopedManager.from_queryset(TryRequestQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "standard"], condition=Q(closed_at__isnull=True), name="try_request_one_open"
            )
        ]
        indexes = [models.Index(fields=["section", "state"], name="try_request_section")]
        ordering = ["created_at", "pk"]
