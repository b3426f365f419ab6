"""Projects, independent study and internships: proposed by a learner, agreed, done with time and evidence, decided."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner
from standards.models import Standard

OWN = "to learn by something of one's own"


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ProjectQuerySet":
        """Projects of learners whom the account may see; a draft only to whoever writes it."""
        seen = self.filter(learner__in=Learner.objects.visible_to(account))
        return seen.exclude(~models.Q(author_id=account.pk), state=Project.State.DRAFT)

    def owned_by(self, account: Account) -> "ProjectQuerySet":
        """The learner's own: only a learner proposes, reports and closes."""
        return self.visible_to(account).filter(learner_id=account.access.learner_id)

    def decided_by(self, account: Account) -> "ProjectQuerySet":
        """Projects about which the account decides with the learner: of learners whom it serves."""
        return self.visible_to(account).filter(learner__in=Learner.objects.served_by(account))


class Project(models.Model):
    """`place` and `mentor` are words: where an internship is, and who is there for it. Nobody gets rights by them.

    State: a draft is written, proposed waits for a teacher, asked for the learner; running was agreed; closing waits
    for the joint decision; done was decided; later was put off by a teacher. `archived_at` takes it off the lists.
    `decided_at` is of the yes that it runs by. `version` counts up with each change of words.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "title": OWN,
            "what": OWN,
            "why": OWN,
            "place": "to know where an internship is",
            "mentor": "to know who is there for the learner",
            "author": "to know whose words they are",
            "decided_by": "to know who agreed",
        },
        plain="id uuid learner kind state starts_on ends_on decided_at created_at updated_at archived_at version",
    )

    class Kind(models.TextChoices):
        PROJECT = "project", _("Project")
        STUDY = "study", _("Independent study")
        INTERNSHIP = "internship", _("Internship")

    class State(models.TextChoices):
        DRAFT = "draft", _("not sent yet")
        PROPOSED = "proposed", _("waits for a teacher")
        ASKED = "asked", _("a teacher has a question")
        LATER = "later", _("kept for later")
        RUNNING = "running", _("going on")
        CLOSING = "closing", _("waits for a joint decision")
        DONE = "done", _("decided together")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="projects")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROJECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120, blank=True)
    what = models.TextField(max_length=2000, blank=True)
    why = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=120, blank=True)
    mentor = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    standards = models.ManyToManyField(Standard, blank=True, related_name="+")

    objects = ScopedManager.from_queryset(ProjectQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "state"], name="project_learner")]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class ProjectStep(models.Model):
    """A line of the plan, with its day where it has one; ticked by the learner."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"text": OWN, "due_on": OWN, "done_at": OWN},
        plain="id project position",
    )

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]


class ProjectEvent(models.Model):
    """What happened to a project, with the line that was said to it. `before`: words that were changed."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "text": "to answer one another",
            "before": "to lose no words of the learner",
            "by": "to know who said it",
        },
        plain="id project at what",
    )

    class What(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CHANGED = "changed", _("words changed")
        ASKED = "asked", _("a question")
        ANSWERED = "answered", _("an answer")
        AGREED = "agreed", _("agreed")
        LATER = "later", _("kept for later")
        TAKEN_BACK = "taken_back", _("taken back")
        PUT_AWAY = "put_away", _("put away")
        BROUGHT_BACK = "brought_back", _("brought back")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=16, choices=What.choices)
    text = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]


class ProjectTime(models.Model):
    """Time that was spent, in the learner's words. A line that was wrong is taken out, never changed.

    `confirmed_by` is who wrote the confirmation down, `confirmed_for` the adult who gave it where that is another
    one: the mentor of an internship has no account.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "on": OWN,
            "minutes": OWN,
            "text": OWN,
            "confirmed_by": "to know who confirmed the time",
            "confirmed_for": "to know who confirmed the time",
        },
        plain="id uuid project created_at confirmed_at withdrawn_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="times")
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=280)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_for = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(minutes__gte=1, minutes__lte=1440), name="project_minutes")
        ]
        ordering = ["-on", "-pk"]


class ProjectClosing(models.Model):
    """How a learner looks back and which levels they propose; then what a teacher said to it. Each try is kept.

    `levels`: {id of a standard as text: level}. A proposal is words between two people: nothing reads it as evidence.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "reflection": OWN,
            "levels": "to decide together what the work shows",
            "answer_text": "to answer the learner",
            "answered_by": "to know who decided with the learner",
        },
        plain="id uuid project at by answer answered_at",
    )

    class Answer(models.TextChoices):
        AGREED = "agreed", _("agreed")
        TALK = "talk", _("let’s talk")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="closings")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    reflection = models.TextField(max_length=2000)
    levels = models.JSONField(default=dict)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answer_text = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
