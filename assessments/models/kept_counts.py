"""Counts of a day of more students than a page walks: made by a worker when somebody asks, read like rollups."""

from django.db import models
from django.db.models.functions import Now

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from profiles.models import District, Subgroup
from standards.models import Subject


class KeptCounts(models.Model):
    """Counts of all schools of a district in a subject. They stay as they were made: later results of that day are
    not in them until somebody has them made again.

    day: the closed day whose end is counted; None: the levels at `made_at`.    subgroup: None for everybody.
    """

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    subgroup = models.ForeignKey(Subgroup, null=True, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "subject", "subgroup", "day"], nulls_distinct=False, name="kept_counts_once"
            )
        ]


class KeptCount(models.Model):
    """Learners of a school and grade whose level on a standard it is, as RollupDelta has levels."""

    privacy = NOBODY
    scope_field = "kept__district"

    kept = models.ForeignKey(KeptCounts, on_delete=models.CASCADE, related_name="+")
    school_id = models.BigIntegerField()
    grade = models.CharField(max_length=16)
    standard_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    n = models.IntegerField()

    objects = ScopedManager()


class KeptDomain(models.Model):
    """The same by domain, so that a page adds up little. domain_id: 0 for standards without one.

    level: None in the row that says on how many standards anybody has a record; with the framework None too, n is all
    learners of the school and grade.
    """

    privacy = NOBODY
    scope_field = "kept__district"

    kept = models.ForeignKey(KeptCounts, on_delete=models.CASCADE, related_name="+")
    school_id = models.BigIntegerField()
    grade = models.CharField(max_length=16)
    framework_id = models.BigIntegerField(null=True)
    domain_id = models.BigIntegerField(null=True)
    level = models.SmallIntegerField(null=True)
    n = models.IntegerField()
    standards = models.IntegerField()

    objects = ScopedManager()
