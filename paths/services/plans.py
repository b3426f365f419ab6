"""Paths: assigned by a teacher, put in order and ticked by the learner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction

from paths.models import Goal, Path, Step
from paths.services.errors import PathChanged
from profiles.models import Account, Learner, Section


@dataclass(frozen=True)
class StepPlan:
    """One step as a form brings it. id: the step that keeps its tick, or None for a new one."""

    title: str
    kind: str = Step.Kind.PRACTISE
    standard_id: int | None = None
    link: str = ""
    place: str = ""
    minutes_expected: int | None = None
    due_on: date | None = None
    id: int | None = None


COLUMNS = [field.name for field in fields(StepPlan) if field.name != "id"]


@transaction.atomic
def assign_path(
    *,
    learners: Iterable[Learner],
    title: str,
    steps: Sequence[StepPlan],
    by: Account,
    now: datetime,
    goal: Goal | None = None,
    section: Section | None = None,
) -> list[Path]:
    """A path of their own for each learner, with the same steps.

    A fixed number of statements, however many learners.
    """
    paths = Path.objects.bulk_create(
        [
            Path(learner=learner, goal=goal, section=section, title=title, assigned_by=by, created_at=now)
            for learner in learners
        ]
    )
    Step.objects.bulk_create(
        Step(path=path, position=position, **_values(step))
        for path in paths
        for position, step in enumerate(steps, start=1)
    )
    return paths


@transaction.atomic
def change_path(*, path_id: int, version: int, title: str, steps: Sequence[StepPlan]) -> Path:
    """Write title and steps anew.

    Steps that stay keep their ticks. Raises PathChanged when another change came first.
    """
    path = _locked(path_id)
    if path.version != version:
        raise PathChanged(path)
    standing = {step.pk: step for step in path.steps.all()}
    stays, fresh = [], []
    for position, plan in enumerate(steps, start=1):
        step = standing.pop(plan.id, None) if plan.id else None
        if step is None:
            fresh.append(Step(path=path, position=position, **_values(plan)))
            continue
        step.position = position
        for name, value in _values(plan).items():
            setattr(step, name, value)
        stays.append(step)
    Step.objects.filter(path=path, pk__in=standing).delete()
    Step.objects.bulk_update(stays, ["position", *COLUMNS])
    Step.objects.bulk_create(fresh)
    path.title = title
    return _moved(path)


@transaction.atomic
def move_step(*, step: Step, places: int) -> Path:
    """Move a step by so many places, down where positive; at either end it stays. Other windows lose nothing by it."""
    path = _locked(step.path_id)
    order = list(path.steps.values_list("pk", flat=True))
    at = order.index(step.pk)
    to = max(0, min(len(order) - 1, at + places))
    if to != at:
        order.insert(to, order.pop(at))
        _renumber(path, order)
    return path


@transaction.atomic
def order_steps(*, path_id: int, version: int, step_ids: Sequence[int]) -> Path:
    """Put all steps in this order. Raises PathChanged when the path, or the set of its steps, is another by now."""
    path = _locked(path_id)
    order = list(path.steps.values_list("pk", flat=True))
    if path.version != version or sorted(order) != sorted(step_ids):
        raise PathChanged(path)
    if order != list(step_ids):
        _renumber(path, step_ids)
    return path


def tick_step(*, step: Step, done: bool, by: Account, now: datetime) -> None:
    """Tick a step or take the tick back; the first tick's time and person stay."""
    rows = Step.objects.filter(pk=step.pk)
    if done:
        rows.filter(done_at__isnull=True).update(done_at=now, done_by=by)
    else:
        rows.update(done_at=None, done_by=None)


def put_away(*, path: Path, now: datetime) -> None:
    """The path leaves the learner's page; its ticks stay."""
    Path.objects.filter(pk=path.pk, archived_at__isnull=True).update(archived_at=now)


def bring_back(*, path: Path) -> None:
    Path.objects.filter(pk=path.pk).update(archived_at=None)


def _values(plan: StepPlan) -> dict:
    return {name: getattr(plan, name) for name in COLUMNS}


def _locked(path_id: int) -> Path:
    return Path.objects.select_for_update().get(pk=path_id)


def _renumber(path: Path, order: Sequence[int]) -> None:
    Step.objects.bulk_update([Step(pk=pk, position=n) for n, pk in enumerate(order, start=1)], ["position"])
    _moved(path)


def _moved(path: Path) -> Path:
    path.version += 1
    path.save(update_fields=["title", "version"])
    return path
