"""The groups of a class as files that a spreadsheet opens: what their pages say, one row a member."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.closing_words import points_of, say_outcome
from assessments.models import Group
from assessments.running_page import bring_members, running_groups, say_members
from assessments.services import closings
from assessments.services.policies import Policies
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section
from profiles.second_step import give_to_teacher


@allow(TEACHER)
@require_safe
def groups_csv(request: Request, pk: int) -> HttpResponse:
    """The groups that are on, by letter; one without members is a row without a name."""
    section = _taught(request, pk)
    return give_to_teacher(request, lambda: _running(request, section, timezone.localdate()))


def _running(request: Request, section: Section, today: date) -> HttpResponse:
    groups = list(running_groups(section, on=today))
    bring_members(groups, section, on=today)
    members = say_members(groups)
    looked_at(request, [line["learner"].pk for lines in members.values() for line in lines])
    rows: list[list[object]] = [[*_heading(), _("Why")]]
    for group in groups:
        names = [(line["learner"].name, line["reason"]) for line in members[group.pk]] or [("", "")]
        rows += [[*_row(section, group, name), reason] for name, reason in names]
    return answer_csv(f"{slugify(section.title)}-groups-{today.isoformat()}", rows)


@allow(TEACHER)
@require_safe
def groups_ended_csv(request: Request, pk: int) -> HttpResponse:
    """All groups that are over, the newest first. Observed and expected are of the group, in points of 100."""
    section = _taught(request, pk)
    return give_to_teacher(request, lambda: _ended(request, section, timezone.localdate()))


def _ended(request: Request, section: Section, today: date) -> HttpResponse:
    groups = list(closings.ended_groups(section, on=today).select_related("focus").order_by("-created_at", "letter"))
    ended = closings.read_over(groups, Policies(section.district_id), today=today)
    looked_at(request, [member.learner_id for over in ended.values() for member in over.members])
    more = [_("Ended"), _("Outcome"), _("Level at the start"), _("Level now")]
    rows: list[list[object]] = [[*_heading(), *more, _("Change in scores"), _("Expected anyway")]]
    for group in groups:
        over = ended[group.pk]
        change = over.closing.change
        points = ["", ""] if change is None else [points_of(change.observed), points_of(change.expected)]
        last = closings.ended_on(group).isoformat()
        for member in sorted(over.members, key=closings.outcome_order):
            levels = [member.level_then or "", member.level_now or ""]
            rows.append([*_row(section, group, member.name), last, say_outcome(member.outcome), *levels, *points])
        if not over.members:
            rows.append([*_row(section, group, ""), last, "", "", "", *points])
    return answer_csv(f"{slugify(section.title)}-ended-groups-{today.isoformat()}", rows)


def _taught(request: Request, pk: int) -> Section:
    return get_object_or_404(Section.objects.taught_by(request.user), pk=pk)


def _heading() -> list[str]:
    topic = [_("Class"), _("Group"), _("Code"), _("Topic"), _("Purpose")]
    return [*topic, _("Student"), _("With"), _("Where"), _("When"), _("From"), _("Until")]


def _row(section: Section, group: Group, name: str) -> list[object]:
    topic = [section.title, group.letter, group.focus.code, group.focus.heading, group.get_purpose_display()]
    days = [group.starts_on.isoformat(), group.ends_on.isoformat()]
    return [*topic, name, group.adult, group.place, group.time_text, *days]
