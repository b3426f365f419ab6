"""The groups that are on as their page shows them: members with their reasons, tasks, and a form to change each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from assessments.clash_words import said_of
from assessments.forms.groups import GroupForm, group_forms
from assessments.group_words import Words
from assessments.models import Group, GroupMember
from assessments.services.clashes import read_clashes
from profiles.models import Enrollment, Section
from profiles.models.support import said, supports_of
from standards.models import Standard


def draw_running(section: Section, *, on: date, typed: GroupForm | None = None) -> list[dict[str, Any]]:
    """Dicts group, members (learner, reason), clashes (sentences), form, is_open, by letter.

    typed: the form of one of the groups as somebody filled it in; it takes the place of its empty one, open.
    """
    groups = list(running_groups(section, on=on).prefetch_related("tasks"))
    bring_members(groups, section, on=on)
    members = say_members(groups)
    clashes = read_clashes(section, on=on) if groups else {}
    forms = group_forms(groups, today=on)
    if typed is not None and typed.group.pk in forms:
        forms[typed.group.pk] = typed
    return [
        {
            "group": group,
            "members": members[group.pk],
            "clashes": [sentence for clash in clashes.get(group.pk, []) for sentence in said_of(clash)],
            "form": forms[group.pk],
            "is_open": forms[group.pk] is typed,
        }
        for group in groups
    ]


def running_groups(section: Section, *, on: date):
    """Groups of the section that are neither closed nor past their last day, by letter."""
    return Group.objects.filter(section=section, closed_at__isnull=True, ends_on__gte=on).select_related("focus")


def bring_members(groups: Sequence[Group], section: Section, *, on: date) -> None:
    """Read the members of groups of one section, those who are in the class on that day. One statement."""
    here = Enrollment.objects.of_learners().on(on).filter(roster_id=section.roster_id).values("learner_id")
    members = GroupMember.objects.filter(learner__in=here).select_related("learner")
    members = members.annotate(support_rows=supports_of("learner", on=on))
    prefetch_related_objects(groups, Prefetch("members", members))


def say_members(groups: Iterable[Group]) -> dict[int, list[dict[str, Any]]]:
    """{group id: dicts learner and reason (words), by name}. groups: with their members at hand. One statement."""
    people = {group.pk: sorted(group.members.all(), key=lambda member: member.learner.name) for group in groups}
    members = [member for inside in people.values() for member in inside]
    named = {reason.get(name) for member in members for reason in _reasons(member) for name in ("standard", "has")}
    words = Words(Standard.objects.in_bulk(named - {None}), {row.learner_id: row.learner.name for row in members})
    return {
        pk: [
            {
                "learner": member.learner,
                "supports": said(getattr(member, "support_rows", ())),
                "reason": words.learner(_reasons(member)),
            }
            for member in inside
        ]
        for pk, inside in people.items()
    }


def _reasons(member: GroupMember) -> list[Mapping[str, Any]]:
    return member.reason.get("reasons", [])
