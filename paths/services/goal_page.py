"""The page of one goal: criteria, steps, confidence, what is being written, what happened."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Mastery
from assessments.services.policies import Policies
from paths.models import CheckIn, Goal, GoalRevision, GoalStep, Reflection
from paths.services.along_the_way import Criterion, Moment, confidence_chart, moments_of, own_criteria
from paths.services.learner_page import step_states

MOMENTS_SHOWN = 5


@dataclass(frozen=True)
class StandardOnGoal:
    standard_id: int
    label: str
    title: str
    level: int | None
    word: str
    is_secure: bool


@dataclass
class GoalPage:
    """todays: the learner's check-in of today, or None. draft: a reflection that is being written, or None."""

    goal: Goal
    criteria: list[Criterion]
    standards: list[StandardOnGoal]
    steps: list[GoalStep]
    states: list[str]
    chart: dict | None
    check_ins: list[CheckIn]
    todays: CheckIn | None
    draft: Reflection | None
    reflected: bool
    moments: list[Moment] = field(default_factory=list)
    moments_hidden: int = 0

    @property
    def done(self) -> int:
        return self.states.count("done")

    @property
    def now(self) -> str:
        return next((step.text for step, state in zip(self.steps, self.states, strict=True) if state == "now"), "")

    @property
    def last_done_at(self):
        return max((step.done_at for step in self.steps if step.done_at), default=None)

    @property
    def is_closed(self) -> bool:
        return self.goal.state == Goal.State.ACHIEVED

    @property
    def everything_done(self) -> bool:
        return bool(self.steps) and self.done == len(self.steps)


def goal_page(goal: Goal, *, policies: Policies, today: date, for_learner: bool, show_all: bool = False) -> GoalPage:
    """for_learner: drafts of reflections are read by their writer only."""
    steps = list(goal.steps.all())
    states = step_states([step.done_at is not None for step in steps])
    check_ins = list(goal.check_ins.order_by("at", "pk"))
    todays = check_ins[-1] if check_ins and timezone.localdate(check_ins[-1].at) == today else None
    reflections = list(goal.reflections.all())
    reflected = any(not row.is_draft for row in reflections)
    standards = standards_on(goal, policies=policies, today=today)
    moments = [
        moment
        for moment in moments_of(goal)
        if moment.kind != GoalRevision.Change.STEPS or moment.added or moment.removed
    ]
    shown = moments if show_all else moments[:MOMENTS_SHOWN]
    return GoalPage(
        goal=goal,
        criteria=criteria_of(goal, standards, reflected, for_learner=for_learner),
        standards=standards,
        steps=steps,
        states=states,
        chart=confidence_chart(check_ins),
        check_ins=check_ins,
        todays=todays,
        draft=next((row for row in reflections if row.is_draft), None) if for_learner else None,
        reflected=reflected,
        moments=shown,
        moments_hidden=len(moments) - len(shown),
    )


def standards_on(goal: Goal, *, policies: Policies, today: date) -> list[StandardOnGoal]:
    """Two statements."""
    standards = list(goal.standards.all())
    levels = dict(
        Mastery.objects.filter(learner=goal.learner_id, standard__in=standards).values_list(
            "standard_id", "shown_level"
        )
    )
    found = []
    for standard in standards:
        in_force = policies.on(standard.framework_id, today)
        level = levels.get(standard.pk)
        word = in_force.word(level)
        secure = bool(level and level >= in_force.scale.mastery_level)
        found.append(StandardOnGoal(standard.pk, standard.label, standard.heading, level, word, secure))
    return found


def criteria_of(goal: Goal, standards: list[StandardOnGoal], reflected: bool, *, for_learner: bool) -> list[Criterion]:
    """The learner's own lines, then what ticks itself: levels, the reflection, the teacher's nod.

    A line of one's own that names a standard of the goal is that standard's line, and ticks itself.
    """
    found, left = [], list(standards)
    for own in own_criteria(goal):
        named = next((row for row in left if row.title.casefold() in own.text.casefold()), None)
        if named:
            left.remove(named)
        found.append(_level_criterion(own.text, named) if named else own)
    found += [_level_criterion(row.title, row) for row in left]
    found.append(Criterion(_("I wrote what helped me") if for_learner else _("Wrote what helped"), reflected))
    if standards:
        found.append(
            Criterion(
                _("My teacher confirms it") if for_learner else _("A teacher confirms it"),
                goal.confirmed_at is not None,
            )
        )
    return found


def _level_criterion(text: str, row: StandardOnGoal) -> Criterion:
    return Criterion(text, row.is_secure, level=row.level, standard_id=row.standard_id, word=row.word)
