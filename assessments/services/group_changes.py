"""Changing a group that is on: who leads it, where and when it meets, until which day, and what it works on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from assessments.models import Group, GroupTask
from assessments.services.telling import tell_of_groups
from profiles.models import Account
from profiles.models.webhook import Event


class GroupChanged(Exception):
    """Somebody else changed the group first; nothing was stored. current: the group as it stands now."""

    def __init__(self, current: Group) -> None:
        super().__init__("The group has changed.")
        self.current = current


class GroupOver(Exception):
    """The group was closed, or its last day is past; nothing was stored."""


@dataclass(frozen=True)
class TaskLine:
    """tier: a GroupTask.Tier.    url: where the material lies, or ""."""

    text: str
    tier: str = GroupTask.Tier.CORE
    url: str = ""


@transaction.atomic
def change_group(
    *,
    group: Group,
    version: int,
    by: Account,
    on: date,
    adult: str,
    place: str,
    time_text: str,
    starts_on: date,
    ends_on: date,
    tasks: Iterable[TaskLine],
) -> Group:
    """Write the group anew, but for its focus and its members, which stay. Returns it as it stands then.

    version: of the group that the writer saw.    on: today in the district.    starts_on, ends_on: first and last day.
    Raises GroupChanged, GroupOver; ValueError for a last day before the first.
    """
    if ends_on < starts_on:
        raise ValueError("A group ends on the day on which it starts, or later.")
    current = (
        Group.objects.select_for_update(of=("self",)).select_related("changed_by", "focus", "section").get(pk=group.pk)
    )
    if current.closed_at is not None or current.ends_on < on:
        raise GroupOver
    if current.version != version:
        raise GroupChanged(current)
    if current.adult != adult:
        # A group in a rotation slot has its adult already; another one, or none, settles anew whether it is led.
        current.adult, current.is_led = adult, bool(adult)
    current.place, current.time_text, current.starts_on, current.ends_on = place, time_text, starts_on, ends_on
    current.version, current.changed_by, current.end_told_at = version + 1, by, None
    texts = ["adult", "is_led", "place", "time_text"]
    current.save(update_fields=[*texts, "starts_on", "ends_on", "version", "changed_by", "end_told_at"])
    GroupTask.objects.filter(group=current).delete()
    GroupTask.objects.bulk_create(
        GroupTask(group=current, position=position, tier=task.tier, text=task.text, url=task.url)
        for position, task in enumerate(tasks)
    )
    tell_of_groups(Event.GROUP_CHANGED, current.section, [current.pk])
    return current
