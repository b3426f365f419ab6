"""Who has taken records of many people along at once: counted, so that it has a limit, and told to administrators."""

from django.db import models
from django.utils import timezone

from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District


class BulkExport(models.Model):
    """what: the page that gave it out, by the name of its route.    people: how many learners it was about."""

    privacy = Privacy(
        about="staff",
        category="logs",
        keep=kept(731, "at", "two years"),
        personal={"account": "to know who took records along", "at": "to know when records were taken along"},
        plain="id district what people told_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=100)
    people = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "-at"], name="bulk_export_limit")]
