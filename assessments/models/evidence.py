"""The evidence ledger: append-only, bitemporal, partitioned by school year. The table is made by migration 0002."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from lrm.privacy import ANONYMOUS, CUT, ENROLLED, NOBODY, SHARED, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner
from standards.models import Standard

NO_ITEM = uuid.UUID(int=0)


class Evidence(models.Model):
    """One dated record about a learner and a standard. No free text and no name is in it.

    A correction is a new record whose `supersedes` names the record that it replaces and which keeps that record's
    place in time; UNIQUE(school_year, supersedes) lets one of two racing corrections win. A first record of
    (assessment, learner, standard, item, attempt) is unique too, so a double click appends once.
    `points` is on the proficiency scale where `possible` is empty, else out of `possible`.
    The database refuses UPDATE, DELETE and TRUNCATE on it, for the runtime role and by trigger for everyone.
    """

    merging = "appended"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={
            "learner": "to show what this learner has shown",
            "points": "to show what this learner has shown",
            "level": "to keep a teacher's judgement",
            "ends_at": "to let a teacher's judgement end by itself",
            "kind": "to tell a result from an excuse",
            "observed_at": "to put results in order",
            "recorded_by": "to know whom to ask about it",
        },
        plain="id school_year standard assessment item attempt possible recorded_at supersedes_id source",
        erase=ANONYMOUS,
    )

    class Kind(models.TextChoices):
        RESULT = "result", _("result")
        EXCUSED = "excused", _("excused")
        NOT_SEEN = "not_seen", _("not seen")
        CLEARED = "cleared", _("cleared")
        OVERRIDE_SET = "set", _("level set")
        OVERRIDE_LIFT = "lift", _("level lifted")
        OVERRIDE_WITHDRAW = "withdraw", _("level withdrawn")

    class Source(models.TextChoices):
        GRID = "grid", _("entry grid")
        FORM = "form", _("form")
        PHONE = "phone", _("phone")
        FILE = "file", _("file")
        API = "api", _("API")
        DEMO = "demo", _("demo")

    id = models.BigAutoField(primary_key=True)
    school_year = models.SmallIntegerField()
    learner = models.ForeignKey(Learner, on_delete=models.DO_NOTHING, related_name="evidence")
    standard = models.ForeignKey(Standard, on_delete=models.DO_NOTHING, related_name="+")
    assessment = models.ForeignKey(Assessment, null=True, on_delete=models.DO_NOTHING, related_name="evidence")
    item = models.UUIDField(default=NO_ITEM)
    attempt = models.SmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    possible = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    level = models.SmallIntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Account, null=True, on_delete=models.DO_NOTHING, related_name="+")
    supersedes_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.GRID)

    objects = ScopedManager()

    class Meta:
        managed = False
        db_table = "assessments_evidence"


class OverrideReason(models.Model):
    """Why a teacher set a level: the ledger itself holds no free text."""

    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={"text": "to explain a level that a teacher has set"},
        plain="id evidence_id",
        export=SHARED,
        erase=CUT,
    )

    evidence_id = models.BigIntegerField(unique=True)
    text = models.CharField(max_length=500)

    objects = ScopedManager()


class ResultNote(models.Model):
    """One line of feedback on a result, which the learner sees; the newest counts, older ones stay as history."""

    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={
            "text": "to tell the learner what to do next",
            "author": "to know who said it",
            "created_at": "to know when it was said",
        },
        plain="id assessment learner standard",
    )

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="notes")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=280, blank=True)
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["assessment", "learner", "standard"], name="result_note_cell")]


class EvidenceErasure(models.Model):
    """That records were moved to a key without a name: written by the database's function that moves them.

    key_id: of that key, a row of Learner that names nobody.    role: of the database, who asked.
    """

    privacy = NOBODY

    key_id = models.BigIntegerField()
    records = models.BigIntegerField()
    at = models.DateTimeField()
    role = models.CharField(max_length=63)
