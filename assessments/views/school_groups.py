"""Who learns in which kind of group, for administrators: by school or grade, with what to do; no class told apart."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.forms.school import read_chosen_school, read_schools
from assessments.models import Group
from assessments.services.group_shares import BLOCK, LONG, MEASURES, OWN, GroupShares, Share, SharesLine, read_shares
from assessments.services.policies import Policies
from assessments.services.published import say_share
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
    here = Learner.objects.filter(home_school__in=asked, left_on__isnull=True)
    if len(asked) > 1 and here.count() > MOST_AT_ONCE:
        return render(request, "assessments/school_groups.html", context | {"choose": True})
    today = timezone.localdate()
    minimum = Policies(request.user.district_id).minimum_n(today)
    found = read_shares(asked, zone=timezone.get_current_timezone_name(), minimum=minimum, today=today)
    context |= {"found": found, "headings": _headings(), "lines": _lines(found, asked, chosen)}
    return render(request, "assessments/school_groups.html", context)


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
