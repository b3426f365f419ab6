"""A typed link between two standards, or between a standard and something outside the package."""

from django.db import models

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from standards.models.framework import Framework
from standards.models.standard import Standard


class Association(models.Model):
    """Either end may lie outside what was imported; its URI stays and is resolved when the other framework comes.

    `uuid` is the identifier of the source, or one derived from the ends and the kind where it had none; a
    repeated identifier keeps both rows apart by `occurrence`.
    """

    privacy = NOBODY
    scope_field = "framework__district"

    IS_CHILD_OF = "isChildOf"
    PRECEDES = "precedes"
    EXACT_MATCH_OF = "exactMatchOf"

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="associations")
    uuid = models.UUIDField()
    occurrence = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=255)
    origin = models.ForeignKey(
        Standard, null=True, blank=True, on_delete=models.SET_NULL, related_name="associations_out"
    )
    origin_uri = models.TextField(blank=True)
    destination = models.ForeignKey(
        Standard, null=True, blank=True, on_delete=models.SET_NULL, related_name="associations_in"
    )
    destination_uri = models.TextField(blank=True)
    sequence = models.IntegerField(null=True, blank=True)
    source = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "uuid", "occurrence"], name="association_once_a_framework")
        ]
        indexes = [
            models.Index(fields=["kind", "origin"], name="association_origin"),
            models.Index(fields=["kind", "destination"], name="association_destination"),
        ]
