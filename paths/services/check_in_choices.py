"""What the grid of a check-in can be narrowed to, and what its filters say; both by the rights of whoever looks."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models import SectionStandard
from assessments.school_filters import SchoolFilters
from assessments.services.school_page import read_taught
from lrm.grades import grade_name
from lrm.numbers import whole_number
from profiles.models import Account, Enrollment, Learner, School, Section
from standards.models import Standard, Subject

Choices = dict[str, list[tuple[str, str]]]
NARROWED_BY = ("school", "grade", "section", "teacher", "subject", "branch")
"""The filters of `SchoolFilters` that a check-in keeps."""


def kept(filters: SchoolFilters) -> dict[str, str]:
    """Those that are stored with a check-in."""
    return {name: value for name, value in filters.chosen.items() if name in NARROWED_BY}


def read_choices(account: Account, schools: Sequence[School], filters: SchoolFilters, *, today: date) -> Choices:
    """{name: [(value, words)]}, "" for all first; a name with nothing to choose is left out. Five statements at most.

    schools: those that the account administers; classes and teachers are offered once there is one school.
    """
    school = next((row for row in schools if str(row.pk) == filters.school), schools[0] if len(schools) == 1 else None)
    found: Choices = {}
    if len(schools) > 1:
        found["school"] = [("", _("All schools")), *((str(row.pk), row.name) for row in schools)]
    learners = Learner.objects.noted_by(account).filter(left_on__isnull=True)
    if school is not None:
        learners = learners.filter(home_school=school)
    grades = sorted(learners.order_by().values_list("grade", flat=True).distinct(), key=_by_age)
    if any(grades):
        found["grade"] = [("", _("All grades")), *((grade, grade_name(grade)) for grade in grades if grade)]
    if school is not None or not schools:
        rows = Section.objects.visible_to(account).filter(
            archived_at__isnull=True, block__isnull=True, session__ends_on__gte=today
        )
        if school is not None:
            rows = rows.filter(roster__school=school)
        found["section"] = [
            ("", _("All classes")),
            *((str(pk), title) for pk, title in rows.values_list("pk", "title")),
        ]
    if school is not None:
        staff = Enrollment.objects.on(today).of_staff().filter(roster__school=school)
        people = Account.objects.filter(pk__in=staff.values("account")).order_by("given_name", "family_name", "pk")
        found["teacher"] = [("", _("All teachers")), *((str(row.pk), row.name) for row in people)]
    subjects, _subgroups = read_taught()
    if subjects:
        found["subject"] = [("", _("All subjects")), *((str(row.pk), row.title) for row in subjects)]
    if any(str(row.pk) == filters.subject for row in subjects):
        found["branch"] = [("", _("All of it")), *_branches(int(filters.subject))]
    return {name: items for name, items in found.items() if len(items) > 1}


def _branches(subject_id: int) -> list[tuple[str, str]]:
    """Domains with a standard that some class teaches, in the order of their frameworks. One statement."""
    taught = SectionStandard.objects.filter(standard__subject=subject_id).values("standard__domain")
    rows = Standard.objects.filter(pk__in=taught).select_related("framework").order_by("framework_id", "position")
    return [(f"{row.framework_id}-{row.pk}", row.heading) for row in rows]


def _by_age(grade: str) -> tuple[int, str]:
    return (int(grade), "") if grade.isdecimal() else (-1, "" if grade == "PK" else grade)


def say_filters(account: Account, filters: SchoolFilters) -> list[str]:
    """Each filter in words; what the account may not read, or what is gone, is said without its name.

    At most a statement for each filter that is set.
    """
    found = []
    if filters.school:
        school = School.objects.visible_to(account).filter(pk=whole_number(filters.school) or 0).first()
        found.append(school.name if school else _("a school that you do not see"))
    if filters.grade:
        found.append(grade_name(filters.grade))
    if filters.section:
        section = Section.objects.visible_to(account).filter(pk=whole_number(filters.section) or 0).first()
        found.append(section.title if section else _("a class that you do not see"))
    if filters.teacher:
        pk = whole_number(filters.teacher) or 0
        here = Account.objects.filter(
            Q(pk=account.pk) | Q(pk__in=Account.objects.administered_by(account).values("pk"))
        )
        teacher = here.filter(pk=pk, district=account.district_id).first()
        words = _("students of %(name)s") % {"name": teacher.name} if teacher else _("students of one teacher")
        found.append(words)
    if filters.subject:
        subject = Subject.objects.filter(district=account.district_id, pk=whole_number(filters.subject) or 0).first()
        found.append(subject.title if subject else _("a subject that is gone"))
    if filters.branch:
        pk = whole_number(filters.branch.partition("-")[2]) or 0
        branch = Standard.objects.visible_to(account).filter(pk=pk).first()
        found.append(branch.heading if branch else _("a part of a framework that is gone"))
    return found
