"""One class made by hand: for what no roster file brings, such as a club, a new subject, a class in the middle of a
term."""

from datetime import date
from uuid import UUID

import structlog
from django.db import models, transaction
from django.db.models import QuerySet

from lrm.changes import DERIVED
from profiles.models import (
    AcademicSession,
    Account,
    Course,
    Enrollment,
    Roster,
    RosterAct,
    School,
    Section,
)
from profiles.services import class_staff
from profiles.services.roster_acts import STAFF_KINDS

log = structlog.get_logger()
MOST_COURSES = 500


class InUse(Exception):
    """The class has students, or somebody has worked in it: it stays."""


def schools_of(account: Account) -> QuerySet[School]:
    """Where the account may make classes: the schools that it administers."""
    schools = School.objects.filter(left_on__isnull=True).order_by("name", "pk")
    access = account.access
    return schools if access.is_district_admin else schools.filter(pk__in=access.school_ids)


def sessions_to_choose(account: Account, *, on: date) -> QuerySet[AcademicSession]:
    """Terms and years that are not over, those of now first."""
    rows = AcademicSession.objects.filter(district=account.district_id, ends_on__gte=on)
    return rows.exclude(kind=AcademicSession.Kind.GRADING_PERIOD).order_by("starts_on", "ends_on", "pk")


def courses_to_choose(account: Account) -> QuerySet[Course]:
    rows = Course.objects.filter(district=account.district_id)
    rows = rows.filter(models.Q(school__isnull=True) | models.Q(school__in=schools_of(account)))
    return rows.order_by("title", "pk")[:MOST_COURSES]


@transaction.atomic
def make_class(
    *,
    school: School,
    session: AcademicSession,
    title: str,
    grade: str,
    course: Course | None,
    subject: str,
    teacher: Account | None,
    by: Account,
    on: date,
    uuid: UUID,
) -> Roster:
    """The class with its one subject, empty. Twice, by the same uuid, is once.

    course: None where `subject` names a new one. teacher: leads it from `on` or its first day, whichever is later.
    """
    made = Roster.objects.filter(uuid=uuid).first()
    if made is not None:
        return made
    if course is None:
        course = Course.objects.create(
            district_id=school.district_id,
            school=school,
            key=f"by-hand-{uuid}",
            title=subject,
            subject=subject[:100],
            grade=grade,
        )
    roster = Roster.objects.create(
        district_id=school.district_id, school=school, session=session, uuid=uuid, title=title, grade=grade
    )
    Section.objects.create(district_id=school.district_id, roster=roster, course=course, session=session, title=title)
    if teacher is not None:
        class_staff.appoint(
            roster=roster,
            section=None,
            account=teacher,
            role=Enrollment.Role.TEACHER,
            starts_on=min(max(on, session.starts_on), session.ends_on),
            ends_on=None,
            by=by,
        )
    log.info("class made by hand", roster=roster.pk, by=by.pk)
    return roster


def removable_by(account: Account) -> QuerySet[Roster]:
    """Classes made by hand, in schools that the account administers; whether one is in use shows when it is removed."""
    rows = Roster.objects.filter(key__isnull=True, block__isnull=True, school__in=schools_of(account))
    return rows.exclude(sections__key__isnull=False)


def is_in_use(roster: Roster) -> bool:
    """Whether anything hangs on the class beside those who teach it."""
    if roster.enrollments.of_learners().exists():
        return True
    sections = list(roster.sections.values_list("pk", flat=True))
    return any(
        rows.filter(**{f"{field.attname}__in": ids}).exists()
        for target, ids in ((Roster, [roster.pk]), (Section, sections))
        for rows, field in _leaning_on(target)
    )


@transaction.atomic
def remove_class(roster: Roster, *, by: Account) -> None:
    """Take an empty class away, with its staff and what only it was taught. Raises InUse."""
    roster = Roster.objects.select_for_update(of=["self"]).get(pk=roster.pk)
    if is_in_use(roster):
        raise InUse
    courses = [row.course for row in roster.sections.select_related("course")]
    acts = RosterAct.objects.filter(changes__roster=roster, kind__in=STAFF_KINDS)
    RosterAct.objects.filter(pk__in=list(acts.values_list("pk", flat=True))).delete()
    roster.enrollments.of_staff().delete()
    roster.sections.all().delete()
    roster.delete()
    for course in courses:
        if course.key.startswith("by-hand-") and not course.sections.exists():
            course.delete()
    log.info("class taken away", roster=roster.pk, by=by.pk)


_OWN = {"profiles.Section", "profiles.Enrollment", "profiles.RosterChange"}


def _leaning_on(target: type[models.Model]):
    """Every foreign key to the model from what is no part of the class itself."""
    for relation in target._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        # What points without a constraint, as the account of changes does, outlives the class.
        if (
            isinstance(model, type)
            and model._meta.label not in _OWN | DERIVED
            and getattr(relation.field, "db_constraint", True)
        ):
            yield model._base_manager, relation.field
