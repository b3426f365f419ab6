"""Projects from the first words to a running one: proposed by the learner, answered by a teacher.

What was agreed is what stands: words that change while a project runs are proposed anew.
"""

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction

from paths.models import Project, ProjectEvent, ProjectStep
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Learner

log = structlog.get_logger()

State = Project.State
What = ProjectEvent.What
WORDS = ("title", "what", "why", "place", "mentor")
TO_DECIDE = (State.PROPOSED, State.ASKED, State.LATER)
CHANGEABLE = (State.DRAFT, State.PROPOSED, State.ASKED, State.LATER, State.RUNNING)


class ProjectChanged(Exception):
    """Somebody saved this project first, in another window. `current` holds what stands now."""

    def __init__(self, current: Project) -> None:
        super().__init__(f"Project {current.pk} is at version {current.version}.")
        self.current = current


@dataclass(frozen=True)
class PlanLine:
    """id: of the line that this one is, None for a new one."""

    id: int | None
    text: str
    due_on: date | None = None


@dataclass(frozen=True)
class ProjectWords:
    kind: str
    title: str
    what: str = ""
    why: str = ""
    place: str = ""
    mentor: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    standard_ids: tuple[int, ...] = ()
    plan: Sequence[PlanLine] = ()


@transaction.atomic
def save_draft(*, learner: Learner, uuid: uuids.UUID, words: ProjectWords, by: Account, now: datetime) -> Project:
    """Keep a proposal as it is being written, for its writer alone. What was sent meanwhile stays. Raises UuidTaken."""
    project = _own(learner, uuid, by)
    if project.state == State.DRAFT:
        _write(project, words, now)
    return project


@transaction.atomic
def propose(*, learner: Learner, uuid: uuids.UUID, words: ProjectWords, by: Account, now: datetime) -> Project:
    """Send a proposal to the teachers. The same form twice is one project. Raises UuidTaken."""
    project = _own(learner, uuid, by)
    if project.state != State.DRAFT:
        return project
    project.state, project.created_at = State.PROPOSED, now
    _write(project, words, now, "state", "created_at")
    note(project, What.PROPOSED, by=by, now=now)
    log.info("project proposed", project=project.pk, by=by.pk)
    return project


@transaction.atomic
def change(
    *, project_id: int, version: int, words: ProjectWords, answer: str = "", by: Account, now: datetime
) -> Project:
    """Say it anew, and answer a teacher's question with it. It waits for a teacher again, also where it was running.

    Raises NotNow: it is being decided or was. Raises ProjectChanged: nothing was stored.
    """
    project = Project.objects.select_for_update().get(pk=project_id)
    if project.state not in CHANGEABLE or project.state == State.DRAFT:
        raise NotNow
    if project.version != version:
        raise ProjectChanged(project)
    before = {name: getattr(project, name) for name in WORDS}
    was_asked = project.state == State.ASKED
    project.state, project.decided_by, project.decided_at = State.PROPOSED, None, None
    project.version += 1
    _write(project, words, now, "state", "decided_by", "decided_at", "version")
    changed = {name: old for name, old in before.items() if old != getattr(project, name)}
    note(project, What.ANSWERED if was_asked else What.CHANGED, text=answer, before=changed, by=by, now=now)
    return project


def agree(*, project_id: int, text: str = "", by: Account, now: datetime) -> Project:
    """A teacher's yes: the project runs. Raises NotNow."""
    return _decide(project_id, State.RUNNING, What.AGREED, text, by, now)


def ask(*, project_id: int, text: str, by: Account, now: datetime) -> Project:
    """One question; the learner's answer brings it back. Raises NotNow."""
    return _decide(project_id, State.ASKED, What.ASKED, text, by, now)


def keep_for_later(*, project_id: int, text: str, by: Account, now: datetime) -> Project:
    """Not now, with a line that says why. It stays the learner's, who can change and send it again. Raises NotNow."""
    return _decide(project_id, State.LATER, What.LATER, text, by, now)


@transaction.atomic
def take_back(*, project_id: int, by: Account, now: datetime) -> Project:
    """Undo a yes, a question or a "later": it waits again, and time that was logged stays. Raises NotNow."""
    project = Project.objects.select_for_update().get(pk=project_id)
    if project.state not in (State.RUNNING, State.ASKED, State.LATER):
        raise NotNow
    project.state, project.decided_by, project.decided_at = State.PROPOSED, None, None
    project.save(update_fields=["state", "decided_by", "decided_at"])
    note(project, What.TAKEN_BACK, by=by, now=now)
    return project


@transaction.atomic
def put_away(*, project_id: int, away: bool, by: Account, now: datetime) -> Project:
    """Take it off the lists, or back onto them; what was done for it stays. A draft goes for good."""
    project = Project.objects.select_for_update().get(pk=project_id)
    if project.state == State.DRAFT and away:
        project.delete()
        return project
    if away != (project.archived_at is not None):
        project.archived_at = now if away else None
        project.save(update_fields=["archived_at"])
        note(project, What.PUT_AWAY if away else What.BROUGHT_BACK, by=by, now=now)
    return project


def tick_step(*, step: ProjectStep, done: bool, now: datetime) -> None:
    if done != (step.done_at is not None):
        ProjectStep.objects.filter(pk=step.pk).update(done_at=now if done else None)


def note(
    project: Project, what: str, *, by: Account, now: datetime, text: str = "", before: dict | None = None
) -> None:
    """A line of its history."""
    ProjectEvent.objects.create(project=project, what=what, text=text.strip(), before=before or {}, by=by, at=now)


@transaction.atomic
def _decide(project_id: int, state: str, what: str, text: str, by: Account, now: datetime) -> Project:
    project = Project.objects.select_for_update().get(pk=project_id)
    if project.state not in TO_DECIDE:
        raise NotNow
    project.state = state
    is_yes = state == State.RUNNING
    project.decided_by, project.decided_at = (by, now) if is_yes else (None, None)
    project.save(update_fields=["state", "decided_by", "decided_at"])
    note(project, what, text=text, by=by, now=now)
    log.info("project decided", project=project.pk, state=state, by=by.pk)
    return project


def _own(learner: Learner, uuid: uuids.UUID, by: Account) -> Project:
    """The project of this form, made now where it is new; one sending waits for the other."""
    Learner.objects.select_for_update(of=("self",), no_key=True).get(pk=learner.pk)
    project, _ = Project.objects.get_or_create(uuid=uuid, defaults={"learner": learner, "author": by})
    if (project.learner_id, project.author_id) != (learner.pk, by.pk):
        raise UuidTaken
    return project


def _write(project: Project, words: ProjectWords, now: datetime, *also: str) -> None:
    for name in WORDS:
        setattr(project, name, getattr(words, name).strip())
    project.kind, project.starts_on, project.ends_on = words.kind, words.starts_on, words.ends_on
    project.updated_at = now
    project.save(update_fields=[*WORDS, "kind", "starts_on", "ends_on", "updated_at", *also])
    project.standards.set(words.standard_ids)
    _write_plan(project, words.plan)


def _write_plan(project: Project, plan: Sequence[PlanLine]) -> None:
    """Lines that are left keep their tick."""
    stands = {step.pk: step for step in project.steps.all()}
    kept = []
    for position, line in enumerate((line for line in plan if line.text.strip()), start=1):
        step = stands.get(line.id or 0) or ProjectStep(project=project)
        step.position, step.text, step.due_on = position, line.text.strip(), line.due_on
        step.save()
        kept.append(step.pk)
    project.steps.exclude(pk__in=kept).delete()
