"""What was given to a section: a title, a kind, its standards and its scale."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOBODY, RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, Section
from standards.models import Standard


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "AssessmentQuerySet":
        """Assessments of sections that the account may see."""
        return self.filter(section__in=Section.objects.visible_to(account))


class Assessment(models.Model):
    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"created_by": "to know whom to ask about it"},
        plain="id uuid section school_year title kind scale points_possible weight given_on created_at archived_at"
        " counts_earlier",
    )

    class Kind(models.TextChoices):
        PRE = "pre", _("Pre-assessment")
        FORMATIVE = "formative", _("Formative")
        OBSERVATION = "observation", _("Observation")
        SUMMATIVE = "summative", _("Summative")
        REASSESSMENT = "reassessment", _("Try again")

    class Scale(models.TextChoices):
        LEVELS = "levels", _("Levels 1 to 4")
        POINTS = "points", _("Points")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="assessments")
    school_year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.FORMATIVE)
    scale = models.CharField(max_length=8, choices=Scale.choices, default=Scale.LEVELS)
    points_possible = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    weight = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    counts_earlier = models.BooleanField(default=False)
    given_on = models.DateField()
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    standards = models.ManyToManyField(Standard, through="AssessmentStandard", related_name="assessments")

    objects = ScopedManager.from_queryset(AssessmentQuerySet)()
    scope_field = "section__district"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scale="levels", points_possible__isnull=True)
                | models.Q(scale="points", points_possible__gt=0),
                name="assessment_points_have_a_maximum",
            ),
            models.CheckConstraint(condition=models.Q(weight__gte=0, weight__lte=4), name="assessment_weight_range"),
        ]
        indexes = [models.Index(fields=["section", "-given_on"], name="assessment_section")]

    def __str__(self) -> str:
        return self.title


class AssessmentStandard(models.Model):
    """A standard that the assessment gives evidence on; `rubric` is one sentence a level, or empty."""

    privacy = NOBODY

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="columns")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    rubric = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "standard"], name="assessment_standard_once")]
        ordering = ["position"]


class SectionStandard(models.Model):
    """A standard that a section teaches: a column of its wall. Standards with evidence appear by themselves."""

    privacy = NOBODY

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="section_standards")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "standard"], name="section_standard_once")]
        ordering = ["position", "pk"]
