"""The data wall of a section."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from assessments.services.walls import NO_RESULT, SORTS, Wall, read_past_wall, read_wall, with_disagreements
from assessments.views.changes import watched
from assessments.views.levels import UNDO_URL
from assessments.views.receipts import panel_context
from assessments.views.sections import pick_section, sections_of
from assessments.wall_html import WallCells
from lrm.as_of import read_as_of
from lrm.drawing import level_bar
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, TEACHER, allow
from profiles.models import Section

USUAL_SORT = "most"


@allow(TEACHER, SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def wall(request: Request, pk: int | None = None) -> HttpResponse:
    """?sort= a key of SORTS or a standard's id; ?at=learner.standard opens that receipt; ?as_of= a closed day."""
    request.nav = "wall"
    sections = sections_of(request, pk)
    section = pick_section(request, pk, sections)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        asked = request.GET.urlencode()
        return redirect(reverse("section_wall", args=[section.pk]) + (f"?{asked}" if asked else ""))
    past = read_as_of(request, leave_out=("at",))
    changes = {} if past.day else watched(request, section.roster_id)
    sort = request.GET.get("sort", USUAL_SORT)[:20]
    found = read_shown(request, section, past.day, sort=sort)
    looked_at(request, [row.learner.pk for row in found.rows])
    at = request.GET.get("at", "")
    context = {
        "section": section,
        "sections": sections,
        "wall": found,
        "as_of": timezone.localtime(),
        "past": past,
        "sort": sort,
        "sorts": SORTS.items(),
        "sorted_by": _sorted_by(found, sort),
        "at": at,
        "may_set_levels": past.day is None and _teaches(request, section),
        "undo_levels_url": request.session.pop(UNDO_URL, ""),
        **changes,
        **_drawn(found, at, sort=sort, more=past.more),
    }
    if at:
        context |= panel_context(request, at, section_id=section.pk, sort=sort, past=past.day)
    return render(request, "assessments/wall.html", context)


def _teaches(request: Request, section: Section) -> bool:
    access = request.user.access
    return section.roster_id in access.whole_rosters or section.pk in access.sections


def read_shown(request: Request, section: Section, day: date | None, *, sort: str) -> Wall:
    """The wall as of now or, with a day, as of the end of that day."""
    today = timezone.localdate()
    policies = Policies(section.district_id)
    if day is None:
        return with_disagreements(read_wall(section, policies, on=today, sort=sort), policies)
    return read_past_wall(section, policies, day=day, account=request.user, sort=sort)


def _sorted_by(found: Wall, sort: str) -> str:
    labels = {str(column.standard.pk): column.standard.label for column in found.columns}
    return labels.get(sort) or SORTS.get(sort) or SORTS[USUAL_SORT]


def _drawn(found: Wall, at: str, *, sort: str, more: str) -> dict:
    """What the template shows, worked out: it does no arithmetic. more: AsOf.more, at the end of addresses."""
    columns = []
    for column in found.columns:
        policy = column.policy
        levels = {level: n for level, n in column.counts.items() if level != NO_RESULT}
        secure = sum(n for level, n in levels.items() if level >= policy.scale.mastery_level)
        columns.append(
            {
                "standard": column.standard,
                "starts_domain": column.starts_domain,
                "link": format_html(
                    'href="?sort={}{}" title="{}"',
                    column.standard.pk,
                    more,
                    Truncator(column.standard.statement).chars(200),
                ),
                "seen": column.seen,
                "share": round(100 * secure / column.seen) if column.seen else None,
                "bar": level_bar(levels, total=len(found.rows)),
                "said": ", ".join(
                    f"{n} {policy.word(level) or f'({level})'}" for level, n in sorted(levels.items(), reverse=True)
                ),
            }
        )
    kept = "" if sort == USUAL_SORT else f"&{urlencode({'sort': sort})}"
    cells = WallCells(found.columns, opened=at, more=kept + more)
    rows = [{"row": row, "cells": cells.of(row), "is_open": _opens(at, row)} for row in found.rows]
    legend = [
        {"level": level, "word": found.policies.word(level), "count": found.counts.get(level, 0)}
        for level in range(1, found.policies.levels + 1)
    ]
    return {
        "columns": columns,
        "rows": rows,
        "legend": legend,
        "no_result": found.counts.get(NO_RESULT, 0),
        "mastery_said": _say_mastery(found.policies),
    }


def _say_mastery(policies: PagePolicies) -> str:
    """What shares count: "Secure or more", or "Met" where columns name it in different words."""
    return _("%(word)s or more") % {"word": policies.mastery_word} if policies.is_one else _("Met")


def _opens(at: str, row) -> bool:
    return at.split(".")[0] == str(row.learner.pk)
