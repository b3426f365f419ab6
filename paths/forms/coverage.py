"""Which classes and which framework the coverage page is about: by links and by hand; what does not exist is 404."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.forms.school import read_schools
from lrm.chosen import read_chosen
from lrm.http import Request
from profiles.models import Course, School, Section
from standards.models import Framework

ALL, WAITING, UNTAUGHT = "all", "waiting", "untaught"
SHOWS = (ALL, WAITING, UNTAUGHT)
ALL_GRADES = "all"


@dataclass(frozen=True)
class CoverageScope:
    """schools: those that the account administers; school: the chosen one, None for who administers none.

    sections: what can be chosen there; chosen: what the page counts. course, section: the choice, None for all.
    """

    schools: Sequence[School]
    school: School | None
    sections: Sequence[Section]
    course: Course | None
    section: Section | None

    @property
    def chosen(self) -> list[Section]:
        if self.section is not None:
            return [self.section]
        return [row for row in self.sections if self.course is None or row.course_id == self.course.pk]

    @property
    def courses(self) -> list[Course]:
        found = {row.course_id: row.course for row in self.sections}
        return sorted(found.values(), key=lambda course: (course.title, course.pk))


def read_scope(request: Request, *, today: date) -> CoverageScope:
    """From ?school, ?course, ?section. Administrators read one school at a time; teachers all their classes.

    Three statements at most. Raises Http404 for an id that is not among those of the account.
    """
    is_admin = request.user.access.is_district_admin or bool(request.user.access.school_ids)
    schools = read_schools(request) if is_admin else []
    school = (read_chosen(request, "school", schools) or schools[0]) if schools else None
    rows = Section.objects.visible_to(request.user).filter(archived_at__isnull=True)
    if school is not None:
        rows = rows.filter(roster__school=school, block__isnull=True)
    rows = rows.filter(session__ends_on__gte=today)
    sections = list(rows.select_related("course", "roster"))
    section = read_chosen(request, "section", sections)
    courses = {row.course_id: row.course for row in sections}
    course = None if section else read_chosen(request, "course", list(courses.values()))
    return CoverageScope(schools, school, sections, course, section)


def read_framework(request: Request, frameworks: Sequence[Framework], used: dict[int, int]) -> Framework | None:
    """From ?framework; else the one that the classes work with most. None where there is none. Raises Http404."""
    wanted = read_chosen(request, "framework", frameworks)
    return wanted or max(frameworks, key=lambda row: (used.get(row.pk, 0), -row.pk), default=None)


def read_show(request: Request) -> str:
    show = request.GET.get("show", "")
    return show if show in SHOWS else ALL
