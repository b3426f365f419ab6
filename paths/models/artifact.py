"""What a learner made and hands in as evidence: words, a link or a file. Screens call it work."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.goal import Goal, Reflection
from paths.models.path import Step
from paths.models.project import Project
from profiles.models import Account, Learner
from standards.models import Standard

SHOW = "to show what the learner can do"


class ArtifactQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ArtifactQuerySet":
        """Work of learners whom the account may see: the learner's circle.

        A draft is read by its writer only, what was put away by the learner and its writer.
        """
        seen = self.filter(learner__in=Learner.objects.visible_to(account))
        is_mine = models.Q(by_id=account.pk)
        is_about_me = models.Q(learner_id=account.access.learner_id)
        return seen.filter(
            models.Q(is_draft=False) | is_mine, models.Q(withdrawn_at__isnull=True) | is_mine | is_about_me
        )

    def editable_by(self, account: Account) -> "ArtifactQuerySet":
        """Work whose words the account may change or put away.

        The learner's own, and what the account handed in for a learner whom it still serves.
        """
        return self.visible_to(account).filter(
            models.Q(learner_id=account.access.learner_id)
            | models.Q(by_id=account.pk, learner__in=Learner.objects.served_by(account))
        )

    def handed_in(self) -> "ArtifactQuerySet":
        """What is there to be seen: neither a draft nor put away."""
        return self.filter(is_draft=False, withdrawn_at__isnull=True)

    def newest_first(self) -> "ArtifactQuerySet":
        return self.order_by("-created_at", "-pk")


class Artifact(models.Model):
    """One piece of work. `uuid` is that of the form it came with: the same form twice is one piece.

    `stored` names the file in the folder of files (lrm/file_store.py), by nothing that a person chose; None where
    there is no file. `name` is what the file is called when it is fetched. `size` is in bytes. `created_at` is the
    time of handing in.
    """

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={
            "by": "to know who handed it in",
            "title": SHOW,
            "text": SHOW,
            "link": SHOW,
            "stored": SHOW,
            "name": "to find the file again under the name that it had",
        },
        plain="id uuid learner kind media_type size sha256 has_preview goal step reflection project is_draft created_at"
        " updated_at withdrawn_at version",
        files="stored",
    )

    class Kind(models.TextChoices):
        TEXT = "text", _("Words")
        LINK = "link", _("Link")
        IMAGE = "image", _("Picture")
        AUDIO = "audio", _("Sound")
        VIDEO = "video", _("Video")
        PDF = "pdf", _("PDF")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="artifacts")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=4000, blank=True)
    link = models.URLField(max_length=500, blank=True)
    stored = models.UUIDField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    has_preview = models.BooleanField(default=False)
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts")
    reflection = models.ForeignKey(
        Reflection, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts"
    )
    standards = models.ManyToManyField(Standard, blank=True, related_name="+")
    is_draft = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(ArtifactQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "-created_at"], name="artifact_learner")]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """Its title, or the first words, the address or the file's name where it has none."""
        return self.title or self.name or self.text[:60] or self.link or str(self.get_kind_display())

    @property
    def web_link(self) -> str:
        """The link where it is one that a browser opens as a page, else ""."""
        return self.link if self.link.startswith(("https://", "http://")) else ""


class ArtifactRevision(models.Model):
    """How the words of a piece of work read before. `before`: title, text, link as they stood."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"before": "to lose no words of the learner", "by": "to know who changed it"},
        plain="id artifact at",
    )

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]


class ArtifactReply(models.Model):
    """A teacher's line under a piece of work. Said again it is a further line: what was read stays."""

    privacy = Privacy(
        about="learner",
        category="learning",
        keep=ENROLLED,
        personal={"text": "to answer the learner", "by": "to know who answered"},
        plain="id uuid artifact at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="replies")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)

    objects = ScopedManager()

    class Meta:
        ordering = ["at", "pk"]
