"""One learner's ordered plan of steps; assigned by a teacher, put in order by the learner."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import Goal
from paths.models.planned import Planned, PlannedStep
from paths.models.template import PathTemplate
from profiles.models import Account, Learner, Section

PLAN = "to follow a plan of one's own"


class PathQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PathQuerySet":
        """Paths of learners whom the account may see."""
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def editable_by(self, account: Account) -> "PathQuerySet":
        """Paths whose steps the account may write: those of learners whom it teaches or administers."""
        return self.filter(learner__in=Learner.objects.served_by(account))


class Path(Planned):
    """`version` counts up with each change of order, so that two tabs lose nothing.

    template, template_version: what it was copied from. act: the one click that gave it to this learner and others.
    starts_on: its first day, where one was said.
    now_since, planned_days, look_on: the pace of what is next on it (paths/services/pacing.py); None where nothing is.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "title": PLAN,
            "assigned_by": "to know whom to ask",
            "now_since": "to see who could use help on a step",
            "look_on": "to see who could use help on a step",
        },
        plain="id uuid learner goal section parts covers_all template template_version act starts_on planned_days"
        " created_at archived_at version",
        inferred={"look_on": "from when on a step counts as stuck, from its plan"},
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="paths")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="paths")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=200)
    assigned_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    template = models.ForeignKey(PathTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="paths")
    template_version = models.PositiveIntegerField(null=True, blank=True)
    act = models.UUIDField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    now_since = models.DateField(null=True, blank=True)
    planned_days = models.PositiveSmallIntegerField(null=True, blank=True)
    look_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(PathQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["learner"], name="path_learner"),
            models.Index(fields=["act"], condition=models.Q(act__isnull=False), name="path_act"),
        ]

    def __str__(self) -> str:
        return self.title


class StepQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "StepQuerySet":
        """Steps of paths that the account may see."""
        return self.filter(path__in=Path.objects.visible_to(account))

    def tickable_by(self, account: Account) -> "StepQuerySet":
        """Steps that the account may tick and move: the learner's own, and those of learners it teaches."""
        return self.filter(
            models.Q(path__learner_id=account.access.learner_id)
            | models.Q(path__learner__in=Learner.objects.served_by(account))
        )


class Step(PlannedStep):
    """One place in a path. Positions are 1, 2, 3 .. without gaps inside a path, and parts stand one after the other.

    `chosen_at`: when the learner chose this step of a choice board. `offered_at`: when a teacher offered to skip it,
    since its standard is shown already; `placement`: what the learner said to such an offer.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"title": PLAN, "chosen_at": PLAN, "done_at": PLAN, "done_by": "to know who ticked it"}
        | {"placement": PLAN, "offered_by": "to know who offered to skip it"},
        plain="id uuid path position part kind tier standard link place minutes_expected due_on waits_for is_fixed"
        " offered_at",
    )

    class Placement(models.TextChoices):
        SKIPPED = "skipped", _("skipped, shown before")
        KEPT = "kept", _("done anyway")

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="steps")
    due_on = models.DateField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    placement = models.CharField(max_length=8, choices=Placement.choices, default="", db_default="", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    # Set by the reads that show a whole path (paths/services/path_pages.py).
    state: str
    waits_on: list[str]
    # Set by the learner's own page: whether it can be skipped, and where it was worked on today.
    is_offered: bool
    worked_today: list

    objects = ScopedManager.from_queryset(StepQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "position"], name="step_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        ordering = ["position"]
