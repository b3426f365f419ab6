"""The words of a goal as a form brings them: what is written, compared and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from paths.models import Goal, GoalStep

WORDS = ("what", "why", "done_when", "due_on")
AGREED_ON = ("what", "done_when", "due_on", "standards")  # a change of these asks for agreement again


@dataclass(frozen=True)
class StepWords:
    """id: the step that keeps its tick, or None for a new one."""

    id: int | None
    text: str


@dataclass(frozen=True)
class GoalWords:
    """done_when: one criterion a line. standard_ids: any order. steps: in order; one left out is removed."""

    what: str
    why: str = ""
    done_when: str = ""
    due_on: date | None = None
    standard_ids: tuple[int, ...] = ()
    steps: tuple[StepWords, ...] = ()


def criteria(goal: Goal) -> list[dict]:
    """The learner's own lines of "done when": text, is_met."""
    return [{"text": line, "is_met": line in goal.met} for line in lines_of(goal.done_when)]


def lines_of(text: str) -> list[str]:
    """Lines that say something, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def words_of(goal: Goal) -> GoalWords:
    """What stands in the database now."""
    return GoalWords(
        what=goal.what,
        why=goal.why,
        done_when=goal.done_when,
        due_on=goal.due_on,
        standard_ids=tuple(sorted(standard.pk for standard in goal.standards.all())),
        steps=tuple(StepWords(step.pk, step.text) for step in goal.steps.all()),
    )


def differences(old: GoalWords, new: GoalWords) -> set[str]:
    """Names of what a change would change."""
    found = {name for name in WORDS if getattr(old, name) != getattr(new, name)}
    if sorted(old.standard_ids) != sorted(new.standard_ids):
        found.add("standards")
    if [(step.id, step.text) for step in old.steps] != [(step.id, step.text) for step in new.steps]:
        found.add("steps")
    return found


def as_json(words: GoalWords, names: set[str]) -> dict:
    """The named parts, as a revision keeps them."""
    kept: dict = {name: getattr(words, name) for name in WORDS if name in names}
    if kept.get("due_on"):
        kept["due_on"] = kept["due_on"].isoformat()
    if "standards" in names:
        kept["standards"] = list(words.standard_ids)
    if "steps" in names:
        kept["steps"] = [step.text for step in words.steps]
    return kept


def store_words(goal: Goal, words: GoalWords) -> None:
    """Write the words onto a goal that is locked or new."""
    for name in WORDS:
        setattr(goal, name, getattr(words, name))
    kept = lines_of(words.done_when)
    goal.met = [line for line in goal.met if line in kept]
    goal.updated_at = timezone.now()
    goal.save()
    goal.standards.set(words.standard_ids)
    store_steps(goal, words.steps)


def store_steps(goal: Goal, steps: Sequence[StepWords]) -> None:
    """Steps that stay keep their ticks; an id of another goal makes a new step."""
    standing = {step.pk: step for step in goal.steps.all()}
    stays, fresh = [], []
    for position, words in enumerate(steps, start=1):
        step = standing.pop(words.id, None) if words.id else None
        if step is None:
            fresh.append(GoalStep(goal=goal, position=position, text=words.text))
        else:
            step.position, step.text = position, words.text
            stays.append(step)
    GoalStep.objects.filter(pk__in=standing, goal=goal).delete()
    GoalStep.objects.bulk_update(stays, ["position", "text"])
    GoalStep.objects.bulk_create(fresh)
