"""Time spent on a project, and how it ends: the learner proposes what it shows, a teacher agrees or wants to talk.

Nothing here writes a level: after the yes a person records results where results are recorded.
"""

import uuid as uuids
from collections.abc import Mapping
from datetime import date, datetime

import structlog
from django.db import transaction

from paths.models import Project, ProjectClosing, ProjectTime
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account

log = structlog.get_logger()

State = Project.State


@transaction.atomic
def log_time(*, project: Project, uuid: uuids.UUID, on: date, minutes: int, text: str, now: datetime) -> ProjectTime:
    """Note time of one day. The same form twice is one line. Raises NotNow: it is not running. Raises UuidTaken."""
    state = Project.objects.select_for_update().values_list("state", flat=True).get(pk=project.pk)
    values = {"project": project, "on": on, "minutes": minutes, "text": text.strip(), "created_at": now}
    found = ProjectTime.objects.filter(uuid=uuid).first()
    if found is not None and found.project_id != project.pk:
        raise UuidTaken
    if found is not None:
        return found
    if state != State.RUNNING:
        raise NotNow
    return ProjectTime.objects.create(uuid=uuid, **values)


def take_out_time(*, time: ProjectTime, out: bool, now: datetime) -> None:
    """Take a line out, or put it back. What an adult has confirmed stays. Raises NotNow."""
    changed = ProjectTime.objects.filter(pk=time.pk, confirmed_at__isnull=True).update(
        withdrawn_at=now if out else None
    )
    if not changed:
        raise NotNow


def confirm_time(*, time: ProjectTime, confirmed: bool, name: str = "", by: Account, now: datetime) -> None:
    """A teacher confirms a line, for another adult where `name` says whom; or takes that back."""
    values = {"confirmed_by": by, "confirmed_for": name.strip(), "confirmed_at": now}
    if not confirmed:
        values = {"confirmed_by": None, "confirmed_for": "", "confirmed_at": None}
    ProjectTime.objects.filter(pk=time.pk, withdrawn_at__isnull=True).update(**values)


@transaction.atomic
def propose_end(
    *,
    project_id: int,
    uuid: uuids.UUID,
    reflection: str,
    levels: Mapping[int, int],
    by: Account,
    now: datetime,
) -> ProjectClosing:
    """The learner looks back and says which level the work shows, by standard. The same form twice is one.

    Raises NotNow: it is not running. Raises UuidTaken.
    """
    project = Project.objects.select_for_update().get(pk=project_id)
    found = ProjectClosing.objects.filter(uuid=uuid).first()
    if found is not None and found.project_id != project.pk:
        raise UuidTaken
    if found is not None:
        return found
    if project.state != State.RUNNING:
        raise NotNow
    _set_state(project, State.CLOSING)
    kept = {str(standard_id): level for standard_id, level in levels.items()}
    return ProjectClosing.objects.create(
        uuid=uuid, project=project, at=now, by=by, reflection=reflection.strip(), levels=kept
    )


@transaction.atomic
def answer_end(*, project_id: int, agrees: bool, text: str, by: Account, now: datetime) -> ProjectClosing:
    """The teacher's side of the decision: agreed, or "let's talk", after which it runs on. Raises NotNow."""
    project = Project.objects.select_for_update().get(pk=project_id)
    closing = project.closings.filter(answered_at__isnull=True).order_by("-at", "-pk").first()
    if project.state != State.CLOSING or closing is None:
        raise NotNow
    closing.answer = ProjectClosing.Answer.AGREED if agrees else ProjectClosing.Answer.TALK
    closing.answer_text, closing.answered_by, closing.answered_at = text.strip(), by, now
    closing.save(update_fields=["answer", "answer_text", "answered_by", "answered_at"])
    _set_state(project, State.DONE if agrees else State.RUNNING)
    log.info("project decided together", project=project.pk, agrees=agrees, by=by.pk)
    return closing


@transaction.atomic
def take_back_end(*, project_id: int) -> None:
    """Undo a yes: the proposal waits for an answer again. Raises NotNow."""
    project = Project.objects.select_for_update().get(pk=project_id)
    closing = project.closings.order_by("-at", "-pk").first()
    if project.state != State.DONE or closing is None:
        raise NotNow
    closing.answer, closing.answer_text, closing.answered_by, closing.answered_at = "", "", None, None
    closing.save(update_fields=["answer", "answer_text", "answered_by", "answered_at"])
    _set_state(project, State.CLOSING)


def _set_state(project: Project, state: str) -> None:
    project.state = state
    project.save(update_fields=["state"])
