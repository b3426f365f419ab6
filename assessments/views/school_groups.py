"""Who learns in which kind of group, for administrators: by school or grade, with what to do; no class told apart."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.forms.school import read_chosen_school, read_schools
from assessments.models import Group
from assessments.services.group_shares import BLOCK, LONG, MEASURES, OWN, GroupShares, Share, SharesLine, read_shares
from assessments.services.minimums import minimums_on
from assessments.services.policies import Policies
from assessments.services.published import say_share
from lrm.csv_answers import answer_csv
from lrm.grades import grade_name
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Learner, School

MOST_AT_ONCE = 10_000
"""Learners of several schools that one page counts; beyond, a school is to be chosen."""


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def school_groups(request: Request) -> HttpResponse:
    """?school chooses one of those that the account administers."""
    request.nav = "school"
    schools = read_schools(request)
    chosen = read_chosen_school(request, schools)
    context: dict = {"schools": schools, "school": chosen}
    asked = [chosen] if chosen else schools
    found = _read(request, asked)
    if found is None:
        choose = [{"name": row.name, "url": f"?school={row.pk}"} for row in schools]
        return render(request, "assessments/school_groups.html", context | {"choose": choose})
    context |= {"found": found, "headings": _headings(), "lines": _lines(found, asked, chosen)}
    context["now"] = timezone.localtime()
    context["csv_url"] = reverse("school_groups_csv") + (f"?school={chosen.pk}" if chosen else "")
    return render(request, "assessments/school_groups.html", context)


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def school_groups_csv(request: Request) -> HttpResponse:
    """The page as a file; what is hidden there is hidden here, in the same words."""
    schools = read_schools(request)
    chosen = read_chosen_school(request, schools)
    asked = [chosen] if chosen else schools
    found = _read(request, asked)
    if found is None:
        said = _("The groups of so many students are counted for one school at a time. Choose a school.")
        return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")
    first = _("Grade") if len(asked) == 1 else _("School")
    rows: list[list[object]] = [[first, _("Students in groups"), *_headings(), _("Since"), _("As of")]]
    days = [found.since.isoformat(), timezone.localtime().isoformat(timespec="minutes")]
    for row in _lines(found, asked, chosen):
        line = row["line"]
        rows.append([row["name"] or _("No grade"), _say_learners(line), *row["cells"], *days])
    scope = asked[0].name if len(asked) == 1 else _("All schools")
    return answer_csv(f"{slugify(scope)}-groups-{timezone.localdate().isoformat()}", rows)


def _read(request: Request, schools: list[School]) -> GroupShares | None:
    """None: one of the schools is to be chosen first."""
    here = Learner.objects.filter(home_school__in=schools, left_on__isnull=True)
    if len(schools) > 1 and here.count() > MOST_AT_ONCE:
        return None
    today = timezone.localdate()
    minimums = minimums_on(request.user.district, Policies(request.user.district_id), today)
    return read_shares(schools, zone=timezone.get_current_timezone_name(), minimums=minimums, today=today)


def _say_learners(line: SharesLine) -> str | int | None:
    words = {"hidden": _("hidden (n < %(n)s)") % {"n": line.least}, "nobody": _("nobody")}
    return words.get(line.hidden, line.learners)


def _headings() -> list[str]:
    words = {OWN: _("Own path"), BLOCK: _("Tutoring block"), LONG: _("Long in the group with the most to learn")}
    return [words.get(measure) or str(Group.Purpose(measure).label) for measure in MEASURES]


def _lines(found: GroupShares, schools: list[School], chosen: School | None) -> list[dict]:
    titles = {str(school.pk): school for school in schools}
    single = len(schools) == 1
    lines = []
    for line in found.lines:
        school = None if single else titles.get(line.key)
        total = schools[0].name if single else _("All schools")
        name = (grade_name(line.key) if single else school.name if school else "") if line.key else total
        lines.append(
            {"line": line, "name": name, "school": school, "cells": [_cell(line, each) for each in line.shares]}
        )
    return lines


def _cell(line: SharesLine, share: Share) -> str:
    return "" if share.percent is None else say_share(*share.percent)
