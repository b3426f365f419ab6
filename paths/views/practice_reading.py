"""What the pages of practice and equity read alike: which schools, their term, their learners and what they did."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments.services.minimums import Minimums, minimums_on
from assessments.services.policies import Policies
from lrm.http import Request
from paths.forms.practice import PracticeScope, choices, is_too_many
from paths.services.practice import Practice, read_practice
from paths.subgroup_words import by_menus, say_by, say_compared, say_where
from profiles.services.terms import Term, term_of


@dataclass(frozen=True)
class PracticeRead:
    """minimum: the largest smallest n of the schools."""

    scope: PracticeScope
    today: date
    term: Term
    practice: Practice
    policies: Policies
    minimums: Minimums

    @property
    def school_ids(self) -> list[int]:
        return [school.pk for school in self.scope.asked]

    @property
    def minimum(self) -> int:
        return self.minimums.largest(self.school_ids)


def read_for(request: Request, scope: PracticeScope) -> PracticeRead:
    today = timezone.localdate()
    term = term_of(request.user.district_id, on=today)
    zone = timezone.get_current_timezone_name()
    schools = [school.pk for school in scope.asked]
    policies = Policies(request.user.district_id)
    minimums = minimums_on(request.user.district, policies, today)
    practice = read_practice(schools, zone=zone, since=term.starts_on, today=today)
    return PracticeRead(scope, today, term, practice, policies, minimums)


def shell(scope: PracticeScope, route: str) -> dict:
    """What the page says before anything of learners is read."""
    return {"route": route, "scope": scope, "menus": by_menus(scope, route), "where": say_where(scope)}


def context_of(read: PracticeRead, route: str, *, has_figures: bool) -> dict:
    """What both pages say of what was read."""
    return shell(read.scope, route) | {
        "term": read.term,
        "minimum": read.minimum,
        "now": timezone.localtime(),
        "by": say_by(read.scope.by),
        "compared": say_compared(read.scope),
        "csv_url": read.scope.to(f"{route}_csv") if has_figures else "",
    }


def ask_for_school(request: Request, scope: PracticeScope, route: str) -> HttpResponse | None:
    """The page on which one of the schools is to be chosen first; None where so many can be read at once."""
    if not is_too_many(scope):
        return None
    return render(request, f"paths/{route}.html", shell(scope, route) | {"choose": choices(scope, route)})
