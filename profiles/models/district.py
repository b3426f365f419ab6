"""The organisation: a district, its schools, its calendar and its courses."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager

if TYPE_CHECKING:
    from profiles.models.account import Account


class District(models.Model):
    """One school system: policies, people and frameworks belong to exactly one.

    rules_version: counts up with each rule of its policy that is written or withdrawn; 0 where none ever was.
    """

    privacy = NOBODY

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    language = models.CharField(max_length=16, default="en")
    is_demo = models.BooleanField(default=False)
    rules_version = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, account: "Account") -> "SchoolQuerySet":
        """Schools that the account administers, and those of classes that it teaches today."""
        access = account.access
        if access.is_district_admin:
            return self.filter(district_id=access.district_id)
        return self.filter(models.Q(pk__in=access.school_ids) | models.Q(rosters__in=access.roster_ids)).distinct()


class School(models.Model):
    """`key` is the id that the student information system uses; unique within the district."""

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, default="school")
    left_on = models.DateField(null=True, blank=True)

    objects = ScopedManager.from_queryset(SchoolQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="school_key_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AcademicSession(models.Model):
    """A school year, or a term inside one. `school_year` is the year in which it ends: 2027 for 2026-27."""

    privacy = NOBODY
    scope_field = "district"

    class Kind(models.TextChoices):
        YEAR = "schoolYear", _("school year")
        SEMESTER = "semester", _("semester")
        TERM = "term", _("term")
        GRADING_PERIOD = "gradingPeriod", _("grading period")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="academic_sessions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.TERM)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField()
    ends_on = models.DateField()
    school_year = models.PositiveSmallIntegerField()

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "key"], name="academic_session_key_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="academic_session_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Course(models.Model):
    """What is taught, independent of who teaches it when. `subject` is the district's own word, such as Mathematics."""

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="courses")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255)
    title = models.CharField(max_length=200)
    code = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=100, blank=True)
    grade = models.CharField(max_length=16, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="course_key_once")]

    def __str__(self) -> str:
        return self.title
