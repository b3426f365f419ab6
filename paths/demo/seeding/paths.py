"""Paths: the ordered steps of one learner, some done, some with an idea of the learner's own."""

from datetime import date, timedelta

import numpy as np

from paths.demo.framework import Taught
from paths.demo.seeding.goals import Drafted
from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.path_steps import CHOOSE_HEADING, MINUTES, OWN_IDEAS, PLACES, SHOWING, STEPS
from paths.models import Path, Step
from paths.sequencing import Part, PartKind
from paths.services.pacing import note_pace

STEP = 6
ORDERS = (
    ("watch", "make", "talk", "read"),
    ("read", "make", "talk", "project"),
    ("watch", "read", "field", "talk"),
    ("listen", "make", "read", "talk"),
)
WITHOUT_GOAL_SHARE = 0.35
STALLED_SHARE = 0.1


def make_paths(scene: Scene, goals: list[Drafted]) -> int:
    """A path to each live goal that was agreed, and to a standard ahead for some without one. Returns how many."""
    rng = scene.chance(STEP)
    paths: list[Path] = []
    steps: list[Step] = []
    taken: dict[tuple[int, int], str] = {}
    for d in goals:
        if d.aim.standard is None or d.course.agreed_on is None:
            continue
        path = _path(scene, d.room, d.row, d.aim.subject, d.aim.standard.title, d.course.agreed_on)
        path.goal = d.goal
        paths.append(path)
        pace = 0.5 if d.room.is_demo_student(d.row) else None
        steps += _steps(scene, path, d.aim.standard, d.course.agreed_on, d.course.due_on, rng, pace=pace)
        taken[d.room.roster.pk, d.row] = d.aim.subject
    for room in scene.rooms:
        for row in range(room.plan.learners):
            first = taken.get((room.roster.pk, row))
            subject = SUBJECTS[0] if first in {None, SUBJECTS[1]} else SUBJECTS[1]
            standard = _ahead(room, row, subject)
            # One path at a time is enough for most; the demo's student shows two.
            is_wanted = room.is_demo_student(row) or (first is None and rng.random() < WITHOUT_GOAL_SHARE)
            start = scene.day_before(int(rng.integers(6, 20)))
            if not is_wanted or standard is None or start <= room.came_on[row]:
                continue
            path = _path(scene, room, row, subject, standard.title, start)
            paths.append(path)
            made = _steps(scene, path, standard, start, scene.today + timedelta(int(rng.integers(4, 15))), rng)
            _let_choose(path, made)
            steps += made
    of: dict[str, list[Step]] = {}
    for step in steps:
        of.setdefault(str(step.path.uuid), []).append(step)
    for path in paths:
        note_pace(path, of[str(path.uuid)])
    Path.objects.bulk_create(paths)
    Step.objects.bulk_create(steps, batch_size=2000)
    return len(paths)


def _ahead(room: Homeroom, row: int, subject: str) -> Taught | None:
    newest = room.newest[subject][row]
    choices = np.flatnonzero((newest > 0) & (newest <= 2))
    return room.taught[subject][int(choices[-1])] if len(choices) else None


def _path(scene: Scene, room: Homeroom, row: int, subject: str, title: str, start: date) -> Path:
    return Path(
        uuid=scene.uuid("path", room.plan.title, row, subject),
        learner=room.learners[row],
        section=room.sections[subject],
        title=title,
        assigned_by=room.teachers[subject],
        created_at=scene.at(start, 15, 10),
    )


def _steps(
    scene: Scene, path: Path, standard: Taught, start: date, due: date, rng, *, pace: float | None = None
) -> list[Step]:
    """pace: of the plan, 1 is on time; None is by chance."""
    titles = STEPS[standard.domain]
    chosen = [(kind, titles[kind][int(rng.integers(len(titles[kind])))]) for kind in _pick(rng, ORDERS)]
    if rng.random() < 0.3:
        chosen.insert(int(rng.integers(1, len(chosen) + 1)), (Step.Kind.MAKE, _pick(rng, OWN_IDEAS)))
    chosen.append((Step.Kind.PRACTISE, _pick(rng, SHOWING)))
    whole = max((due - start).days, 1)
    over = min((scene.today - start).days / whole, 1.0)
    if pace is None:
        pace = 0.35 if rng.random() < STALLED_SHARE else float(rng.uniform(0.75, 1.2))
    done = min(len(chosen) - 1, int(over * pace * len(chosen)))
    steps = []
    for position, (kind, title) in enumerate(chosen, start=1):
        planned = start + timedelta(round(whole * position / len(chosen)))
        step = Step(
            uuid=scene.uuid("step", path.uuid, position),
            path=path,
            position=position,
            title=title,
            kind=kind,
            standard_id=scene.standard_ids[standard.code],
            place=_pick(rng, PLACES[kind]),
            minutes_expected=int(rng.integers(*MINUTES.get(kind, (10, 20)))) // 5 * 5 or 5,
            due_on=_school_day(planned),
        )
        if position <= done:
            share = position / (done + 1)
            step.done_at = scene.at(
                _school_day(start + timedelta(round((scene.days[-1] - start).days * share))), 11, 40
            )
            step.done_by = path.learner.account
        steps.append(step)
    steps[-1].waits_for = [steps[0].uuid]
    return steps


def _let_choose(path: Path, steps: list[Step]) -> None:
    """All but the first and the last step become a choice board; what is done on it was chosen."""
    options = steps[1:-1]
    done = [step for step in options if step.done_at]
    pick = max(2, len(done))
    parts = (Part(), Part(PartKind.CHOICE, CHOOSE_HEADING, pick), Part())
    path.parts = [{"kind": part.kind.value, "title": part.title, "pick": part.pick} for part in parts]
    for step in steps:
        step.part = 0 if step is steps[0] else 2 if step is steps[-1] else 1
    for step in done:
        step.chosen_at = step.done_at


def _school_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(max(day.weekday() - 4, 0))


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]
