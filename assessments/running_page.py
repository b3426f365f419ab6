"""The groups that are on as their page shows them: members with their reasons, tasks, and a form to change each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.forms.groups import GroupForm, group_forms
from assessments.group_words import Words
from assessments.models import Group, GroupMember
from profiles.models import Section
from standards.models import Standard


def draw_running(section: Section, *, on: date, typed: GroupForm | None = None) -> list[dict[str, Any]]:
    """Dicts group, members (learner, reason), form, is_open, by letter.

    typed: the form of one of the groups as somebody filled it in; it takes the place of its empty one, open.
    """
    groups = list(running_groups(section, on=on).prefetch_related("members__learner", "tasks"))
    reasons = [reason for group in groups for member in group.members.all() for reason in _reasons(member)]
    named = {reason.get(name) for reason in reasons for name in ("standard", "has")} - {None}
    learners = {member.learner_id: member.learner.name for group in groups for member in group.members.all()}
    words = Words(Standard.objects.in_bulk(named), learners)
    forms = group_forms(groups, today=on)
    if typed is not None and typed.group.pk in forms:
        forms[typed.group.pk] = typed
    return [
        {
            "group": group,
            "members": [
                {"learner": member.learner, "reason": words.learner(_reasons(member))}
                for member in sorted(group.members.all(), key=lambda member: member.learner.name)
            ],
            "form": forms[group.pk],
            "is_open": forms[group.pk] is typed,
        }
        for group in groups
    ]


def running_groups(section: Section, *, on: date):
    """Groups of the section that are neither closed nor past their last day, by letter."""
    return Group.objects.filter(section=section, closed_at__isnull=True, ends_on__gte=on).select_related("focus")


def _reasons(member: GroupMember) -> list[Mapping[str, Any]]:
    return member.reason.get("reasons", [])
