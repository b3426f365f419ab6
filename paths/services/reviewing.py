"""What a teacher says to goals that wait: yes, a question, the nod, or later. One goal or thirty are one act."""

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from paths.models import Feedback, Goal, GoalRevision, ReviewLater
from profiles.models import Account

State = Goal.State
Change = GoalRevision.Change

AGREE, CONFIRM, YES, ASK, LATER = "agree", "confirm", "yes", "ask", "later"
DOES = {AGREE: (State.LIVE,), CONFIRM: (State.ACHIEVED,), YES: (State.LIVE, State.ACHIEVED), ASK: (State.LIVE,)} | {
    LATER: (State.LIVE, State.ACHIEVED)
}
TAKEN_BACK = {
    Change.AGREED: Change.NOT_AGREED,
    Change.CONFIRMED: Change.NOT_CONFIRMED,
    Change.ASKED: Change.NOT_ASKED,
}


@dataclass(frozen=True)
class Chosen:
    """seen: `Goal.updated_at` of what the teacher read; None where the page does not say.  line: to this goal alone."""

    goal_id: int
    seen: datetime | None = None
    line: str = ""


@dataclass
class Reviewed:
    """done: what the act holds now.  changed: left alone, since it was decided or reworded after it was read."""

    act: uuids.UUID
    done: list[Goal] = field(default_factory=list)
    changed: list[Goal] = field(default_factory=list)


@dataclass
class Undone:
    """done: what waits again.  stands: what the learner or a colleague has built on since."""

    done: list[Goal] = field(default_factory=list)
    stands: list[Goal] = field(default_factory=list)


@transaction.atomic
def review_goals(
    *,
    chosen: Sequence[Chosen],
    do: str,
    by: Account,
    now: datetime,
    text: str = "",
    act: uuids.UUID | None = None,
) -> Reviewed:
    """Say the same to all of these, in as many statements as to one.

    do: AGREE (live goals), CONFIRM (reached ones), YES (either, by what the goal waits for), ASK or LATER.
    text: a line on each goal that has none of its own; ASK needs one.
    act: of the form, so that a double click is one act; a new one else.
    Goals that `by` may not review are left out. Raises ValueError: an unknown act, or a question without words.
    """
    text = text.strip()
    if do not in DOES or (do == ASK and not text):
        raise ValueError(do)
    found = Reviewed(act or uuids.uuid4())
    seen = {row.goal_id: row.seen for row in chosen}
    rows = Goal.objects.served_by(by).filter(pk__in=seen).select_related("learner", "agreed_by", "confirmed_by")
    goals = list(rows.select_for_update(of=("self",)).order_by("pk"))
    already = set(_revisions(found.act, by).values_list("goal_id", flat=True)) if act else set()
    fresh = []
    for goal in goals:
        if goal.pk in already:
            found.done.append(goal)
        elif not _waits(goal) or goal.state not in DOES[do] or seen[goal.pk] not in (None, goal.updated_at):
            found.changed.append(goal)
        else:
            fresh.append(goal)
    if do == LATER:
        _keep_for_later(fresh, by, now, found.act)
    elif fresh:
        lines = {row.goal_id: row.line or text for row in chosen}
        _say(fresh, do, lines, by, now, found.act)
    found.done += fresh
    return found


@transaction.atomic
def undo_review(*, act: uuids.UUID, by: Account, now: datetime) -> Undone:
    """Take a whole act back, its line with it, where nobody has built on it; the history keeps that it was said."""
    found = Undone()
    later = ReviewLater.objects.filter(act=act, account=by)
    found.done += Goal.objects.served_by(by).filter(pk__in=later.values("goal")).select_related("learner")
    later.delete()
    revisions = {row.goal_id: row for row in _revisions(act, by).filter(what_changed__in=TAKEN_BACK)}
    goals = Goal.objects.served_by(by).filter(pk__in=revisions).select_related("learner")
    for goal in goals.select_for_update(of=("self",)).order_by("pk"):
        (found.done if _is_as_left(goal, revisions[goal.pk], by) else found.stands).append(goal)
    back = [goal for goal in found.done if goal.pk in revisions]
    if back:
        _take_back(back, revisions, by, now)
    return found


def said_in(act: uuids.UUID, by: Account) -> dict[str, int]:
    """Number of goals by what was said to them in this act: values of Change, or LATER. Two statements."""
    counts: dict[str, int] = {}
    for change in _revisions(act, by).values_list("what_changed", flat=True):
        counts[change] = counts.get(change, 0) + 1
    later = ReviewLater.objects.filter(act=act, account=by).count()
    return counts | ({LATER: later} if later else {})


def _waits(goal: Goal) -> bool:
    if goal.state == State.ACHIEVED:
        return goal.confirmed_at is None
    return goal.state == State.LIVE and goal.agreed_at is None


def _revisions(act: uuids.UUID, by: Account) -> QuerySet[GoalRevision]:
    return GoalRevision.objects.filter(act=act, by=by)


def _say(goals: Sequence[Goal], do: str, lines: Mapping[int, str], by: Account, now: datetime, act: uuids.UUID) -> None:
    asked = [goal.pk for goal in goals if do == ASK]
    agreed = [goal.pk for goal in goals if do != ASK and goal.state == State.LIVE]
    confirmed = [goal.pk for goal in goals if do != ASK and goal.state == State.ACHIEVED]
    rows = Goal.objects
    if asked:
        rows.filter(pk__in=asked).update(asked_at=now, updated_at=now)
    if agreed:
        rows.filter(pk__in=agreed).update(agreed_by=by, agreed_at=now, asked_at=None, updated_at=now)
    if confirmed:
        rows.filter(pk__in=confirmed).update(confirmed_by=by, confirmed_at=now, updated_at=now)
    changes = (
        dict.fromkeys(asked, Change.ASKED)
        | dict.fromkeys(agreed, Change.AGREED)
        | dict.fromkeys(confirmed, Change.CONFIRMED)
    )
    GoalRevision.objects.bulk_create(
        GoalRevision(goal_id=pk, at=now, by=by, what_changed=change, act=act) for pk, change in changes.items()
    )
    feedback = [Feedback(goal_id=pk, by=by, at=now, text=lines[pk]) for pk in changes if lines[pk]]
    if feedback:
        Feedback.objects.bulk_create(feedback)


def _keep_for_later(goals: Sequence[Goal], by: Account, now: datetime, act: uuids.UUID) -> None:
    ReviewLater.objects.bulk_create(
        [ReviewLater(account=by, goal=goal, at=now, act=act) for goal in goals],
        update_conflicts=True,
        unique_fields=["account", "goal"],
        update_fields=["at", "act"],
    )


def _is_as_left(goal: Goal, revision: GoalRevision, by: Account) -> bool:
    """Nobody has agreed, answered, closed or asked since."""
    if revision.what_changed == Change.AGREED:
        return goal.state == State.LIVE and (goal.agreed_by_id, goal.agreed_at) == (by.pk, revision.at)
    if revision.what_changed == Change.CONFIRMED:
        return goal.state == State.ACHIEVED and (goal.confirmed_by_id, goal.confirmed_at) == (by.pk, revision.at)
    return goal.state == State.LIVE and goal.asked_at == revision.at


def _take_back(goals: Sequence[Goal], revisions: dict[int, GoalRevision], by: Account, now: datetime) -> None:
    ids: dict[str, list[int]] = {change: [] for change in TAKEN_BACK}
    for goal in goals:
        ids[revisions[goal.pk].what_changed].append(goal.pk)
    rows = Goal.objects
    rows.filter(pk__in=ids[Change.AGREED]).update(agreed_by=None, agreed_at=None, updated_at=now)
    rows.filter(pk__in=ids[Change.CONFIRMED]).update(confirmed_by=None, confirmed_at=None, updated_at=now)
    rows.filter(pk__in=ids[Change.ASKED]).update(asked_at=None, updated_at=now)
    said_at = {row.at for row in revisions.values()}
    Feedback.objects.filter(goal__in=goals, by=by, at__in=said_at).delete()
    GoalRevision.objects.bulk_create(
        GoalRevision(goal=goal, at=now, by=by, what_changed=TAKEN_BACK[Change(revisions[goal.pk].what_changed)])
        for goal in goals
    )
