"""What a learner can do next, each with one reason and one action. Pure: facts in, lines out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from paths.models import Goal, Step
from paths.services.learner_page import GoalProgress
from paths.services.path_pages import PathOnPage
from paths.services.waiting.source import HomeLine

AT_MOST = 4
CHECK_IN_EVERY = timedelta(days=7)


class Do(StrEnum):
    """What a line asks for; the template has the words, but for WAITING, which brings its own."""

    WAITING = "waiting"
    ANSWER = "answer"
    REFLECT = "reflect"
    DECIDE = "decide"
    STEP = "step"
    CHOOSE = "choose"
    CHECK_IN = "check_in"
    FINISH_DRAFT = "finish_draft"
    WRITE_GOAL = "write_goal"
    TELL_ABOUT_ME = "tell_about_me"


@dataclass(frozen=True)
class Line:
    do: Do
    goal: Goal | None = None
    step: Step | None = None
    path: PathOnPage | None = None
    since: date | None = None
    waiting: HomeLine | None = None


def next_for_you(
    *,
    goals: Sequence[GoalProgress],
    waiting: Iterable[HomeLine] = (),
    drafts: Iterable[Goal],
    paths: Sequence[PathOnPage],
    reflected: Iterable[int],
    has_words: bool,
    today: date,
) -> list[Line]:
    """At most four lines, what waits for an answer first.

    goals: live ones. waiting: what other people and features have for the learner, in their order.
    reflected: ids of goals with a reflection already. has_words: something stands in the profile.
    """
    reflected = set(reflected)
    lines = [Line(Do.WAITING, waiting=line) for line in waiting]
    for shown in goals:
        goal = shown.goal
        if goal.asked_at:
            lines.append(Line(Do.ANSWER, goal=goal))
        elif shown.total and shown.done == shown.total and goal.pk not in reflected:
            lines.append(Line(Do.REFLECT, goal=goal))
        elif goal.due_on and goal.due_on < today:
            lines.append(Line(Do.DECIDE, goal=goal, since=goal.due_on))
    for path in paths:
        if path.now:
            lines.append(Line(Do.STEP, step=path.now, goal=path.path.goal))
        elif path.choice:
            lines.append(Line(Do.CHOOSE, path=path, goal=path.path.goal))
    for shown in goals:
        last = timezone.localdate(shown.last_check_in_at) if shown.last_check_in_at else None
        if last is None or last <= today - CHECK_IN_EVERY:
            lines.append(Line(Do.CHECK_IN, goal=shown.goal, since=last))
    lines += [Line(Do.FINISH_DRAFT, goal=goal) for goal in drafts]
    if not goals:
        lines.append(Line(Do.WRITE_GOAL))
    if not has_words:
        lines.append(Line(Do.TELL_ABOUT_ME))
    return lines[:AT_MOST]
