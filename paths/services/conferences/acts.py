"""Preparing, holding and ending a meeting; points that wait for one; what was agreed."""

import uuid as uuids
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from paths.models import Conference, ConferenceStaffNotes, Goal, GoalStep, NextStep, TalkPoint
from paths.services.conferences.item import AgendaItem
from paths.services.errors import NotNow, UuidTaken
from paths.services.goal_words import GoalWords, StepWords, words_of
from paths.services.goals import revise_goal
from profiles.models import Account, Learner

STEP_LETTERS = 200


class NotesChanged(Exception):
    """Another window has saved these notes first. `current` is what stands now."""

    def __init__(self, current: Conference) -> None:
        super().__init__(f"Conference {current.pk} is at version {current.version}.")
        self.current = current


def prepare(*, learner: Learner, planned_on: date, by: Account) -> Conference:
    """The open meeting of the two, with its day; there is one at most, so asking twice makes one."""
    row, _is_new = Conference.objects.update_or_create(
        learner=learner, teacher=by, held_at=None, defaults={"planned_on": planned_on}
    )
    return row


@transaction.atomic
def save_notes(*, conference: Conference, version: int, notes: str, staff: str) -> Conference:
    """What was written so far; the same words again change nothing. Raises NotesChanged."""
    row = _locked(conference)
    beside = ConferenceStaffNotes.objects.filter(conference=row).first()
    if row.notes == notes and (beside.text if beside else "") == staff:
        return row
    if row.version != version:
        raise NotesChanged(row)
    row.notes, row.version = notes, row.version + 1
    row.save(update_fields=["notes", "version"])
    if staff or beside:
        ConferenceStaffNotes.objects.update_or_create(conference=row, defaults={"text": staff})
    return row


@transaction.atomic
def close(*, conference: Conference, agenda: Iterable[AgendaItem], now: datetime) -> Conference:
    """The meeting is over: its agenda stays as it was, and the points that were added belong to it. Twice is once."""
    row = _locked(conference)
    if row.held_at is None:
        items = [item for item in agenda if item.lasts]
        row.held_at, row.agenda = now, [item.as_json() for item in items]
        row.save(update_fields=["held_at", "agenda"])
        points = [item.point for item in items if item.point]
        TalkPoint.objects.filter(pk__in=points, conference=None).update(conference=row)
    return row


@transaction.atomic
def reopen(*, conference: Conference) -> Conference:
    """Undo of `close`. Raises NotNow where the next meeting of the two is being prepared already."""
    row = _locked(conference)
    if row.held_at is None:
        return row
    if Conference.objects.filter(learner=row.learner_id, teacher=row.teacher_id, held_at=None).exists():
        raise NotNow
    row.held_at, row.agenda = None, []
    row.save(update_fields=["held_at", "agenda"])
    TalkPoint.objects.filter(conference=row).update(conference=None)
    return row


@transaction.atomic
def add_step(
    *, conference: Conference, uuid: uuids.UUID, text: str, who: str, due_on: date | None, now: datetime
) -> NextStep:
    """Something that was agreed. The same form twice is one. Raises UuidTaken."""
    try:
        with transaction.atomic():
            row, _is_new = NextStep.objects.get_or_create(
                uuid=uuid,
                conference=conference,
                defaults={"text": text.strip(), "who": who, "due_on": due_on, "created_at": now},
            )
    except IntegrityError:
        raise UuidTaken from None
    return row


def agree(*, step: NextStep, agreed: bool, now: datetime) -> None:
    """The learner's yes, or taking it back; the first yes' time stays."""
    rows = NextStep.objects.filter(pk=step.pk)
    if agreed:
        rows.filter(agreed_at=None).update(agreed_at=now)
    else:
        rows.update(agreed_at=None)


def tick(*, step: NextStep, done: bool, now: datetime) -> None:
    rows = NextStep.objects.filter(pk=step.pk)
    if done:
        rows.filter(done_at=None).update(done_at=now)
    else:
        rows.update(done_at=None)


def remove_step(*, step: NextStep) -> None:
    """Only before the learner has agreed: afterwards it is a promise, which is ticked or stays. Raises NotNow."""
    if not NextStep.objects.filter(pk=step.pk, agreed_at=None, goal_step=None).delete()[0]:
        raise NotNow


@transaction.atomic
def make_goal_step(*, step: NextStep, goal: Goal, by: Account, now: datetime) -> GoalStep:
    """The step goes on as the last one of a live goal, by the goal's own history. Twice is once. Raises NotNow."""
    row = NextStep.objects.select_for_update(of=("self",)).select_related("goal_step").get(pk=step.pk)
    if row.goal_step is not None:
        return row.goal_step
    if goal.state != Goal.State.LIVE:
        raise NotNow
    words = words_of(goal)
    longer = GoalWords(
        what=words.what,
        why=words.why,
        done_when=words.done_when,
        due_on=words.due_on,
        standard_ids=words.standard_ids,
        steps=(*words.steps, StepWords(None, row.text)),
    )
    revise_goal(goal_id=goal.pk, version=goal.version, words=longer, by=by, now=now)
    found = goal.steps.order_by("-position", "-pk").first()
    if found is None:
        raise NotNow
    row.goal_step = found
    row.save(update_fields=["goal_step"])
    return found


def add_point(*, learner: Learner, uuid: uuids.UUID, text: str, by: Account, now: datetime) -> TalkPoint:
    """Something to talk about next time. The same form twice is one. Raises UuidTaken."""
    point, _is_new = TalkPoint.objects.get_or_create(
        uuid=uuid, defaults={"learner": learner, "by": by, "text": text.strip(), "at": now}
    )
    if point.learner_id != learner.pk or point.by_id != by.pk:
        raise UuidTaken
    return point


def put_point_away(*, point: TalkPoint, away: bool, now: datetime) -> None:
    """Off the agenda, or back on it."""
    rows = TalkPoint.objects.filter(pk=point.pk)
    if away:
        rows.filter(put_away_at=None).update(put_away_at=now)
    else:
        rows.update(put_away_at=None)


def _locked(conference: Conference) -> Conference:
    return Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
