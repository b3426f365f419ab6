"""Suggested and accepted groups of a section, and the teacher's wishes that suggestions keep."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ANONYMOUS, CUT, ENROLLED, RECORD, SHARED, Privacy
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
        category="groups",
        keep=ENROLLED,
        personal={"board": "to suggest who learns what together next", "decided_by": "to know who decided"},
        plain="id uuid section state version settings created_at updated_at dismissed_because",
        inferred={"board": "a suggestion of who learns what together next, from the levels of a class"},
        export=SHARED,
        erase=CUT,
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
        category="groups",
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
    """Learners brought together for a purpose, on one focus standard, until a date.

    `time_text` says when it meets, in the teacher's words. A group is over when it is closed or its last day is past;
    `closed_by` is empty where newer groups took its place, or for groups closed before this was kept. `version` counts
    changes since acceptance: a change made to an older one is refused, so that two teachers lose nothing;
    `changed_by` made the last one.
    `readiness_micro`: mean readiness of its members at acceptance, over the standards then chosen (engine.md 4.1), in
    1e-6 of [0, 1]; compares the groups of one suggestion only, and is never shown. Null: accepted before this was kept.
    `end_told_at`: when other systems were told that its last day is past; null before, and where a person closed it.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={
            "adult": "to know who leads the group",
            "closed_by": "to know who ended the group",
            "changed_by": "to know whom to ask about a change",
            "readiness_micro": "to see that nobody stays in the group with the most to learn for long",
        },
        plain="id uuid section suggestion letter purpose focus is_led place time_text starts_on ends_on closed_at"
        " created_at version end_told_at",
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
    time_text = models.CharField(max_length=100, blank=True, default="", db_default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    readiness_micro = models.IntegerField(null=True, editable=False)
    end_told_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["section", "-starts_on"], name="group_section")]
        ordering = ["letter"]


class GroupTask(models.Model):
    """One line of what a group works on, for all of it (core), for who needs more help, or for who goes further.

    The tier says which task it is, not for whom: which learner takes up which is settled at the table and not stored.
    `url`: where the material lies, or "".
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"text": "to say what the group works on; its teacher may name somebody in it"},
        plain="id group position tier url",
    )

    class Tier(models.TextChoices):
        CORE = "core", _("Core")
        HELP = "help", _("More help")
        FURTHER = "further", _("Further")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField(default=0)
    tier = models.CharField(max_length=8, choices=Tier.choices, default=Tier.CORE)
    text = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True, default="")

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "position"], name="group_task_place_once")]


IMPACT = "to tell later whether the group helped, apart from what would have come without it"


class GroupMember(models.Model):
    """A learner in a group, with what was known about them on its focus at acceptance; that part is never rewritten.

    expected_micro: the evidence tree's estimate of a score on the focus (engine.md 5.2, "e"), in 1e-6 of [0, 1]; staff
        only, and never shown for a learner. Made by the model and calibration that `model_version` names as
        ModelState.version does. Null: accepted before this was kept.
    first_mean_micro, first_band: mean score of the last results on the focus, at most three, in 1e-6 of [0, 1], and its
        band 1 to 4. Null: no result, or accepted before this was kept.
    start_level, start_value_micro: as Mastery shows them (shown_level, value_micro), made under `start_policy_id`.
        Null: no level shown, or accepted before this was kept.
    """

    privacy = Privacy(
        about="learner",
        category="groups",
        keep=ENROLLED,
        personal={
            "learner": "to teach the group",
            "reason": "to say why the learner is in it",
            "expected_micro": IMPACT,
            "first_mean_micro": IMPACT,
            "first_band": IMPACT,
            "start_level": "to say what has changed since the group began",
            "start_value_micro": "to say what has changed since the group began",
        },
        plain="id group model_version start_policy_id",
        inferred={
            "reason": "why this group was suggested",
            "expected_micro": "the score that was expected when the group began",
        },
        erase=ANONYMOUS,
    )

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="group_memberships")
    reason = models.JSONField(default=dict)
    expected_micro = models.IntegerField(null=True, editable=False)
    first_mean_micro = models.IntegerField(null=True, editable=False)
    first_band = models.SmallIntegerField(null=True, editable=False)
    start_level = models.SmallIntegerField(null=True, editable=False)
    start_value_micro = models.IntegerField(null=True, editable=False)
    start_policy_id = models.BigIntegerField(null=True, editable=False)
    model_version = models.CharField(max_length=16, blank=True, default="", db_default="", editable=False)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "learner"], name="group_member_once")]


class OwnPath(models.Model):
    """A learner who was on their own path on a board that was accepted: in no group, for as long as its groups are on.

    `standard`: where they had most to gain of what the board grouped by; null without any. `reason` as a member's. It
    is over as a group is, and asks for no closing: nothing was set out to be reached by all of them.
    """

    privacy = Privacy(
        about="learner",
        category="groups",
        keep=ENROLLED,
        personal={
            "learner": "to know that the learner works on their own path, and until when",
            "reason": "to say why the learner is on it",
        },
        plain="id section suggestion standard starts_on ends_on closed_at created_at",
        inferred={"reason": "why the own path was suggested"},
        erase=ANONYMOUS,
    )

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="own_paths")
    suggestion = models.ForeignKey(GroupSuggestion, null=True, on_delete=models.SET_NULL, related_name="own_paths")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="own_paths")
    standard = models.ForeignKey(Standard, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.JSONField(default=dict)
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["section", "-starts_on"], name="own_path_section")]


class KeptThought(models.Model):
    """A note of the guard on a board that a teacher has read and decided on: not shown again for a while.

    `about` is "lowest" for a learner who stays in the group with the most to learn, else the subgroup that a group
    mirrors, as "field:value"; then there is no learner.
    """

    privacy = Privacy(
        about="learner",
        category="groups",
        keep=ENROLLED,
        personal={"learner": "to ask about the same learner only once in a while", "kept_by": "to know who decided"},
        plain="id section about kept_at",
        inferred={"about": "that somebody has been in the group with the most to learn for long"},
    )

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=80)
    kept_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["section", "-kept_at"], name="kept_thought_section")]
