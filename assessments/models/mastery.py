"""Projections of the ledger: what every screen, export and API reads. Only workers write them."""

from django.db import models
from django.db.models.functions import Now

from lrm.privacy import ANONYMOUS, ENROLLED, NOBODY, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Learner, Roster
from standards.models import Standard, Subject

SHOWN = "to show the level that the learner's own results support"
WHY_NOT = "to say why there is no level"


class MasteryQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "MasteryQuerySet":
        """Mastery of learners whom the account may see."""
        return self.filter(learner__in=Learner.objects.visible_to(account))


class Mastery(models.Model):
    """One learner on one standard. `value_micro` is the value in 1e-6 of a level, half up; levels derive from it.

    `method`, `method_version` and `policy_id` name how it was made: the policy holds every parameter and stays as it
    is; without one these are the shipped defaults of that version.
    `level` is what the results say, `shown_level` what is shown: a teacher's override has the last word.
    Without evidence there is no row, or a row whose levels are empty once a record was cleared.
    `trend` compares with 30 days earlier: 1 up, -1 down, 0 steady. `left_out`: why no level is shown, a code of
    assessments.mastery.left_out; 0 where one is.
    """

    merging = "rebuilt"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={
            "value_micro": SHOWN,
            "level": SHOWN,
            "shown_level": SHOWN,
            "override_id": SHOWN,
            "trend": SHOWN,
            "left_out": WHY_NOT,
        },
        plain="learner standard n method method_version policy_id last_observed_at computed_at",
        inferred={
            "value_micro": "worked out from the results by the method of the district, or of the school",
            "level": "worked out from the results by the method of the district, or of the school",
            "shown_level": "the level that is worked out, or the one that a teacher has set",
            "trend": "the direction of the last 30 days",
        },
        erase=ANONYMOUS,
    )

    pk = models.CompositePrimaryKey("learner_id", "standard_id")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="mastery")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    value_micro = models.IntegerField(null=True)
    level = models.SmallIntegerField(null=True)
    shown_level = models.SmallIntegerField(null=True)
    override_id = models.BigIntegerField(null=True)
    n = models.SmallIntegerField(default=0)
    trend = models.SmallIntegerField(default=0)
    left_out = models.SmallIntegerField(default=0, db_default=0)
    method = models.CharField(max_length=16)
    method_version = models.CharField(max_length=16)
    policy_id = models.BigIntegerField(null=True)
    last_observed_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager.from_queryset(MasteryQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["standard", "shown_level"], name="mastery_standard")]


class MasteryDay(models.Model):
    """The value at the end of a school day on which it changed; "as of" a closed day reads the last row up to it."""

    merging = "rebuilt"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={"value_micro": SHOWN, "level": SHOWN, "shown_level": SHOWN, "left_out": WHY_NOT},
        plain="learner standard day n method method_version policy_id",
        inferred={
            "value_micro": "worked out from the results by the method of the district, or of the school",
            "level": "worked out from the results by the method of the district, or of the school",
            "shown_level": "the level that is worked out, or the one that a teacher has set",
        },
        erase=ANONYMOUS,
    )

    pk = models.CompositePrimaryKey("learner_id", "standard_id", "day")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    value_micro = models.IntegerField(null=True)
    level = models.SmallIntegerField(null=True)
    shown_level = models.SmallIntegerField(null=True)
    n = models.SmallIntegerField(default=0)
    left_out = models.SmallIntegerField(default=0, db_default=0)
    method = models.CharField(max_length=16)
    method_version = models.CharField(max_length=16, db_default="1")
    policy_id = models.BigIntegerField(null=True)

    objects = ScopedManager()


class ModelState(models.Model):
    """State of the evidence tree (engine.md 2.3) of a learner in a subject; read for sureness and groups.

    `beliefs` is what assessments.mastery.tree writes and reads, bit for bit; empty is nothing known.
    `version` names the model: tree-1, or t1- and the calibration that it was made with.
    `counted` names the rollups that count the learner now: [[kind, scope id, grade], ..]; a change of enrollment
    marks the pair, and the worker moves the counts.
    """

    merging = "rebuilt"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="results",
        keep=ENROLLED,
        personal={"beliefs": "to say to staff how sure a level is, and to suggest groups"},
        plain="learner subject version counted computed_at",
        inferred={"beliefs": "how sure a level is, and what may come next, from all results of the subject"},
        erase=ANONYMOUS,
    )

    pk = models.CompositePrimaryKey("learner_id", "subject_id")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=16)
    beliefs = models.BinaryField(db_default=b"")
    counted = models.JSONField(default=list)
    computed_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()


class RosterVersion(models.Model):
    """Counts up whenever something that a wall of the roster shows has changed; a wall polls it."""

    privacy = NOBODY

    roster = models.OneToOneField(Roster, primary_key=True, on_delete=models.CASCADE, related_name="version")
    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())
