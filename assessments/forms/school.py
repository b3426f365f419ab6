"""What the school-wide page is asked for: by links and by hand; what does not exist is 404."""

from collections.abc import Sequence

from assessments.services.school_page import Asked
from lrm.chosen import read_chosen
from lrm.http import Request
from profiles.models import School, Section
from standards.models import Subject


def read_schools(request: Request) -> list[School]:
    """The schools whose learners the account may list, in order of name."""
    access = request.user.access
    schools = School.objects.filter(district_id=access.district_id, left_on__isnull=True)
    return list(schools if access.is_district_admin else schools.filter(pk__in=access.school_ids))


def read_asked(request: Request, *, subjects: Sequence[Subject], schools: Sequence[School]) -> Asked:
    """From ?subject, ?school, ?grade. Raises Http404 for an id that is not among those of the account."""
    subject = read_chosen(request, "subject", subjects) or subjects[0]
    school = read_chosen_school(request, schools)
    return Asked(subject, schools, school, request.GET.get("grade", "")[:16])


def read_chosen_school(request: Request, schools: Sequence[School]) -> School | None:
    """From ?school; the only one where there is one, None for all. Raises Http404 for any other."""
    return read_chosen(request, "school", schools) or (schools[0] if len(schools) == 1 else None)


def read_section(request: Request, sections: Sequence[Section]) -> Section | None:
    return read_chosen(request, "section", sections)
