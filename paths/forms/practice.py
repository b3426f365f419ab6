"""Which schools the pages of practice and equity are about, and by what their learners stand apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.forms.school import read_chosen_school, read_schools
from lrm.http import Request
from paths.services.practice import fair_fields
from profiles.models import Learner, School, Subgroup

BY_SCHOOL, BY_SUBGROUP = "school", "subgroup"
MOST_AT_ONCE = 10_000
"""Learners of several schools that one page reads; beyond, a school is to be chosen."""


@dataclass(frozen=True)
class PracticeScope:
    """schools: all that the account administers; school: the chosen one, or the only one; None for all.

    subgroups: those whose purpose the district has declared.    by: one of `choices`.
    """

    schools: Sequence[School]
    school: School | None
    subgroups: Sequence[Subgroup]
    by: str = ""

    @property
    def asked(self) -> list[School]:
        return [self.school] if self.school else list(self.schools)

    @property
    def choices(self) -> list[str]:
        """By what learners may stand apart: schools and subgroups, where there are any, and fields declared for it."""
        subgroups = [BY_SUBGROUP] if self.subgroups else []
        return [*([] if self.school else [BY_SCHOOL]), *fair_fields(), *subgroups]

    def to(self, route: str, **changes: object) -> str:
        """The address of what is chosen now, changed in places; an empty value leaves a choice out."""
        school = self.school.pk if self.school and len(self.schools) > 1 else ""
        chosen = {"school": school, "by": "" if self.by == self.choices[0] else self.by, **changes}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{reverse(route)}?{query}" if query else reverse(route)


def read_scope(request: Request) -> PracticeScope:
    """From ?school and ?by. Raises Http404 for a school that is not the account's, and a field that is not declared."""
    schools = read_schools(request)
    subgroups = list(Subgroup.objects.filter(ended_at__isnull=True))
    scope = PracticeScope(schools, read_chosen_school(request, schools), subgroups)
    by = request.GET.get("by", "") or scope.choices[0]
    if by not in scope.choices:
        raise Http404("No use of this field has been declared.")
    return replace(scope, by=by)


def is_too_many(scope: PracticeScope) -> bool:
    """Whether one of the schools is to be chosen first. One statement, where there are several."""
    if len(scope.asked) < 2:
        return False
    return Learner.objects.filter(home_school__in=scope.asked, left_on__isnull=True).count() > MOST_AT_ONCE


def choices(scope: PracticeScope, route: str) -> list[dict]:
    """Schools to choose one of: [{name, url}]."""
    return [{"name": school.name, "url": scope.to(route, school=school.pk, by="")} for school in scope.schools]


def refuse_too_many() -> HttpResponse:
    """For a file."""
    said = _("So many students are read for one school at a time. Choose a school.")
    return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")
