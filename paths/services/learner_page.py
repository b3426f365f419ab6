"""Goals as cards and pages show them: how far they are, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from lrm.drawing import line
from paths.models import CheckIn, Goal, GoalStep
from paths.services.goal_words import lines_of

TALLEST_CONFIDENCE = 5


def goals_with_progress(goals: QuerySet[Goal]) -> QuerySet:
    """Goals with step_rows (text, done), standard_rows (id, code, title) and check_in_rows (at, confidence, text).

    Everything comes in one statement, however many goals; check-ins oldest first.
    """
    steps = GoalStep.objects.filter(goal=OuterRef("pk")).order_by("position", "pk")
    standards = (
        Goal.standards.through.objects.filter(goal=OuterRef("pk"))
        .order_by("standard__position")
        .values(
            json=JSONObject(
                id="standard_id",
                code="standard__code",
                title="standard__short_title",
                statement="standard__statement",
                framework_id="standard__framework_id",
            )
        )
    )
    check_ins = CheckIn.objects.filter(goal=OuterRef("pk")).order_by("at", "pk")
    return goals.select_related("agreed_by", "confirmed_by", "author").annotate(
        step_rows=ArraySubquery(steps.values(json=JSONObject(id="pk", text="text", done="done_at"))),
        standard_rows=ArraySubquery(standards),
        check_in_rows=ArraySubquery(check_ins.values(json=JSONObject(at="at", confidence="confidence", text="text"))),
    )


@dataclass(frozen=True)
class GoalProgress:
    """A goal as cards and pages show it: of `goals_with_progress`, or a row of it (learner_reading.read_goals).

    states: "done", "now" or "open" for each step, in order. now: the first step that is open, or "".
    """

    goal: Any
    states: list[str]
    now: str
    confidences: list[int]
    last_words: str
    last_check_in_at: datetime | None

    @property
    def done(self) -> int:
        return self.states.count("done")

    @property
    def total(self) -> int:
        return len(self.states)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Text and state of each, in order."""
        return [(step["text"], state) for step, state in zip(self.goal.step_rows, self.states, strict=True)]

    @property
    def state_label(self) -> str:
        return str(Goal.State(self.goal.state).label)

    @property
    def criteria(self) -> list[str]:
        return lines_of(self.goal.done_when)

    @property
    def last_confidence(self) -> int | None:
        return self.confidences[-1] if self.confidences else None

    @property
    def line(self) -> dict:
        """Confidence over time, for a spark on a scale of 1 to 5."""
        return line(self.confidences, low=1, high=TALLEST_CONFIDENCE)


def progress_of(goal: Any) -> GoalProgress:
    steps, check_ins = goal.step_rows, goal.check_in_rows
    done = [step["done"] is not None for step in steps]
    said = [row for row in check_ins if row["text"]]
    return GoalProgress(
        goal=goal,
        states=step_states(done),
        now=next((step["text"] for step in steps if step["done"] is None), ""),
        confidences=[row["confidence"] for row in check_ins],
        last_words=said[-1]["text"] if said else "",
        last_check_in_at=datetime.fromisoformat(check_ins[-1]["at"]) if check_ins else None,
    )


def step_states(done: Sequence[bool]) -> list[str]:
    """The first open step is now; with all steps done there is none."""
    states = ["done" if is_done else "open" for is_done in done]
    if "open" in states:
        states[states.index("open")] = "now"
    return states
