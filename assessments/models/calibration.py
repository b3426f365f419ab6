"""What learners here usually get, as versions that stay, and the days from which each counts (engine.md 2.8)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from profiles.models import Account
from standards.models import Subject


class CalibrationVersion(models.Model):
    """One version of a subject's offsets and difficulties, named by its content; the database refuses to change it.

    The columns are those of `assessments.mastery.calibration.Calibration`; standards and items are sorted ids, items
    the numbers that `services.histories` makes of questions. A proposal that never started may be dropped.
    """

    privacy = NOBODY
    scope_field = "subject__district"

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=12)
    standards = ArrayField(models.BigIntegerField())
    offsets = ArrayField(models.FloatField())
    has_items = ArrayField(models.BooleanField())
    items = ArrayField(models.BigIntegerField())
    difficulties = ArrayField(models.FloatField())
    difficulty_variances = ArrayField(models.FloatField())
    item_variance = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "version"], name="calibration_version_once")]


class CalibrationStart(models.Model):
    """A policy event: from this day on the version counts for its subject; of two on one day the later one.

    One that has not begun may be withdrawn: it stays in the story and has no effect.
    """

    privacy = NOBODY
    scope_field = "subject__district"

    class Reason(models.TextChoices):
        NEW = "new", _("standards or questions without a calibration")
        TERM = "term", _("start of a term")
        CHOSEN = "chosen", _("chosen by a person")

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    calibration = models.ForeignKey(CalibrationVersion, on_delete=models.RESTRICT, related_name="starts")
    starts_on = models.DateField()
    reason = models.CharField(max_length=8, choices=Reason.choices)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["subject", "starts_on"], name="calibration_start")]


class CalibrationRun(models.Model):
    """When a subject was last calibrated, and what came of it: a candidate that somebody or a new term may start."""

    privacy = NOBODY
    scope_field = "subject__district"

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    candidate = models.ForeignKey(CalibrationVersion, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager()
