"""What a path of a learner and a template of a teacher have in common: parts, and the steps in them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import GroupTask
from paths.sequencing import Part, PartKind
from standards.models import Standard


class Planned(models.Model):
    """`parts`: [{"kind", "title", "pick"}] in order, as `paths.sequencing.Part`; empty is one sequence.

    They stand in the row itself because they are written together, under its `version`.
    covers_all: every way through reaches every standard that a step names; else those in `targets`.
    """

    parts = models.JSONField(default=list, db_default=[], blank=True)
    covers_all = models.BooleanField(default=True, db_default=True)
    targets = models.ManyToManyField(Standard, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def outline(self) -> list[Part]:
        """The parts; at least one."""
        return [Part(PartKind(row["kind"]), row["title"], row["pick"]) for row in self.parts] or [Part()]


class PlannedStep(models.Model):
    """`part`: its place in the parts, from 0. `waits_for`: uuids of steps of the same plan that come first.

    is_fixed: learners cannot move it. The tier says which task it is, not for whom.
    """

    class Kind(models.TextChoices):
        READ = "read", _("Read")
        WATCH = "watch", _("Watch")
        LISTEN = "listen", _("Listen")
        MAKE = "make", _("Make")
        TALK = "talk", _("Talk")
        FIELD = "field", _("Go and see")
        PROJECT = "project", _("Project")
        PRACTISE = "practise", _("Practice")

    Tier = GroupTask.Tier

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PRACTISE)
    tier = models.CharField(
        max_length=8, choices=GroupTask.Tier.choices, default=GroupTask.Tier.CORE, db_default=GroupTask.Tier.CORE
    )
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    place = models.CharField(max_length=100, blank=True)
    minutes_expected = models.PositiveSmallIntegerField(null=True, blank=True)
    waits_for = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)
    is_fixed = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def web_link(self) -> str:
        """The link where it is one that a browser opens as a page, else ""."""
        return self.link if self.link.startswith(("https://", "http://")) else ""
