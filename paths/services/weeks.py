"""A learner's week: planned by one tap a thing, shown with what is fixed already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lrm.rows import read
from paths.models import Step, WeekItem
from paths.services.path_pages import paths_of
from profiles.models import Account, Learner

SCHOOL_DAYS = 5
MOST_A_DAY = 12

# kind: "week_step" and "week_words" are planned by the learner; "week_talk" and "week_goal" are fixed. n: 1 where done.
SELECT = """
SELECT CASE WHEN w.step_id IS NULL THEN 'week_words' ELSE 'week_step' END, w.id, w.step_id, coalesce(s.title, w.text),
       w.day::timestamptz, CASE WHEN coalesce(s.done_at, w.done_at) IS NULL THEN 0 ELSE 1 END
  FROM paths_weekitem w LEFT JOIN paths_step s ON s.id = w.step_id
 WHERE w.learner_id = %(learner)s AND w.day BETWEEN %(monday)s AND %(monday)s + 4
UNION ALL
SELECT 'week_talk', c.id, c.id, concat_ws(' ', a.given_name, a.family_name), c.planned_on::timestamptz,
       CASE WHEN c.held_at IS NULL THEN 0 ELSE 1 END
  FROM paths_conference c LEFT JOIN profiles_account a ON a.id = c.teacher_id
 WHERE c.learner_id = %(learner)s AND c.planned_on BETWEEN %(monday)s AND %(monday)s + 4
UNION ALL
SELECT 'week_goal', g.id, g.id, g.what, g.due_on::timestamptz, 0
  FROM paths_goal g
 WHERE g.learner_id = %(learner)s AND g.state = 'live' AND g.due_on BETWEEN %(monday)s AND %(monday)s + 4
"""
KINDS = ("week_step", "week_words", "week_talk", "week_goal")
NAMED = f"SELECT kind, pk, about, text, at, n FROM ({SELECT}) w (kind, pk, about, text, at, n) ORDER BY at, kind, pk"


class WeekFull(ValueError):
    """A day holds no more."""


@dataclass(frozen=True)
class Item:
    """kind: step, words, talk or goal.    about: id of the step, conference or goal; None for words."""

    kind: str
    pk: int
    about: int | None
    text: str
    is_done: bool

    @property
    def is_mine(self) -> bool:
        """Planned by the learner, who may take it off the day."""
        return self.kind in ("step", "words")


@dataclass(frozen=True)
class Day:
    day: date
    is_today: bool
    items: list[Item]


@dataclass(frozen=True)
class Open:
    """A step that may be done now or soon.    day: where it stands in this week, or None."""

    step: Step
    path: str
    day: date | None


def monday_of(today: date) -> date:
    """Of this week; at the weekend of the next one, which is what there is to plan."""
    weekday = today.weekday()
    return today + timedelta(days=7 - weekday) if weekday >= SCHOOL_DAYS else today - timedelta(days=weekday)


def week_of(rows: Iterable[Any], *, today: date) -> list[Day]:
    """Monday to Friday. rows: as SELECT has them."""
    monday = monday_of(today)
    found: dict[date, list[Item]] = {}
    for row in rows:
        item = Item(row.kind.removeprefix("week_"), row.pk, row.about, row.text, bool(row.n))
        found.setdefault(_day(row.at), []).append(item)
    days = [monday + timedelta(days=number) for number in range(SCHOOL_DAYS)]
    order = ["goal", "talk", "step", "words"]
    return [
        Day(day, day == today, sorted(found.get(day, []), key=lambda item: (order.index(item.kind), item.pk)))
        for day in days
    ]


def read_week(learner: Learner, *, today: date) -> list[Day]:
    """One statement."""
    return week_of(read(NAMED, learner=learner.pk, monday=monday_of(today)), today=today)


def open_steps(learner: Learner, week: Sequence[Day]) -> list[Open]:
    """Steps that are not done and wait for nothing, in the order of the paths. Two statements."""
    day_of = {item.about: day.day for day in week for item in day.items if item.kind == "step"}
    return [
        Open(step, shown.path.title, day_of.get(step.pk))
        for shown in paths_of(learner)
        for step in shown.steps
        if step.state in ("now", "open")
    ]


@transaction.atomic
def plan_step(*, step: Step, day: date, by: Account) -> WeekItem:
    """The step stands on that day and on no other. by: the learner. Raises WeekFull."""
    learner = _locked(by)
    _check_room(learner, day, WeekItem.objects.exclude(step=step))
    item, _is_new = WeekItem.objects.update_or_create(step=step, defaults={"day": day, "learner": learner})
    return item


@transaction.atomic
def plan_words(*, uuid: UUID, text: str, day: date, by: Account) -> WeekItem:
    """Something of one's own. The same form twice is one. Raises WeekFull."""
    learner = _locked(by)
    standing = WeekItem.objects.filter(uuid=uuid, learner=learner).first()
    if standing is not None:
        return standing
    _check_room(learner, day, WeekItem.objects.all())
    return WeekItem.objects.create(uuid=uuid, learner=learner, day=day, text=text)


def take_off(item: WeekItem) -> None:
    """Off the week. A step stays on its path."""
    item.delete()


def tick(item: WeekItem, *, now: datetime) -> None:
    """Done, or not after all. Steps are ticked on their path."""
    item.done_at = None if item.done_at else now
    item.save(update_fields=["done_at"])


def _locked(account: Account) -> Learner:
    return Learner.objects.select_for_update().get(account=account)


def _check_room(learner: Learner, day: date, others) -> None:
    if others.filter(learner=learner, day=day).count() >= MOST_A_DAY:
        raise WeekFull


def _day(at: datetime) -> date:
    """The statement makes midnight of the connection's time zone, UTC, of a day without a time."""
    return at.date()
