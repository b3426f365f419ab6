"""Suggested and accepted groups of a section, and the teacher's wishes that suggestions keep."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner, Section
from standards.models import Standard


class GroupSuggestion(models.Model):
    """What the solver suggests for a section now. One current row a section; accepting or dismissing ends it.

    `board` holds groups, members, own path, reasons as codes and facts (assessments/grouping/reasons.py).
    `version` lets two co-teachers on one board lose nothing: a stale edit is refused with the newer board.
    """

    privacy = Privacy(
        about="learner",
        keep=ENROLLED,
        personal={"board": "to suggest who learns what together next", "decided_by": "to know who decided"},
        plain="id uuid section state version settings created_at updated_at dismissed_because",
    )

    class State(models.TextChoices):
        CURRENT = "current", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("not now")
        REPLACED = "replaced", _("replaced by a newer one")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="group_suggestions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CURRENT)
    version = models.PositiveIntegerField(default=1)
    settings = models.JSONField(default=dict)
    board = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    dismissed_because = models.CharField(max_length=280, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section"], condition=models.Q(state="current"), name="one_current_suggestion"
            )
        ]


class Wish(models.Model):
    """A teacher's wish for the groups of a section; in force until lifted."""

    privacy = Privacy(
        about="learner",
        keep=ENROLLED,
        personal={
            "first": "to keep learners apart, together or in place as the teacher wishes",
            "second": "to keep learners apart, together or in place as the teacher wishes",
            "created_by": "to know whose wish it is",
        },
        plain="id section kind standard own_path created_at lifted_at",
    )

    class Kind(models.TextChoices):
        APART = "apart", _("apart")
        TOGETHER = "together", _("together")
        PIN = "pin", _("pinned")
        ABSENT = "absent", _("absent today")

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Learner, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    own_path = models.BooleanField(default=False)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()


class Group(models.Model):
    """Learners brought together for a purpose, on one focus standard, until a date."""

    privacy = Privacy(
        about="staff",
        keep=ENROLLED,
        personal={"adult": "to know who leads the group"},
        plain="id uuid section suggestion letter purpose focus is_led place starts_on ends_on closed_at created_at",
    )

    class Purpose(models.TextChoices):
        RETEACH = "reteach", _("Reteach")
        PRACTISE = "practise", _("Practice")
        EXTEND = "extend", _("Extend")
        MIX = "mix", _("Mix")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="groups")
    suggestion = models.ForeignKey(GroupSuggestion, null=True, on_delete=models.SET_NULL, related_name="groups")
    letter = models.CharField(max_length=2)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    focus = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    is_led = models.BooleanField(default=True)
    adult = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=100, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["section", "-starts_on"], name="group_section")]
        ordering = ["letter"]


class GroupMember(models.Model):
    privacy = Privacy(
        about="learner",
        keep=ENROLLED,
        personal={"learner": "to teach the group", "reason": "to say why the learner is in it"},
        plain="id group",
    )

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="group_memberships")
    reason = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "learner"], name="group_member_once")]
