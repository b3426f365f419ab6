"""One statement of a framework. Codes repeat and go missing, so a code is never a key."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from standards.headings import heading_of
from standards.models.framework import Framework, Subject


class StandardQuerySet(models.QuerySet):
    def visible_to(self, account) -> "StandardQuerySet":
        """Standards are public documents: everybody in the district may read them."""
        return self.filter(framework__district_id=account.district_id)

    def in_force(self) -> "StandardQuerySet":
        return self.filter(retired_at__isnull=True)

    def assessable(self) -> "StandardQuerySet":
        """Standards without standards below them: what evidence is usually given on."""
        return self.filter(is_leaf=True, retired_at__isnull=True)


class Standard(models.Model):
    """`parent` and `domain` are resolved from isChildOf at import (engine.md 2.3: the parent that is a standard).

    `position` is the place in a walk of the whole tree, so that ordering by it reads like the document.
    `source` keeps the CFItem as it came.
    """

    privacy = NOBODY
    scope_field = "framework__district"

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="standards")
    uuid = models.UUIDField(default=uuid.uuid4)
    uri = models.TextField(blank=True)
    code = models.CharField(max_length=255, blank=True)
    statement = models.TextField()
    short_title = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=255, blank=True)
    grades = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="standards")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    domain = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    is_leaf = models.BooleanField(default=True)
    rubric = models.JSONField(default=list, blank=True)
    source = models.JSONField(default=dict)
    search = SearchVectorField(null=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(StandardQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "uuid"], name="standard_once_a_framework")]
        indexes = [
            GinIndex(fields=["search"], name="standard_search"),
            models.Index(OpClass(Lower("code"), name="text_pattern_ops"), name="standard_code"),
            models.Index(fields=["framework", "position"], name="standard_position"),
        ]
        ordering = ["framework", "position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The code where there is one, else the short title, else the start of the statement."""
        return self.code or self.heading

    @property
    def heading(self) -> str:
        return self.short_title or heading_of(self.statement)
