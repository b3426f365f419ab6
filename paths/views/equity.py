"""Equity: who sits in which kind of group for how long, and who gets choice, with differences and their ranges."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assessments.services.minimums import minimums_on
from assessments.services.policies import Policies
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.policy import ADMINS, allow
from paths import equity_page as page
from paths.forms.practice import PracticeScope, choices, is_too_many, read_scope, refuse_too_many
from paths.services.equity import read_levels
from paths.services.practice import read_practice
from paths.subgroup_words import by_menus, say_by, say_compared, say_where
from profiles.services.terms import Term, term_of
from standards.models import Framework


@dataclass(frozen=True)
class _Read:
    term: Term
    methods: str
    minimum: int
    lines: list[page.EquityLine]


@allow(*ADMINS)
@require_safe
def equity(request: Request) -> HttpResponse:
    """?school and ?by choose."""
    request.nav = "school"
    scope = read_scope(request)
    context: dict = {"scope": scope, "menus": by_menus(scope, "equity"), "where": say_where(scope)}
    if is_too_many(scope):
        return render(request, "paths/equity.html", context | {"choose": choices(scope, "equity")})
    found = _read(request, scope)
    context |= {
        "found": found,
        "lines": [] if page.is_empty(found.lines) else found.lines,
        "spans": page.SPANS,
        "headings": page.HEADINGS.values(),
        "all_refused": page.say_all_refused(found.lines),
        "advice": page.advice(found.lines),
        "by": say_by(scope.by),
        "compared": say_compared(scope),
        "now": timezone.localtime(),
        "csv_url": scope.to("equity_csv"),
    }
    return render(request, "paths/equity.html", context)


@allow(*ADMINS)
@require_safe
def equity_csv(request: Request) -> HttpResponse:
    """A line for each figure of the page; what is not said there is not said here."""
    scope = read_scope(request)
    if is_too_many(scope):
        return refuse_too_many()
    now = timezone.localtime().isoformat(timespec="minutes")
    found = _read(request, scope)
    rows = page.csv_rows(scope, found.lines, methods=found.methods, now=now)
    return answer_csv(f"{slugify(say_where(scope))}-equity-{timezone.localdate().isoformat()}", rows)


def _read(request: Request, scope: PracticeScope) -> _Read:
    today = timezone.localdate()
    term = term_of(request.user.district_id, on=today)
    zone = timezone.get_current_timezone_name()
    schools = [school.pk for school in scope.asked]
    policies = Policies(request.user.district_id)
    minimums = minimums_on(request.user.district, policies, today)
    found = read_practice(schools, zone=zone, since=term.starts_on, today=today)
    levels = read_levels(schools, policies.mastery_levels(today))
    lines = page.draw_lines(scope, found, levels, minimums=minimums)
    titles = dict(Framework.objects.filter(district_id=request.user.district_id).values_list("pk", "title"))
    names = {school.pk: school.name for school in scope.asked}
    methods = page.say_methods_behind(found, levels, policies, titles, schools=names, minimums=minimums, on=today)
    return _Read(term, methods, minimums.largest(schools), lines)
