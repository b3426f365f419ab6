"""A step that a learner would like on the own path, and what the teacher says to it."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.path import PLAN, Path, Step
from profiles.models import Account, Learner


class StepProposalQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "StepProposalQuerySet":
        return self.filter(learner__in=Learner.objects.visible_to(account))

    def answerable_by(self, account: Account) -> "StepProposalQuerySet":
        """Of learners whom the account teaches or administers."""
        return self.filter(learner__in=Learner.objects.served_by(account))

    def waiting(self) -> "StepProposalQuerySet":
        return self.filter(state=StepProposal.State.OPEN)


class StepProposal(models.Model):
    """path: on which it shall stand; None for a path of the learner's own that an agreed proposal begins.

    `uuid` comes with the form, so that a double click is one proposal. `step`: what an agreed one became.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "title": PLAN,
            "why": PLAN,
            "link": PLAN,
            "answer": "to say why a step is agreed, changed or not",
            "answered_by": "to know who answered",
        },
        plain="id uuid learner path state kind minutes_expected created_at answered_at step",
    )
    scope_field = "learner__district"

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("not now")
        TAKEN_BACK = "taken_back", _("taken back")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="step_proposals")
    path = models.ForeignKey(Path, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Step.Kind.choices, default=Step.Kind.PRACTISE)
    link = models.URLField(max_length=500, blank=True)
    minutes_expected = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(StepProposalQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["learner"], condition=models.Q(state="open"), name="proposal_waiting"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title
