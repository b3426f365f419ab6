"""What the school-wide page is asked for: by links and by hand; what does not exist is 404."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from assessments.models import SectionStandard
from assessments.school_filters import SchoolFilters
from assessments.services.school_asked import Asked, Subgrouped, Taught, Teacher
from lrm.chosen import read_chosen
from lrm.http import Request
from profiles.models import Enrollment, School, Section
from profiles.models.roster import LEADING


def read_schools(request: Request) -> list[School]:
    """The schools whose learners the account may list, in order of name."""
    return split_schools(request)[0]


def split_schools(request: Request) -> tuple[list[School], list[School]]:
    """The schools whose learners the account may list, and those of the district that it may not. One statement."""
    access = request.user.access
    every = list(School.objects.filter(district_id=access.district_id, left_on__isnull=True))
    if access.is_district_admin:
        return every, []
    own = [school for school in every if school.pk in access.school_ids]
    return own, [school for school in every if school.pk not in access.school_ids]


@dataclass(frozen=True)
class Choices:
    """What else could be chosen. sections, teachers: of the chosen school and subject; none without a school."""

    subjects: Sequence[Taught]
    subgroups: Sequence[Subgrouped]
    sections: Sequence[Section]
    teachers: Sequence[Teacher]


def read_asked(
    request: Request, taught: tuple[list[Taught], list[Subgrouped]], schools: Sequence[School]
) -> tuple[Asked, Choices, list[Section]]:
    """From the address: what is asked for, without its days; what else could be; the classes that may be rows.

    Raises Http404 for an id that is not among those of the account. One statement where a school is chosen.
    """
    filters, (subjects, subgroups) = SchoolFilters.parse(request.GET), taught
    subject = read_chosen(request, "subject", subjects) or subjects[0]
    school = read_chosen_school(request, schools)
    sections = _sections(request, subject, school)
    teachers = _teachers(sections)
    teacher = read_chosen(request, "teacher", teachers)
    rows = [section for section in sections if section.pk in teacher.sections] if teacher else sections
    section = read_chosen(request, "section", rows)
    kept = replace(filters, subject=str(subject.pk), school=filters.school if len(schools) > 1 else "")
    subgroup = read_chosen(request, "subgroup", subgroups)
    asked = Asked(subject, schools, kept, school, section, teacher, subgroup)
    return asked, Choices(subjects, subgroups, rows, teachers), [section] if section else rows


def read_chosen_school(request: Request, schools: Sequence[School]) -> School | None:
    """From ?school; the only one where there is one, None for all. Raises Http404 for any other."""
    return read_chosen(request, "school", schools) or (schools[0] if len(schools) == 1 else None)


def _sections(request: Request, subject: Taught, school: School | None) -> list[Section]:
    """Classes of the chosen school that teach the subject, tutoring blocks left out; none without a school.

    leads: [account id, name, family name, section or null] of whoever leads a class today.
    """
    if school is None:
        return []
    taught = SectionStandard.objects.filter(section=OuterRef("pk"), standard__subject=subject.pk)
    leading = Enrollment.objects.on(timezone.localdate()).filter(roster=OuterRef("roster_id"), role__in=LEADING)
    lead = JSONObject(id="account_id", given="account__given_name", family="account__family_name", section="section_id")
    return list(
        Section.objects.visible_to(request.user)
        .filter(Exists(taught), roster__school=school, archived_at__isnull=True, block__isnull=True)
        .select_related("roster")
        .annotate(leads=ArraySubquery(leading.order_by().values_list(lead)))
    )


def _teachers(sections: Sequence[Section]) -> list[Teacher]:
    """Who leads them, by family name; each with the ids of those sections."""
    found: dict[int, Teacher] = {}
    for section in sections:
        for lead in section.leads:  # type: ignore[attr-defined]  # annotated in _sections
            if lead["section"] in (None, section.pk):
                name = f"{lead['given']} {lead['family']}".strip()
                teacher = found.setdefault(lead["id"], Teacher(lead["id"], name, lead["family"], set()))
                teacher.sections.add(section.pk)
    return sorted(found.values(), key=lambda teacher: (teacher.family, teacher.name, teacher.pk))
