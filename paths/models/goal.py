"""Goals in the learner's words, with check-ins, reflections and the history of their wording."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner
from standards.models import Standard

OWN = "to work towards what the learner wants to reach"


class GoalQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "GoalQuerySet":
        """Goals of learners whom the account may see.

        A draft only to whoever writes it, one that a teacher offers only to the learner.
        """
        seen = self.filter(learner__in=Learner.objects.visible_to(account))
        is_offered_to_me = models.Q(offered_at__isnull=False, learner_id=account.access.learner_id)
        is_mine = models.Q(offered_at__isnull=True, author_id=account.pk)
        return seen.filter(~models.Q(state=Goal.State.DRAFT) | is_mine | is_offered_to_me)

    def editable_by(self, account: Account) -> "GoalQuerySet":
        """Goals whose words the account may change.

        The learner's own, and those of learners it teaches or administers.
        """
        return self.visible_to(account).filter(
            models.Q(learner_id=account.access.learner_id) | models.Q(learner__in=Learner.objects.served_by(account))
        )

    def served_by(self, account: Account) -> "GoalQuerySet":
        """Goals that the account may review: of learners whom it teaches or administers."""
        return self.visible_to(account).filter(learner__in=Learner.objects.served_by(account))

    def live(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.LIVE)

    def awaiting_review(self) -> "GoalQuerySet":
        """Goals that count towards standards and that no teacher has agreed yet, and closed ones to confirm.

        One about which a teacher has asked something waits for the learner first.
        """
        return self.filter(
            models.Q(state=Goal.State.LIVE, agreed_at__isnull=True, asked_at__isnull=True, standards__isnull=False)
            | models.Q(state=Goal.State.ACHIEVED, confirmed_at__isnull=True)
        ).distinct()


class Goal(models.Model):
    """A learner's own goal is live when it is written; agreement is asked only for goals that count towards standards.

    `done_when` has one criterion a line; `met` holds the lines that the learner has ticked, so that a line that is
    rewritten is open again. `asked_at` is set while a teacher's question waits for the learner.
    `version` counts up with each change of words, so that two tabs lose nothing.
    `offered_by`, `offered_at`: a teacher wrote the first words (from `template`) and the learner makes them their own;
    until then it is a draft that the learner alone reads.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "what": OWN,
            "why": OWN,
            "done_when": OWN,
            "met": OWN,
            "author": "to know whose words they are",
            "agreed_by": "to know who agreed",
            "confirmed_by": "to know who confirmed",
            "missed_because": "to learn from what got in the way",
            "offered_by": "to know whose idea it was",
        },
        plain="id uuid learner state template offered_at due_on asked_at agreed_at achieved_at confirmed_at archived_at"
        " created_at updated_at version",
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        ACHIEVED = "achieved", _("reached")
        MISSED = "missed", _("not reached yet")
        ARCHIVED = "archived", _("kept for later")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="goals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    what = models.CharField(max_length=280)
    why = models.CharField(max_length=500, blank=True)
    done_when = models.TextField(max_length=1000, blank=True)
    met = models.JSONField(default=list, blank=True)
    due_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    template = models.ForeignKey(
        "paths.GoalTemplate", null=True, blank=True, on_delete=models.SET_NULL, related_name="goals"
    )
    offered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    achieved_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    missed_because = models.CharField(max_length=500, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    standards = models.ManyToManyField(Standard, blank=True, related_name="+")

    objects = ScopedManager.from_queryset(GoalQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "state"], name="goal_learner")]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.what


class GoalStep(models.Model):
    """A small step towards a goal, ticked by the learner."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"text": OWN, "done_at": OWN},
        plain="id goal position",
    )

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]


class GoalRevision(models.Model):
    """What happened to a goal, and how it read before: words are never lost. `what_changed` is a code of Change.

    act: what one person did in one go has one identifier, by which it is taken back in one go; None elsewhere.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"before": "to see how the goal grew", "by": "to know who changed it"},
        plain="id goal at what_changed act",
    )

    class Change(models.TextChoices):
        WRITTEN = "written", _("goal written")
        WORDS = "words", _("words changed")
        STEPS = "steps", _("steps changed")
        AGREED = "agreed", _("goal agreed")
        NOT_AGREED = "not_agreed", _("agreement taken back")
        ASKED = "asked", _("question asked")
        NOT_ASKED = "not_asked", _("question taken back")
        REACHED = "reached", _("goal reached")
        MISSED = "missed", _("not reached yet")
        CONFIRMED = "confirmed", _("goal confirmed")
        NOT_CONFIRMED = "not_confirmed", _("confirmation taken back")
        KEPT = "kept", _("kept for later")
        REOPENED = "reopened", _("goal brought back")

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    what_changed = models.CharField(max_length=32)
    before = models.JSONField(default=dict)
    act = models.UUIDField(null=True, editable=False)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["act"], name="goal_revision_act", condition=models.Q(act__isnull=False))]
        ordering = ["-at", "-pk"]


class CheckIn(models.Model):
    """One tap and, if wanted, how far it is and a line.

    confidence: how sure the learner feels, 1 (not yet) to 5 (very).  progress: how much is done in the learner's own
    eyes, 1 (just started) to 5 (all done); None where the learner did not say.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "confidence": OWN,
            "progress": OWN,
            "text": OWN,
            "reply": "to answer the learner",
            "reply_by": "to know who answered",
        },
        plain="id uuid goal at by replied_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="check_ins")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    confidence = models.PositiveSmallIntegerField()
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=280, blank=True)
    reply = models.CharField(max_length=500, blank=True)
    reply_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidence__gte=1, confidence__lte=5), name="check_in_confidence"
            ),
            models.CheckConstraint(
                condition=models.Q(progress__isnull=True) | models.Q(progress__gte=1, progress__lte=5),
                name="check_in_progress",
            ),
        ]
        ordering = ["-at", "-pk"]


class Feedback(models.Model):
    """A teacher's line on the goal itself: with the agreement, as a question, or with the nod at the end."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"text": "to answer the learner", "by": "to know who answered"},
        plain="id goal at",
    )

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="feedback")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]


class Reflection(models.Model):
    """What helped, in the learner's words, when a goal closes or on the way. A draft is read by its writer only."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "text": OWN,
            "helped": OWN,
            "reply": "to answer the learner",
            "reply_by": "to know who answered",
        },
        plain="id uuid goal at by is_draft replied_at",
    )

    class Helped(models.TextChoices):
        DRAWING = "drawing", _("Drawing first")
        AGAIN = "again", _("Trying again")
        FRIEND = "friend", _("A friend")
        TEACHER = "teacher", _("My teacher")
        VIDEO = "video", _("A video")
        TIME = "time", _("More time")
        OTHER = "other", _("Something else")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="reflections")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    is_draft = models.BooleanField(default=False)
    helped = models.JSONField(default=list, blank=True)
    text = models.TextField(max_length=2000)
    reply = models.CharField(max_length=500, blank=True)
    reply_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
