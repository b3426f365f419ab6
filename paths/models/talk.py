"""Conversations around one learner, each with an audience that its readers see before they write."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Group
from lrm.privacy import ACCOUNT, ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.artifact import Artifact
from paths.models.goal import Goal
from paths.models.path import Step
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard

TALKING = (Enrollment.Role.TEACHER, Enrollment.Role.CO_TEACHER, Enrollment.Role.AIDE)
"""Roles of staff who read and write conversations. A substitute does neither."""


class TalkQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "TalkQuerySet":
        """Conversations of which the account is a member, and, for administrators, those that hold a safety record.

        A safety record is a message that somebody reported, or that somebody other than its author has hidden.
        """
        access = account.access
        seen = _of_members(account)
        if access.is_district_admin or access.school_ids:
            served = Learner.objects.administered_by(account)
            seen |= Q(learner__in=served) & Q(has_record=True)
        return self.filter(seen) if seen else self.none()

    def open_to(self, account: Account) -> "TalkQuerySet":
        """Conversations in which the account reads and writes today.

        The learner's own; those with the family, for confirmed guardians; and for staff, unless they stand in for
        somebody, those of a class that they teach and the learner is in today, or of all teachers of the learner.
        """
        mine = _of_members(account)
        return self.filter(mine) if mine else self.none()


def _of_members(account: Account) -> Q:
    access, today = account.access, timezone.localdate()
    mine = Q()
    if access.learner_id is not None:
        mine |= Q(learner_id=access.learner_id)
    if access.ward_ids:
        mine |= Q(with_family=True, learner_id__in=access.ward_ids)
    if access.staff_roles:
        at_work = Enrollment.objects.on(today).filter(account_id=account.pk, role__in=TALKING)
        taught = Section.objects.filter(
            Exists(
                at_work.filter(Q(section=None) | Q(section=OuterRef("pk")), roster=OuterRef("roster")),
            )
        )
        here = _enrolled(today).filter(learner=OuterRef("learner"), roster=OuterRef("section__roster"))
        pupils = _enrolled(today).filter(roster__in=at_work.values("roster")).values("learner")
        mine |= Q(teachers=Talk.Teachers.CLASS, section__in=taught) & Q(Exists(here))
        mine |= Q(teachers=Talk.Teachers.ALL, learner__in=pupils)
    return mine


def _enrolled(on: date) -> models.QuerySet:
    return Enrollment.objects.on(on).of_learners()


class Talk(models.Model):
    """The learner always reads it. Who else does follows the enrollments and guardianships of the day.

    section: the class whose teachers read it; with `teachers` ALL it only says where the talk was begun.
    goal, step, standard, group, artifact: what it is about; at most one of them. Being in a conversation about a piece
    of work gives no right to the piece.
    last_at: of the newest message. version: counts up with each message that comes or is hidden.
    has_record: a message was reported, or hidden by somebody else; from then on administrators may read it.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "learner": "to keep the words around one learner together",
            "title": "to find the conversation again",
            "created_by": "to know who began it",
            "with_family": "to let the family read along where that was chosen",
        },
        plain="id uuid section teachers goal step standard group artifact created_at last_at version has_record",
    )

    class Teachers(models.TextChoices):
        CLASS = "class", _("the teachers of the class")
        ALL = "all", _("all teachers")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="talks")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    teachers = models.CharField(max_length=8, choices=Teachers.choices, default=Teachers.CLASS)
    with_family = models.BooleanField(default=False)
    title = models.CharField(max_length=120)
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="talks")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.SET_NULL, related_name="talks")
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    artifact = models.ForeignKey(Artifact, null=True, blank=True, on_delete=models.SET_NULL, related_name="talks")
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    has_record = models.BooleanField(default=False)

    objects = ScopedManager.from_queryset(TalkQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "-last_at"], name="talk_learner")]
        ordering = ["-last_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def audience(self) -> str:
        """Changes when the rule changes that says who reads it: a form sends it back as it was shown."""
        return f"{self.teachers}-{'family' if self.with_family else 'school'}"


class TalkSeen(models.Model):
    """How far somebody has read. `last_message` is an id and no key, so that nothing holds a message in place."""

    privacy = Privacy(
        about="account",
        category="talks",
        keep=ACCOUNT,
        personal={"last_message": "to say what is new to its reader"},
        plain="id talk account",
    )

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="seen")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    last_message = models.BigIntegerField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["talk", "account"], name="talk_seen_once")]


class TalkDraft(models.Model):
    """What somebody was writing and has not sent; only they read it again.

    key: where it was written: "talk:12", or for a talk that is not there yet "new:goal:7".
    """

    privacy = Privacy(
        about="account",
        category="passing",
        keep=ACCOUNT,
        personal={"text": "to bring words back to whoever was writing them"},
        plain="id account learner key updated_at",
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    text = models.TextField(max_length=4000)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "learner", "key"], name="talk_draft_once")]
