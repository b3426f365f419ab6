"""Good news shared with a class, and cheers to it."""

import uuid as uuids
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from assessments.models import MasteryDay
from lrm.days import day_of
from paths.models import Cheer, Goal, PeerClass, SharedMoment
from paths.services.celebrations import Day, last_rise
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Learner, ScreenName, Section
from standards.models import Standard

LATELY = timedelta(days=30)
WAY_BACK = timedelta(days=120)
OFFERED = 8
MICRO = 1_000_000


@dataclass(frozen=True)
class News:
    """What a learner may share. Exactly one of the two is there."""

    on: date
    goal: Goal | None = None
    standard: Standard | None = None

    @property
    def key(self) -> str:
        """As a form sends it: "goal:7"."""
        return f"goal:{self.goal.pk}" if self.goal else f"standard:{self.standard.pk}" if self.standard else ""


def news_of(learner: Learner, *, today: date) -> list[News]:
    """Goals reached, and standards in which the learner moved up higher than ever, of 30 days. Three statements."""
    goals = Goal.objects.filter(learner=learner, state=Goal.State.ACHIEVED, achieved_at__date__gt=today - LATELY)
    found = [News(day_of(goal.achieved_at), goal=goal) for goal in goals if goal.achieved_at]
    ways: dict[int, list[Day]] = defaultdict(list)
    rows = MasteryDay.objects.filter(learner=learner, day__gt=today - WAY_BACK).order_by("standard_id", "day")
    for standard, day, value, level in rows.values_list("standard_id", "day", "value_micro", "shown_level"):
        if value is not None and level is not None:
            ways[standard].append(Day(day, value / MICRO, level))
    rises = {standard: rise[0] for standard, way in ways.items() if (rise := last_rise(way))}
    lately = [standard for standard, on in rises.items() if on > today - LATELY]
    found += [News(rises[row.pk], standard=row) for row in Standard.objects.filter(pk__in=lately)]
    return sorted(found, key=lambda news: (news.on, news.key), reverse=True)[:OFFERED]


@transaction.atomic
def share(
    *, learner: Learner, section: Section, news: News, uuid: uuids.UUID, by: Account, now: datetime
) -> SharedMoment:
    """Put it on the class's page. The same news twice is there once.

    Raises NotNow: the learner has no screen name, or the class has cheers off. UuidTaken: the form is another's.
    """
    named = ScreenName.objects.select_for_update().filter(learner=learner).exists()
    if not named or PeerClass.objects.filter(section=section, cheers_on=False).exists():
        raise NotNow
    found = SharedMoment.objects.filter(uuid=uuid).first()
    if found is not None and found.learner_id != learner.pk:
        raise UuidTaken
    standing = SharedMoment.objects.filter(
        learner=learner, section=section, goal=news.goal, standard=news.standard, stopped_at=None
    ).first()
    there = found or standing
    if there:
        return there
    return SharedMoment.objects.create(
        uuid=uuid, learner=learner, section=section, goal=news.goal, standard=news.standard, shared_at=now
    )


@transaction.atomic
def stop_sharing(*, moment: SharedMoment, by: Account, now: datetime) -> None:
    """Take it off the page; its cheers are gone with that. Twice is once."""
    row = SharedMoment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    if row.stopped_at is None:
        row.stopped_at, row.stopped_by = now, by
        row.save(update_fields=["stopped_at", "stopped_by"])
        Cheer.objects.filter(moment=row).delete()


@transaction.atomic
def cheer(*, moment: SharedMoment, learner: Learner, kind: str, now: datetime) -> Cheer:
    """A classmate's cheer; another one takes the first one's place. Raises NotNow: it is shared no more."""
    row = SharedMoment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    if row.stopped_at is not None or row.learner_id == learner.pk:
        raise NotNow
    found, _is_new = Cheer.objects.update_or_create(moment=row, by=learner, defaults={"kind": kind, "at": now})
    return found


def take_cheer_back(*, moment: SharedMoment, learner: Learner) -> None:
    Cheer.objects.filter(moment=moment, by=learner).delete()
