"""What the school-wide page and its files read for an address; of more students than one page walks, what a worker has
counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.forms.school import Choices, read_asked, split_schools
from assessments.school_drawing import Address
from assessments.services import kept_counts
from assessments.services.kept_counts import Kept, Wanted
from assessments.services.policies import Policies
from assessments.services.school_asked import Asked, Matrix
from assessments.services.school_counts import ClosedDay, CountsGone
from assessments.services.school_page import NoBranch, read_matrix, read_taught
from assessments.services.school_terms import Month, Terms, read_months, read_terms
from lrm.as_of import read_as_of, read_closed_day
from lrm.http import Request
from lrm.jobs.models import Job
from profiles.models import Learner, School, Section

MOST_THEN = 20_000
"""Learners whose levels one page walks for a closed day or a subgroup: about a second. Beyond, a worker counts them
first, or a school is to be chosen."""
MOST_OVER = 4_000
"""The same for the ends of twelve months."""


@dataclass(frozen=True)
class Many:
    """More learners than a page walks. months: those of the terms, where they are asked for."""

    wanted: Wanted
    learners: int
    months: Sequence[Month]


@dataclass(frozen=True)
class Counting:
    """What a worker counts for a page. job: at it, or failed; None where nobody has asked since it was last done.

    kept: what has been counted, None for nothing yet.    query: of the page.
    """

    many: Many
    job: Job | None
    kept: Kept | None
    query: str


class TooMany(Exception):
    """More learners than one page works out. choices: [{name, url}] of schools that could be chosen.

    counting: how a worker counts them, None for accounts that do not see the whole district.
    """

    def __init__(self, choices: list[dict], counting: Counting | None):
        super().__init__(choices)
        self.choices, self.counting = choices, counting


@dataclass(frozen=True)
class Page:
    """refused: why the day to compare with is not shown, "" where nothing is wrong.    terms: where asked for.

    others: schools whose learners the account may not list.    policies: of every day.    counting: where a worker has
    counted the figures.
    """

    matrix: Matrix
    choices: Choices
    refused: str
    terms: Terms | None
    others: list[School]
    policies: Policies
    counting: Counting | None = None


def reads_whole_counts(view: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """For views that read pages: once more from the beginning where a worker has counted anew while they were read, or
    figures have had their time. It ends, since each further reading needs another counting that came between.
    """

    @wraps(view)
    def guarded(request: Request) -> HttpResponse:
        while True:
            try:
                return view(request)
            except CountsGone:
                continue

    return guarded


def read_page(request: Request) -> Page | None:
    """What the address asks for, with what else could be chosen; None where nothing is taught yet.

    Raises TooMany, and Http404 for what is not among the account's.
    """
    found = _read_asked(request)
    if found is None:
        return None
    asked, choices, rows, others, refused = found
    today = timezone.localdate()
    counting = _counting(request, asked)
    if counting is not None:
        asked = replace(asked, kept=counting.kept)
    policies = Policies(request.user.district_id)
    try:
        matrix = read_matrix(asked, policies, rows, today=today)
    except NoBranch as none:
        raise Http404("No such branch here.") from none
    terms = None
    if asked.over and matrix.lines:
        until = asked.past or ClosedDay(today, today, _own(request))
        months = counting.many.months if counting else read_months(until=until.day)
        terms = read_terms(matrix, policies, months, past=until)
    return Page(matrix, choices, refused, terms, others, policies, counting)


def read_wanted(request: Request) -> Wanted | None:
    """What a worker is to count for the address, whatever has been counted; None where a page does it itself.

    Raises Http404 for what is not among the account's.
    """
    found = _read_asked(request)
    many = _many_of(request, found[0]) if found else None
    return many.wanted if many else None


_Read = tuple[Asked, Choices, list[Section], list[School], str]
"""What is asked for, what else could be, the classes that may be rows, other schools, why a day is refused."""


def _read_asked(request: Request) -> _Read | None:
    taught, (schools, others) = read_taught(), split_schools(request)
    if not taught[0] or not schools:
        return None
    asked, choices, rows = read_asked(request, taught, schools)
    today, day = timezone.localdate(), read_as_of(request).day
    then, refused = _read_then(request, day)
    filters = replace(asked.filters, as_of=day.isoformat() if day else "", compare=then.isoformat() if then else "")
    asked = replace(asked, filters=filters, past=_closed(request, day, today), then=_closed(request, then, today))
    return asked, choices, rows, others, refused


def _read_then(request: Request, day: date | None) -> tuple[date | None, str]:
    """The day to compare the page of `day` with, None for none, and why the one asked for is not shown."""
    then, refused = read_closed_day(request, "compare")
    if then is None:
        if not refused and request.GET.get("compare", "").strip():
            refused = _("Today is not over yet, so nothing is compared with it. Choose an earlier day.")
        return None, refused
    if then == day:
        return None, _("Both days are the same. Choose another one to compare with.")
    if day is not None and then > day:
        return None, _("The day to compare with is after that of the page. Choose an earlier one.")
    return then, ""


def _closed(request: Request, day: date | None, today: date) -> ClosedDay | None:
    """The day and the schools by which the account sees it."""
    if day is None:
        return None
    return ClosedDay(day, today, _own(request))


def _own(request: Request) -> list[int] | None:
    access = request.user.access
    return None if access.is_district_admin else sorted(access.school_ids)


def _many_of(request: Request, asked: Asked) -> Many | None:
    """Of more learners than a page walks; None for fewer."""
    walks = asked.past is not None or asked.then is not None or asked.subgroup is not None
    if asked.school is not None or len(asked.schools) < 2 or not (walks or asked.over):
        return None
    here = Learner.objects.filter(home_school__in=list(asked.schools), left_on__isnull=True)
    if asked.grade:
        here = here.filter(grade=asked.grade)
    if asked.subgroup is not None:
        here = here.filter(subgroup_members__subgroup=asked.subgroup_id)
    n = here.count()
    if n <= (MOST_OVER if asked.over else MOST_THEN):
        return None
    on = asked.past.day if asked.past else None
    months = read_months(until=on or timezone.localdate()) if asked.over else []
    days = [on] if asked.past or asked.subgroup else []
    days += [asked.then.day] if asked.then else []
    days += [month.day for month in months]
    return Many(Wanted.of(asked.subject.pk, asked.subgroup_id, days), n, months) if days else None


def _counting(request: Request, asked: Asked) -> Counting | None:
    """What a worker has counted of more learners than a page walks, None where the page walks them.

    Raises TooMany where nothing is counted yet.
    """
    many, counting = _many_of(request, asked), None
    if many is None:
        return None
    if request.user.access.is_district_admin:
        kept, job = kept_counts.find(many.wanted)
        counting = Counting(many, job, kept, asked.filters.query())
        if kept is not None:
            return counting
    address = Address(asked.filters)
    raise TooMany([{"name": row.name, "url": address.to(school=row.pk)} for row in asked.schools], counting)
