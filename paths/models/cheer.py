"""Good news that a learner shares with a class, under the name chosen for the class screen, and the cheers to it."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import Goal
from paths.models.peer import in_class, led_by
from profiles.models import Account, Enrollment, Learner, ScreenName, Section
from standards.models import Standard


class SharedMomentQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SharedMomentQuerySet":
        """The learner's own, what classmates of today share, and for staff what is shared in their classes."""
        mine = account.access.learner_id
        if mine is None:
            return self.filter(_shown(), section__in=led_by(account))
        return self.filter(Q(learner=mine, stopped_at=None) | _shown() & _with(account))

    def of(self, account: Account) -> "SharedMomentQuerySet":
        """What the learner shares, also where the class has cheers off for now."""
        return self.filter(learner=account.access.learner_id, learner__isnull=False, stopped_at=None)

    def cheered_by(self, account: Account) -> "SharedMomentQuerySet":
        """What classmates share: open to a cheer of the learner."""
        mine = account.access.learner_id
        return self.filter(_shown() & _with(account)).exclude(learner=mine) if mine else self.none()

    def led_by(self, account: Account) -> "SharedMomentQuerySet":
        """What the account may take off the class's page."""
        return self.filter(section__in=led_by(account), stopped_at=None)


def _shown() -> Q:
    """Shared still, under a screen name, by somebody who is in the class, which has cheers on; a goal still reached."""
    named = Exists(ScreenName.objects.filter(learner=OuterRef("learner")))
    here = in_class("learner", on=timezone.localdate())
    still = Q(goal=None) | Q(goal__state=Goal.State.ACHIEVED)
    return Q(named) & Q(here) & still & Q(stopped_at=None) & ~Q(section__peer_class__cheers_on=False)


def _with(account: Account) -> Q:
    """Of classes in which the learner is today."""
    here = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=account.access.learner_id)
    return Q(section__roster__in=here.values("roster"))


class SharedMoment(models.Model):
    """A goal reached, or a standard in which the learner moved up. The level is not said.

    Classmates read the name that the learner chose for the class screen: without one nothing is shown. stopped_at: the
    learner, or a teacher, took it back; its cheers are deleted with that.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "goal": "to share good news with the class, where the learner wants it",
            "standard": "to share good news with the class, where the learner wants it",
            "stopped_by": "to know who took it back",
        },
        plain="id uuid learner section shared_at stopped_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="shared_moments")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(SharedMomentQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=True, standard__isnull=False) | Q(goal__isnull=False, standard__isnull=True),
                name="shared_moment_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["learner", "section", "goal", "standard"],
                condition=Q(stopped_at__isnull=True),
                nulls_distinct=False,
                name="shared_moment_once",
            ),
        ]
        indexes = [models.Index(fields=["section", "-shared_at"], name="shared_moment_section")]
        ordering = ["-shared_at", "-pk"]


class Cheer(models.Model):
    """One of each classmate, of words that are there to choose from. Who shared it sees who cheered; nobody else."""

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"by": "to say who cheered", "kind": "to cheer a classmate"},
        plain="id moment at",
        ways="by moment__learner",
    )

    class Kind(models.TextChoices):
        GLAD = "glad", _("I am glad for you.")
        WORK = "work", _("You worked for it.")
        HIGH_FIVE = "five", _("High five.")
        TOO = "too", _("I want to try that too.")

    moment = models.ForeignKey(SharedMoment, on_delete=models.CASCADE, related_name="cheers")
    by = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["moment", "by"], name="cheer_once")]
        ordering = ["at", "pk"]
