"""A published document of standards, and the subject under which learners' evidence on it is replayed."""

import uuid

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager


class Subject(models.Model):
    """Evidence is replayed per learner and subject. `key` is the slug of the title, so that "Math" meets "math"."""

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey("profiles.District", on_delete=models.CASCADE, related_name="subjects")
    key = models.SlugField(max_length=120, allow_unicode=True)
    title = models.CharField(max_length=120)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="subject_key_once")]
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def key_for(title: str) -> str:
        return slugify(title, allow_unicode=True)[:120] or "other"


class FrameworkQuerySet(models.QuerySet):
    def visible_to(self, account) -> "FrameworkQuerySet":
        """Frameworks are public documents: everybody in the district may read them."""
        return self.filter(district_id=account.district_id)

    def public(self) -> "FrameworkQuerySet":
        """Frameworks that their districts let anybody read through CASE."""
        return self.filter(public_since__isnull=False)


class Framework(models.Model):
    """`source` keeps the CFDocument as it came, `definitions` the CFDefinitions and whatever else the package held.

    `public_since`: since when anybody may read it through CASE; null where only people and tokens of the district may.
    `issued_by`: who stands behind it, as an administrator has said; "" until somebody has. A package does not say it.
    """

    privacy = NOBODY
    scope_field = "district"

    class IssuedBy(models.TextChoices):
        LOCAL = "local", _("Local")
        STATE = "state", _("State")
        FEDERAL = "federal", _("Federal")

    district = models.ForeignKey("profiles.District", on_delete=models.CASCADE, related_name="frameworks")
    uuid = models.UUIDField(default=uuid.uuid4)
    uri = models.TextField(blank=True)
    title = models.TextField()
    creator = models.TextField(blank=True)
    case_version = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=50, blank=True)
    language = models.CharField(max_length=16, blank=True)
    source = models.JSONField(default=dict)
    definitions = models.JSONField(default=dict)
    imported_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    public_since = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=8, choices=IssuedBy.choices, blank=True, default="", db_default="")

    objects = ScopedManager.from_queryset(FrameworkQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "uuid"], name="framework_once_a_district")]
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
