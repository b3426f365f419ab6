"""Counts of learners per level, so that a district's page reads a few rows and never the ledger."""

from django.db import models
from django.db.models.functions import Now

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from profiles.models import District


class ScopeKind(models.IntegerChoices):
    ROSTER = 0
    SCHOOL = 1
    DISTRICT = 2


class RollupDelta(models.Model):
    """A difference of ±n learners; inserted by workers, folded by a task. A read is folded plus pending.

    level: the one that is shown; where none is though there are records, the negative of a code of
    assessments.mastery.left_out.
    """

    privacy = NOBODY

    day = models.DateField()
    kind = models.SmallIntegerField(choices=ScopeKind.choices)
    scope_id = models.BigIntegerField()
    grade = models.CharField(max_length=16)
    standard_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "scope_id", "grade"], name="rollup_delta_scope")]


class Rollup(models.Model):
    """Learners whose shown level on a standard is `level` now, as RollupDelta has it, folded so far."""

    privacy = NOBODY

    pk = models.CompositePrimaryKey("kind", "scope_id", "grade", "standard_id", "level")
    kind = models.SmallIntegerField(choices=ScopeKind.choices)
    scope_id = models.BigIntegerField()
    grade = models.CharField(max_length=16)
    standard_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    n = models.IntegerField()


class RollupDay(models.Model):
    """The folded differences of one day: what "as of" sums."""

    privacy = NOBODY

    pk = models.CompositePrimaryKey("day", "kind", "scope_id", "grade", "standard_id", "level")
    day = models.DateField()
    kind = models.SmallIntegerField(choices=ScopeKind.choices)
    scope_id = models.BigIntegerField()
    grade = models.CharField(max_length=16)
    standard_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    n = models.IntegerField()


class Publication(models.Model):
    """The daily figures for viewers who may not open the list of learners: suppressed over a fixed lattice.

    engine.md 5.3. `cells` is what they see; nothing hidden is stored in it. `counts` is read by the next publication
    alone: {table: {day: {school: {grade or "": results}}}} of the days that it is held against, hidden ones too; beside
    the schools those of subgroups, and which schools one person knows together (`publishing.counts_of`).
    """

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="publications")
    day = models.DateField()
    minimum_n = models.PositiveSmallIntegerField()
    cells = models.JSONField()
    counts = models.JSONField(null=True)
    published_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="publication_once_a_day")]
