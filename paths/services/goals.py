"""A goal's life: draft, live, reached or not yet, kept for later; each change with who and when."""

import uuid as uuids
from datetime import date, datetime

from django.db import IntegrityError, transaction

from paths.models import Goal, GoalRevision, GoalStep
from paths.services.errors import GoalChanged, NotNow, UuidTaken
from paths.services.goal_words import (
    AGREED_ON,
    GoalWords,
    as_json,
    differences,
    lines_of,
    store_words,
    words_of,
)
from profiles.models import Account, Learner

State = Goal.State
Change = GoalRevision.Change


@transaction.atomic
def save_draft(*, learner: Learner, uuid: uuids.UUID, words: GoalWords, by: Account) -> Goal:
    """Keep what is being written, as often as wanted.

    Only its writer sees it. A goal that is live already stays as it is.

    Raises UuidTaken: the identifier is that of another learner's or writer's goal.
    """
    goal = _draft(learner, uuid, by)
    if goal.state == State.DRAFT:
        store_words(goal, words)
    return goal


@transaction.atomic
def write_goal(*, learner: Learner, uuid: uuids.UUID, words: GoalWords, by: Account, now: datetime) -> Goal:
    """Make the goal live, from a draft or at once; sending the form twice makes one goal.

    A teacher's own words need no agreement of a teacher. Raises UuidTaken.
    """
    goal = _draft(learner, uuid, by)
    if goal.state != State.DRAFT:
        return goal
    goal.state = State.LIVE
    goal.created_at = now
    if not _is_own(goal, by):
        goal.agreed_by, goal.agreed_at = by, now
    store_words(goal, words)
    _note(goal, Change.WRITTEN, by, now)
    return goal


@transaction.atomic
def revise_goal(*, goal_id: int, version: int, words: GoalWords, by: Account, now: datetime) -> Goal:
    """Change the words and keep the old ones as a revision.

    What was agreed is asked again when the learner changes it. Raises GoalChanged when another save came first,
    unless it says the same.
    """
    goal = _locked(goal_id)
    old = words_of(goal)
    changed = differences(old, words)
    if not changed:
        return goal
    if goal.version != version:
        raise GoalChanged(goal)
    goal.version += 1
    goal.asked_at = None
    before = as_json(old, changed)
    if goal.agreed_at and _is_own(goal, by) and changed.intersection(AGREED_ON):
        before["agreed_at"] = goal.agreed_at.isoformat()
        goal.agreed_at = goal.agreed_by = None
    if goal.state == State.DRAFT:
        store_words(goal, words)
        return goal
    store_words(goal, words)
    _note(goal, Change.STEPS if changed == {"steps"} else Change.WORDS, by, now, before)
    return goal


@transaction.atomic
def close_goal(*, goal_id: int, reached: bool, because: str, by: Account, now: datetime) -> Goal:
    """End a live goal. because: what got in the way, where it is not reached yet. Closing twice closes once."""
    goal = _locked(goal_id)
    target = State.ACHIEVED if reached else State.MISSED
    if goal.state == target:
        return goal
    if goal.state != State.LIVE:
        raise NotNow
    goal.state = target
    goal.achieved_at = now if reached else None
    goal.missed_because = "" if reached else because
    goal.asked_at = None
    _save(goal, now, "state", "achieved_at", "missed_because", "asked_at")
    _note(goal, Change.REACHED if reached else Change.MISSED, by, now)
    return goal


@transaction.atomic
def keep_for_later(*, goal_id: int, by: Account, now: datetime) -> Goal:
    """Put a goal away; `reopen_goal` brings it back. Drafts are discarded instead."""
    goal = _locked(goal_id)
    if goal.state == State.ARCHIVED:
        return goal
    if goal.state == State.DRAFT:
        raise NotNow
    before = {"state": goal.state}
    goal.state, goal.archived_at = State.ARCHIVED, now
    _save(goal, now, "state", "archived_at")
    _note(goal, Change.KEPT, by, now, before)
    return goal


@transaction.atomic
def reopen_goal(*, goal_id: int, by: Account, now: datetime, due_on: date | None = None) -> Goal:
    """Bring a goal back that was put away or closed. A goal that was put away closed comes back closed.

    What a teacher has confirmed stays closed: NotNow.
    """
    goal = _locked(goal_id)
    if goal.state == State.LIVE:
        return goal
    if goal.state == State.DRAFT or (goal.state == State.ACHIEVED and goal.confirmed_at):
        raise NotNow
    before: dict = {"state": goal.state, "missed_because": goal.missed_because}
    if goal.state == State.ARCHIVED and goal.achieved_at:
        goal.state = State.ACHIEVED
    else:
        goal.state, goal.achieved_at, goal.missed_because = State.LIVE, None, ""
    goal.archived_at = None
    if due_on:
        before["due_on"] = goal.due_on.isoformat() if goal.due_on else None
        goal.due_on = due_on
    _save(goal, now, "state", "achieved_at", "missed_because", "archived_at", "due_on")
    _note(goal, Change.REOPENED, by, now, before)
    return goal


@transaction.atomic
def tick_criterion(*, goal_id: int, text: str, met: bool) -> Goal:
    """Tick one line of "done when", or take the tick back. A line that is not there any more changes nothing."""
    goal = _locked(goal_id)
    if text in lines_of(goal.done_when):
        goal.met = [line for line in goal.met if line != text] + ([text] if met else [])
        goal.save(update_fields=["met"])
    return goal


def tick_step(*, step: GoalStep, done: bool, now: datetime) -> None:
    """Tick a step or take the tick back; the first tick's time stays."""
    rows = GoalStep.objects.filter(pk=step.pk)
    if done:
        rows.filter(done_at__isnull=True).update(done_at=now)
    else:
        rows.update(done_at=None)


def discard_draft(*, goal: Goal) -> None:
    """Drafts are the one kind of goal that goes away for good: nobody else has seen it."""
    Goal.objects.filter(pk=goal.pk, state=State.DRAFT).delete()


def _draft(learner: Learner, uuid: uuids.UUID, by: Account) -> Goal:
    try:
        with transaction.atomic():
            goal, _ = Goal.objects.select_for_update().get_or_create(
                uuid=uuid, learner=learner, defaults={"author": by}
            )
    except IntegrityError:
        raise UuidTaken from None
    if goal.offered_at and goal.author_id is None and _is_own(goal, by):
        goal.author = by  # the learner had no account yet when it was offered
    if goal.author_id != by.pk:
        raise UuidTaken
    return goal


def _locked(goal_id: int) -> Goal:
    return Goal.objects.select_for_update().get(pk=goal_id)


def _is_own(goal: Goal, by: Account) -> bool:
    return by.access.learner_id == goal.learner_id


def _save(goal: Goal, now: datetime, *fields: str) -> None:
    goal.updated_at = now
    goal.save(update_fields=[*fields, "updated_at"])


def _note(goal: Goal, change: str, by: Account, now: datetime, before: dict | None = None) -> None:
    GoalRevision.objects.create(goal=goal, at=now, by=by, what_changed=change, before=before or {})
