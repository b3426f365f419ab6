"""What happened around a goal, newest first: said, answered, changed, agreed, closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lrm import drawing
from lrm.days import said_short
from paths.models import CheckIn, Feedback, Goal, GoalRevision, Reflection
from paths.services.goal_words import lines_of
from profiles.models import Account

SAID_ELSEWHERE = (GoalRevision.Change.ASKED, GoalRevision.Change.NOT_ASKED)  # the question itself is a moment
CHART_POINTS = 8
CHART_WIDTH, CHART_HEIGHT, CHART_MARGIN = 340, 104, 14
CHART_END = 8
CHART_START = 92  # the words at the ends of the scale stand before it


@dataclass(frozen=True)
class Moment:
    """kind: "check_in", "reflection", "feedback" or a value of GoalRevision.Change. words: what was said, or "".

    reply_to: the check-in or reflection that a teacher can answer, else None.
    added, removed: steps, where a change was about steps.
    """

    kind: str
    at: datetime
    by: Account | None
    words: str = ""
    confidence: int | None = None
    helped: tuple[str, ...] = ()
    reply_to: CheckIn | Reflection | None = None
    before: dict | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def moments_of(goal: Goal) -> list[Moment]:
    """Four statements. Check-ins without a line stand in the chart only; drafts of reflections are nowhere."""
    found = [*_said(goal), *_changed(goal)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _said(goal: Goal) -> Iterator[Moment]:
    for row in goal.check_ins.select_related("by", "reply_by").exclude(text="", reply=""):
        yield Moment("check_in", row.at, row.by, row.text, confidence=row.confidence, reply_to=row)
    labels = dict(Reflection.Helped.choices)
    for reflection in goal.reflections.select_related("by", "reply_by").filter(is_draft=False):
        helped = tuple(str(labels[value]) for value in reflection.helped if value in labels)
        yield Moment("reflection", reflection.at, reflection.by, reflection.text, helped=helped, reply_to=reflection)
    for line in Feedback.objects.filter(goal=goal).select_related("by"):
        yield Moment("feedback", line.at, line.by, line.text)


def _changed(goal: Goal) -> Iterator[Moment]:
    """A revision keeps what was before, so what came after is in the next one, or stands now."""
    steps = [step.text for step in goal.steps.all()]
    for row in GoalRevision.objects.filter(goal=goal).exclude(what_changed__in=SAID_ELSEWHERE).select_related("by"):
        before = row.before.get("steps")
        moment = Moment(row.what_changed, row.at, row.by, before=row.before)
        if before is None:
            yield moment
            continue
        yield Moment(
            row.what_changed,
            row.at,
            row.by,
            before=row.before,
            added=tuple(text for text in steps if text not in before),
            removed=tuple(text for text in before if text not in steps),
        )
        steps = before


@dataclass(frozen=True)
class Criterion:
    """own: a line that the learner ticks; else one that ticks itself."""

    text: str
    is_met: bool
    own: bool = False
    level: int | None = None
    standard_id: int | None = None
    word: str = ""

    @property
    def chip_label(self) -> str:
        """The name of the chip that opens the receipt."""
        return f"{self.text}, {self.level} {self.word}" if self.level else self.text


def own_criteria(goal: Goal) -> list[Criterion]:
    return [Criterion(line, line in goal.met, own=True) for line in lines_of(goal.done_when)]


def confidence_chart(check_ins: list[CheckIn]) -> dict | None:
    """The newest eight check-ins as a line from 1 (not sure yet) to 5 (very sure); None before the first.

    check_ins: oldest first. Each dot has x, y, at, label_x, anchor and, where it is today's, is_last.
    """
    shown = check_ins[-CHART_POINTS:]
    if not shown:
        return None
    found = drawing.line(
        [row.confidence for row in shown],
        low=1,
        high=5,
        width=CHART_WIDTH - CHART_START - CHART_END,
        height=CHART_HEIGHT - 24,
        margin=CHART_MARGIN,
    )
    every_other = len(shown) > CHART_POINTS // 2
    for place, (dot, row) in enumerate(zip(found["dots"], shown, strict=True)):
        dot["x"] = round(dot["x"] + CHART_START, 1)
        dot["label"] = said_short(row.at)
        dot["has_label"] = not every_other or (len(shown) - 1 - place) % 2 == 0
        dot["confidence"] = row.confidence
    points = " ".join(f"{dot['x']},{dot['y']}" for dot in found["dots"])
    return {
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
        "points": points if len(shown) > 1 else "",
        "dots": found["dots"],
        "top": CHART_MARGIN,
        "bottom": CHART_HEIGHT - 24 - CHART_MARGIN,
        "top_text": CHART_MARGIN + 4,
        "bottom_text": CHART_HEIGHT - 24 - CHART_MARGIN + 4,
        "axis_y": CHART_HEIGHT - 6,
        "start": CHART_START,
    }
