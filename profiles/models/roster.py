"""Rosters, the sections taught on them, and dated enrollments.

A homeroom's roster is shared by its subjects: a learner is added once and is in every section of the roster.
Departmental classes have a roster of their own. Ending an enrollment never deletes what a learner made.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ANONYMOUS, ENROLLED, NOBODY, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import AcademicSession, Course, District, School

LEADING = frozenset({"teacher", "co_teacher"})
"""Roles of those who answer for a class; aides and substitutes help with it."""


class RosterQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "RosterQuerySet":
        """Rosters that the account teaches on today, or of schools that it administers."""
        access = account.access
        if access.is_district_admin:
            return self.filter(district_id=access.district_id)
        return self.filter(Q(pk__in=access.roster_ids) | Q(school_id__in=access.school_ids))

    def editable_by(self, account: Account) -> "RosterQuerySet":
        """Rosters whose enrollments the account may change: teachers of the whole roster, and administrators.

        Not those of tutoring blocks: who is drawn into a block, and until when, is said on its own page.
        """
        access, classes = account.access, self.filter(block__isnull=True)
        if access.is_district_admin:
            return classes.filter(district_id=access.district_id)
        mine = [roster for roster in access.whole_rosters if access.staff_roles[roster] & LEADING]
        return classes.filter(Q(pk__in=mine) | Q(school_id__in=access.school_ids))


class Roster(models.Model):
    privacy = Privacy(
        about="nobody",
        plain="id uuid district school session key title is_homeroom grade class_code",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="rosters")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="rosters")
    session = models.ForeignKey(AcademicSession, on_delete=models.PROTECT, related_name="rosters")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255, null=True, blank=True)
    title = models.CharField(max_length=200)
    is_homeroom = models.BooleanField(default=False)
    grade = models.CharField(max_length=16, blank=True)
    class_code = models.CharField(max_length=6, null=True, blank=True, unique=True)

    objects = ScopedManager.from_queryset(RosterQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="roster_key_once")]
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class SectionQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SectionQuerySet":
        """Sections that the account teaches today, or of schools that it administers."""
        access = account.access
        if access.is_district_admin:
            return self.filter(district_id=access.district_id)
        return self.filter(
            Q(roster_id__in=access.whole_rosters)
            | Q(pk__in=access.sections)
            | Q(roster__school_id__in=access.school_ids)
        )

    def taught_by(self, account: Account) -> "SectionQuerySet":
        """Sections with a staff enrollment today; administrators have none by being administrators."""
        access = account.access
        return self.filter(Q(roster_id__in=access.whole_rosters) | Q(pk__in=access.sections))

    def grouped_for(self, account: Account) -> "SectionQuerySet":
        """Sections whose groups a program reads in the account's name: those that a person teaches today, and of a
        system all that it reaches. A person who administers reads no groups of classes.
        """
        return self.visible_to(account) if account.access.is_system else self.taught_by(account)

    def drawable_by(self, account: Account) -> "SectionQuerySet":
        """Sections whose learners the account may draw into a tutoring block.

        Those that it leads today as teacher or co-teacher, and those of schools that it administers. Never a block's
        own: whoever tutors a learner cannot hand the learner on.
        """
        access = account.access
        classes = self.filter(roster__block__isnull=True, archived_at__isnull=True)
        if access.is_district_admin:
            return classes.filter(district_id=access.district_id)
        led = {roster for roster, roles in access.staff_roles.items() if roles & LEADING}
        return classes.filter(
            Q(roster_id__in=led & access.whole_rosters)
            | Q(pk__in=[section for section, roster in access.sections.items() if roster in led])
            | Q(roster__school_id__in=access.school_ids)
        )


class Section(models.Model):
    """A taught class in a term: a course for the learners of a roster."""

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="sections")
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="sections")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sections")
    session = models.ForeignKey(AcademicSession, on_delete=models.PROTECT, related_name="sections")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255, null=True, blank=True)
    title = models.CharField(max_length=200)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(SectionQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="section_key_once")]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class EnrollmentQuerySet(models.QuerySet):
    def on(self, day: date) -> "EnrollmentQuerySet":
        """Enrollments in force on that day; the last day counts."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def of_learners(self) -> "EnrollmentQuerySet":
        return self.filter(role=Enrollment.Role.LEARNER)

    def of_staff(self) -> "EnrollmentQuerySet":
        return self.exclude(role=Enrollment.Role.LEARNER)


class Enrollment(models.Model):
    """A person's dated role on a roster. Staff may be limited to one section of it."""

    privacy = Privacy(
        about="learner",
        category="classes",
        keep=ENROLLED,
        personal={
            "learner": "to be on the class list",
            "account": "to teach the class",
            "role": "to give the rights that the work needs",
            "starts_on": "to have rights and records begin",
            "ends_on": "to have rights end",
        },
        plain="id roster section key",
        erase=ANONYMOUS,
    )

    class Role(models.TextChoices):
        LEARNER = "learner", _("student")
        TEACHER = "teacher", _("teacher")
        CO_TEACHER = "co_teacher", _("co-teacher")
        AIDE = "aide", _("aide")
        SUBSTITUTE = "substitute", _("substitute")

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="enrollments")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="enrollments")
    learner = models.ForeignKey(
        "profiles.Learner", null=True, blank=True, on_delete=models.CASCADE, related_name="enrollments"
    )
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="enrollments")
    key = models.CharField(max_length=255, null=True, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = ScopedManager.from_queryset(EnrollmentQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="learner", learner__isnull=False, account__isnull=True, section__isnull=True)
                | (~Q(role="learner") & Q(learner__isnull=True, account__isnull=False)),
                name="enrollment_names_one_person",
            ),
            models.UniqueConstraint(
                fields=["roster", "learner"],
                condition=Q(role="learner", ends_on__isnull=True),
                name="learner_open_once_a_roster",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "roster"], name="enrollment_learner"),
            models.Index(fields=["roster", "role"], name="enrollment_roster"),
        ]
