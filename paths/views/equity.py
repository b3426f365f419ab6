"""Equity: who sits in which kind of group for how long, and who gets choice, with differences and their ranges."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.policy import ADMINS, allow
from paths import equity_page as page
from paths.forms.practice import PracticeScope, is_too_many, read_scope, refuse_too_many
from paths.services.equity import read_levels
from paths.subgroup_words import say_where
from paths.views.practice_reading import PracticeRead, ask_for_school, context_of, read_for
from standards.models import Framework


@dataclass(frozen=True)
class _Equity:
    read: PracticeRead
    methods: str
    lines: list[page.EquityLine]


@allow(*ADMINS)
@require_safe
def equity(request: Request) -> HttpResponse:
    """?school and ?by choose."""
    request.nav = "school"
    scope = read_scope(request)
    if (choice := ask_for_school(request, scope, "equity")) is not None:
        return choice
    found = _read(request, scope)
    is_empty = page.is_empty(found.lines)
    context = context_of(found.read, "equity", has_figures=not is_empty) | {
        "lines": [] if is_empty else found.lines,
        "methods": found.methods,
        "spans": page.SPANS,
        "headings": page.HEADINGS.values(),
        "all_refused": page.say_all_refused(found.lines),
        "advice": page.advice(found.lines),
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


def _read(request: Request, scope: PracticeScope) -> _Equity:
    read = read_for(request, scope)
    levels = read_levels(read.school_ids, read.policies.mastery_levels(read.today))
    lines = page.draw_lines(scope, read.practice, levels, minimums=read.minimums)
    titles = dict(Framework.objects.filter(district_id=request.user.district_id).values_list("pk", "title"))
    names = {school.pk: school.name for school in scope.asked}
    methods = page.say_methods_behind(
        read.practice, levels, read.policies, titles, schools=names, minimums=read.minimums, on=read.today
    )
    return _Equity(read, methods, lines)
