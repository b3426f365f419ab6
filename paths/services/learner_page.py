"""What the page about one learner shows, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from assessments.models import Evidence
from lrm.drawing import line
from paths.models import CheckIn, Goal, GoalStep, Path, Step
from paths.services.goal_words import lines_of
from profiles.models import Account, Enrollment, Learner, ProfileEntry

TALLEST_CONFIDENCE = 5


@dataclass(frozen=True)
class Classroom:
    """A roster on which the learner is today."""

    roster_id: int
    title: str
    starts_on: date


def learner_for_page(account: Account, *, on: date) -> QuerySet:
    """Learners whom the account may see, with `rosters` and `evidence_count` read in the same statement.

    evidence_count: results that stand; what was corrected counts once.
    """
    rosters = (
        Enrollment.objects.on(on)
        .of_learners()
        .filter(learner=OuterRef("pk"))
        .order_by("-roster__is_homeroom", "roster__title")
        .values(json=JSONObject(id="roster_id", title="roster__title", starts_on="roster__session__starts_on"))
    )
    corrected = Evidence.objects.filter(
        school_year=OuterRef("school_year"), learner=OuterRef("learner_id"), supersedes_id=OuterRef("pk")
    )
    results = (
        Evidence.objects.filter(learner=OuterRef("pk"), kind=Evidence.Kind.RESULT)
        .filter(~Exists(corrected))
        .order_by()
        .values("learner")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Learner.objects.visible_to(account)
        .select_related("home_school")
        .annotate(rosters=ArraySubquery(rosters), evidence_count=Coalesce(Subquery(results), 0))
    )


def classrooms_of(learner: Learner) -> list[Classroom]:
    """From a learner of `learner_for_page`."""
    return [
        Classroom(roster["id"], roster["title"], date.fromisoformat(roster["starts_on"]))
        for roster in learner.rosters  # type: ignore[attr-defined]
    ]


@dataclass(frozen=True)
class Neighbours:
    """The learners before and after, in the order of the class list; None at the ends."""

    before: Learner | None = None
    after: Learner | None = None


def neighbours(learner: Learner, roster_ids: Sequence[int], *, on: date) -> Neighbours:
    """On the first of the rosters. One statement."""
    if not roster_ids:
        return Neighbours()
    names = list(
        Learner.objects.enrolled_in(roster_ids[0], on=on)
        .by_name()
        .only("pk", "given_name", "family_name", "preferred_name")
    )
    place = next((place for place, other in enumerate(names) if other.pk == learner.pk), None)
    if place is None:
        return Neighbours()
    return Neighbours(
        names[place - 1] if place else None,
        names[place + 1] if place + 1 < len(names) else None,
    )


@dataclass(frozen=True)
class WordsOfKind:
    """What a learner says under one heading, newest wording of each, oldest first."""

    kind: str
    heading: str
    entries: list[ProfileEntry]


def profile_of(learner: Learner) -> list[WordsOfKind]:
    """Only headings with words; each entry knows how often it was changed. One statement."""
    by_kind: dict[str, list[ProfileEntry]] = {}
    entries = ProfileEntry.objects.filter(learner=learner).current().select_related("author", "replaces")
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    return [
        WordsOfKind(kind, str(ProfileEntry.Kind(kind).label), by_kind[kind])
        for kind in ProfileEntry.Kind.values
        if kind in by_kind
    ]


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
    """A goal of `goals_with_progress`, as cards and pages show it.

    states: "done", "now" or "open" for each step, in order. now: the first step that is open, or "".
    """

    goal: Goal
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
    def criteria(self) -> list[str]:
        return lines_of(self.goal.done_when)

    @property
    def last_confidence(self) -> int | None:
        return self.confidences[-1] if self.confidences else None

    @property
    def line(self) -> dict:
        """Confidence over time, for a spark on a scale of 1 to 5."""
        return line(self.confidences, low=1, high=TALLEST_CONFIDENCE)


def progress_of(goal: Goal) -> GoalProgress:
    steps, check_ins = goal.step_rows, goal.check_in_rows  # type: ignore[attr-defined]
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


@dataclass(frozen=True)
class PathOnPage:
    """A path with its steps; each step carries `state`."""

    path: Path
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done_at is not None for step in self.steps)

    @property
    def states(self) -> list[str]:
        return [step.state for step in self.steps]

    @property
    def now(self) -> Step | None:
        return next((step for step in self.steps if step.state == "now"), None)


def paths_of(learner: Learner, *, put_away: bool = False) -> list[PathOnPage]:
    """The learner's paths, newest first; a path without a step is not shown. One statement."""
    steps = (
        Step.objects.filter(path__learner=learner)
        .filter(~Q(path__archived_at=None) if put_away else Q(path__archived_at=None))
        .select_related("path", "path__assigned_by", "path__goal", "standard")
        .order_by("-path__created_at", "-path_id", "position")
    )
    found: dict[int, PathOnPage] = {}
    for step in steps:
        found.setdefault(step.path_id, PathOnPage(step.path, [])).steps.append(step)
    for shown in found.values():
        states = step_states([step.done_at is not None for step in shown.steps])
        for step, state in zip(shown.steps, states, strict=True):
            step.state = state
    return list(found.values())
