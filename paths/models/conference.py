"""A meeting of a teacher with a learner: what to talk about, what was said, what comes next and who does it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, FOR_STAFF, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import GoalStep
from profiles.models import Account, Learner

MEET = "to prepare and remember what was talked about"


class ConferenceQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ConferenceQuerySet":
        """Of the learner, of learners whose guardian the account is, and of those whom it teaches or administers.

        Not for who stands in for a teacher.
        """
        access = account.access
        mine = Q(learner__in=Learner.objects.noted_by(account))
        if access.ward_ids:
            mine |= Q(learner_id__in=access.ward_ids)
        if access.learner_id is not None:
            mine |= Q(learner_id=access.learner_id)
        return self.filter(mine)

    def led_by(self, account: Account) -> "ConferenceQuerySet":
        """Those that the account leads, as long as it teaches the learner."""
        return self.filter(teacher_id=account.pk, learner__in=Learner.objects.noted_by(account))


class Conference(models.Model):
    """Open while it is prepared and held; with held_at it is over and its agenda stays as it was.

    agenda: [text] as it stood at the end; before, it is put together anew for each look.
    version counts up with each change of the notes, so that two windows lose nothing.
    What only staff read is a row of ConferenceStaffNotes, so that no page of a learner can come by it.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"teacher": "to know who met whom", "notes": MEET, "agenda": MEET},
        plain="id uuid learner planned_on held_at created_at version",
        inferred={"agenda": "what a meeting may be about, from levels, goals and steps"},
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="conferences")
    teacher = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    planned_on = models.DateField()
    held_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(max_length=4000, blank=True)
    agenda = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(ConferenceQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "teacher"], condition=Q(held_at=None), name="conference_open_once"
            )
        ]
        indexes = [models.Index(fields=["learner", "-planned_on"], name="conference_learner")]
        ordering = ["-planned_on", "-pk"]


class ConferenceStaffNotesQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ConferenceStaffNotesQuerySet":
        """As notes for staff only: see LearnerQuerySet.noted_by."""
        return self.filter(conference__learner__in=Learner.objects.noted_by(account))


class ConferenceStaffNotes(models.Model):
    """In no page, answer, file or search that a learner or a guardian can reach."""

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={"text": "to hand on among staff what helps to teach"},
        plain="id conference",
        export=FOR_STAFF,
    )

    conference = models.OneToOneField(Conference, on_delete=models.CASCADE, related_name="staff_notes")
    text = models.TextField(max_length=4000, blank=True)

    objects = ScopedManager.from_queryset(ConferenceStaffNotesQuerySet)()


class TalkPointQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "TalkPointQuerySet":
        """Of the learner and of those whom the account teaches, other than as a substitute, or administers."""
        mine = Q(learner__in=Learner.objects.noted_by(account))
        if account.access.learner_id is not None:
            mine |= Q(learner_id=account.access.learner_id)
        return self.filter(mine)

    def open(self) -> "TalkPointQuerySet":
        return self.filter(conference=None, put_away_at=None)


class TalkPoint(models.Model):
    """Something that the learner or a teacher wants to talk about. It waits until a conference takes it along.

    conference: in which it was talked about.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"text": MEET, "by": "to know who wants to talk about it"},
        plain="id uuid learner at conference put_away_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="talk_points")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=280)
    at = models.DateTimeField(default=timezone.now)
    conference = models.ForeignKey(Conference, null=True, blank=True, on_delete=models.SET_NULL, related_name="points")
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(TalkPointQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner"], name="talk_point_learner")]
        ordering = ["at", "pk"]


class NextStep(models.Model):
    """What was agreed at the end: what, who, by when. The learner agrees with one click.

    goal_step: where the step went on as one of a goal.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"text": MEET, "who": MEET, "agreed_at": "to know that both want it"},
        plain="id uuid conference due_on created_at done_at goal_step",
    )

    class Who(models.TextChoices):
        LEARNER = "learner", _("the student")
        TEACHER = "teacher", _("the teacher")
        FAMILY = "family", _("the family")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="next_steps")
    text = models.CharField(max_length=200)
    who = models.CharField(max_length=8, choices=Who.choices)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    goal_step = models.OneToOneField(
        GoalStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="from_conference"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["created_at", "pk"]
