"""Paths: assigned by a teacher, put in order and ticked by the learner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from paths import sequencing
from paths.models import Goal, Path, Step
from paths.sequencing import Part, Place, State
from paths.services.errors import BoardIsFull, PathChanged, PlanRefused, StepHeld, StepWaits
from paths.services.pacing import keep_pace, note_pace
from paths.services.path_pages import places_of
from profiles.models import Account, Learner, Section


@dataclass(frozen=True)
class StepPlan:
    """One step as a form brings it. id: the step that keeps its tick, or None for a new one.

    waits_for: places of other steps in the same list, from 0. days_after: in templates, instead of due_on.
    """

    title: str
    kind: str = Step.Kind.PRACTISE
    part: int = 0
    tier: str = Step.Tier.CORE
    is_fixed: bool = False
    standard_id: int | None = None
    link: str = ""
    place: str = ""
    minutes_expected: int | None = None
    due_on: date | None = None
    days_after: int | None = None
    waits_for: tuple[int, ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class Outline:
    """The parts of a plan, () for one sequence, and which standards every way through reaches.

    covers_all: all that its steps name; else those of target_ids.
    """

    parts: tuple[Part, ...] = ()
    covers_all: bool = True
    target_ids: tuple[int, ...] = ()


COLUMNS = [field.name for field in fields(StepPlan) if field.name not in {"id", "waits_for", "days_after"}]


@dataclass(frozen=True)
class Origin:
    """Where paths come from that are given by one act. starts_on: their first day."""

    template_id: int
    template_version: int
    act: UUID
    starts_on: date


def plan_problems(steps: Sequence[StepPlan], outline: Outline) -> list[sequencing.Problem]:
    """Why these steps are no plan, naming them by their places in the list; empty where they are one."""
    places = [Place(at, step.part, step.waits_for, step.standard_id) for at, step in enumerate(steps)]
    named = dict.fromkeys(step.standard_id for step in steps if step.standard_id)
    targets: Sequence[int] = tuple(named) if outline.covers_all else outline.target_ids
    return sequencing.problems(outline.parts or (Part(),), places, targets)


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
    outline: Outline = Outline(),
    origin: Origin | None = None,
    act: UUID | None = None,
) -> list[Path]:
    """A path of their own for each learner, with the same steps.

    act: the form that asks for it; sent twice it gives once. A fixed number of statements, however many learners.
    Raises PlanRefused.
    """
    check_plan(steps, outline)
    learners = list(learners)
    if act:
        # Behind their rows, so that two sendings at once see each other.
        locked = Learner.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        list(locked.filter(pk__in=[learner.pk for learner in learners]).values_list("pk"))
        if before := list(Path.objects.filter(act=act, assigned_by=by)):
            return before
    common: dict[str, Any] = {"goal": goal, "section": section, "title": title, "assigned_by": by, "created_at": now}
    common |= vars(origin) if origin else {"act": act}
    parts = part_rows(outline.parts)
    paths = [Path(learner=learner, parts=parts, covers_all=outline.covers_all, **common) for learner in learners]
    planned = tied([Step(position=position, **_values(step)) for position, step in enumerate(steps, start=1)], steps)
    for path in paths:
        note_pace(path, planned)
    Path.objects.bulk_create(paths)
    if outline.target_ids and not outline.covers_all:
        Target = Path.targets.through
        Target.objects.bulk_create(Target(path=p, standard_id=pk) for p in paths for pk in outline.target_ids)
    made = []
    for path in paths:
        mine = [Step(path=path, position=position, **_values(step)) for position, step in enumerate(steps, start=1)]
        made += tied(mine, steps)
    Step.objects.bulk_create(made)
    return paths


@transaction.atomic
def change_path(
    *, path_id: int, version: int, title: str, steps: Sequence[StepPlan], outline: Outline = Outline()
) -> Path:
    """Write title, parts and steps anew.

    Steps that stay keep their ticks. Raises PathChanged when another change came first, and PlanRefused.
    """
    check_plan(steps, outline)
    path = _locked(path_id)
    if path.version != version:
        raise PathChanged(path)
    write_plan(path, title, steps, outline)
    return _moved(path)


def write_plan(path: Path, title: str, steps: Sequence[StepPlan], outline: Outline) -> None:
    """Steps that are named by their id stay, with what was done on them; the others go. The path is not saved."""
    standing = {step.pk: step for step in path.steps.all()}
    found = []
    for position, plan in enumerate(steps, start=1):
        step = (standing.pop(plan.id, None) if plan.id else None) or Step(path=path)
        step.position = position
        for name, value in _values(plan).items():
            setattr(step, name, value)
        found.append(step)
    tied(found, steps)
    Step.objects.filter(path=path, pk__in=standing).delete()
    Step.objects.bulk_update([step for step in found if step.pk], ["position", "waits_for", *COLUMNS])
    Step.objects.bulk_create([step for step in found if not step.pk])
    path.title, path.parts, path.covers_all = title, part_rows(outline.parts), outline.covers_all
    path.targets.set([] if outline.covers_all else outline.target_ids)


@transaction.atomic
def move_step(*, step: Step, places: int, keeps_fixed: bool = False) -> Path:
    """Move a step by so many places inside its part, down where positive; at either end it stays.

    keeps_fixed: for learners, who go past what the teacher fixed. Raises StepHeld; other windows lose nothing by it.
    """
    path, steps = _locked_steps(step.path_id)
    standing = places_of(steps)
    if keeps_fixed and any(other.pk == step.pk and other.is_fixed for other in steps):
        raise StepHeld(sequencing.Hold.FIXED, step, step)
    order = sequencing.moved(standing, _key(steps, step.pk), places, keeps_fixed=keeps_fixed)
    if order != [place.key for place in standing]:
        _reorder(path, steps, order, keeps_fixed=keeps_fixed)
    return path


@transaction.atomic
def order_steps(*, path_id: int, version: int, step_ids: Sequence[int], keeps_fixed: bool = False) -> Path:
    """Put all steps in this order.

    Raises PathChanged when the path, or the set of its steps, is another by now; and StepHeld.
    """
    path, steps = _locked_steps(path_id)
    order = [step.pk for step in steps]
    if path.version != version or sorted(order) != sorted(step_ids):
        raise PathChanged(path)
    if order != list(step_ids):
        keys = {step.pk: step.uuid for step in steps}
        _reorder(path, steps, [keys[pk] for pk in step_ids], keeps_fixed=keeps_fixed)
    return path


@transaction.atomic
def tick_step(*, step: Step, done: bool, by: Account, now: datetime) -> None:
    """Tick a step or take the tick back; the first tick's time and person stay.

    A step of a choice board is chosen by ticking it. Raises StepWaits for a learner whose step waits for others (a
    teacher may tick it), and BoardIsFull.
    """
    path, steps = _locked_steps(step.path_id)
    rows = Step.objects.filter(pk=step.pk)
    if not done:
        rows.update(done_at=None, done_by=None, placement="")
        keep_pace(path)
        return
    key, places = _key(steps, step.pk), places_of(steps)
    state = dict(zip([place.key for place in places], sequencing.states(path.outline, places), strict=True))[key]
    waits = sequencing.waits_on(path.outline, places, key)
    if state is State.LEFT:
        raise BoardIsFull(step)
    if waits and state is not State.DONE and by.access.learner_id == path.learner_id:
        raise StepWaits(step, [other for other in steps if other.uuid in waits])
    if state is State.CHOICE:
        rows.update(chosen_at=now)
    rows.filter(done_at__isnull=True).update(done_at=now, done_by=by)
    keep_pace(path)


@transaction.atomic
def choose_step(*, step: Step, now: datetime, instead_of: int | None = None) -> None:
    """Choose a step of a choice board, or swap it for one that was chosen and is not done (instead_of, its id).

    Raises BoardIsFull where nothing is left to choose and nothing is given up. Choosing twice is choosing once.
    """
    path, steps = _locked_steps(step.path_id)
    mine = next(other for other in steps if other.pk == step.pk)
    if path.outline[mine.part].kind is not sequencing.PartKind.CHOICE or mine.chosen_at or mine.done_at:
        return
    given_up = next((other for other in steps if other.pk == instead_of), None)
    if given_up and given_up.part == mine.part and given_up.chosen_at and not given_up.done_at:
        given_up.chosen_at = None
        Step.objects.filter(pk=given_up.pk).update(chosen_at=None)
    if not sequencing.choices_open(path.outline, places_of(steps))[mine.part]:
        raise BoardIsFull(mine)
    Step.objects.filter(pk=mine.pk).update(chosen_at=now)
    keep_pace(path)


@transaction.atomic
def give_up_choice(*, step: Step) -> None:
    """The step goes back on its board; one that is done stays."""
    path = _locked(step.path_id)
    Step.objects.filter(pk=step.pk, done_at__isnull=True).update(chosen_at=None)
    keep_pace(path)


def put_away(*, path: Path, now: datetime) -> None:
    """The path leaves the learner's page; its ticks stay."""
    Path.objects.filter(pk=path.pk, archived_at__isnull=True).update(archived_at=now)


def bring_back(*, path: Path) -> None:
    Path.objects.filter(pk=path.pk).update(archived_at=None)


def part_rows(parts: Iterable[Part]) -> list[dict]:
    """As `Path.parts` keeps them."""
    return [{"kind": part.kind.value, "title": part.title, "pick": part.pick} for part in parts]


def check_plan(steps: Sequence[StepPlan], outline: Outline) -> None:
    """Raises PlanRefused, with everything that is wrong."""
    found = plan_problems(steps, outline)
    if found:
        raise PlanRefused(found)


def _values(plan: StepPlan) -> dict:
    return {name: getattr(plan, name) for name in COLUMNS}


def tied(steps: list[Any], plans: Sequence[StepPlan]) -> list[Any]:
    """The same steps, each with the uuids of those that it waits for."""
    for step, plan in zip(steps, plans, strict=True):
        step.waits_for = [steps[at].uuid for at in plan.waits_for]
    return steps


def _locked(path_id: int) -> Path:
    return Path.objects.select_for_update().get(pk=path_id)


def _locked_steps(path_id: int) -> tuple[Path, list[Step]]:
    """Steps are read after the path is locked, as whoever had it before left them."""
    path = _locked(path_id)
    return path, list(Step.objects.filter(path=path).order_by("position"))


def _key(steps: Iterable[Step], pk: int) -> UUID:
    return next(step.uuid for step in steps if step.pk == pk)


def _reorder(path: Path, steps: Sequence[Step], order: Sequence[UUID], *, keeps_fixed: bool) -> None:
    by_key = {step.uuid: step for step in steps}
    blocked = sequencing.order_blocked(places_of(steps), order, keeps_fixed=keeps_fixed)
    if blocked:
        raise StepHeld(blocked.hold, by_key[blocked.step], by_key.get(blocked.by) if blocked.by else None)
    for position, key in enumerate(order, start=1):
        by_key[key].position = position
    Step.objects.bulk_update(by_key.values(), ["position"])
    _moved(path)


def _moved(path: Path) -> Path:
    path.version += 1
    path.save(update_fields=["title", "parts", "covers_all", "version"])
    keep_pace(path)
    return path
