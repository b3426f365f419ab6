"""Steps that learners propose: written, taken back, and answered by a teacher."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from paths.models import Path, Step, StepProposal
from paths.sequencing import PartKind
from paths.services.errors import ProposalAnswered, UuidTaken
from paths.services.pacing import keep_pace
from profiles.models import Account, Learner

State = StepProposal.State


@dataclass(frozen=True)
class Wished:
    """What a learner writes, and a teacher may change when agreeing."""

    title: str
    why: str = ""
    kind: str = Step.Kind.PRACTISE
    link: str = ""
    minutes_expected: int | None = None


ANSWERS_SHOWN = timedelta(days=21)


def proposals_of(learner: Learner, *, now: datetime) -> list[StepProposal]:
    """Those that wait, and answers of the last three weeks; newest first. One statement."""
    answered = Q(state__in=[State.AGREED, State.DECLINED], answered_at__gte=now - ANSWERS_SHOWN)
    found = StepProposal.objects.filter(Q(state=State.OPEN) | answered, learner=learner)
    return list(found.select_related("answered_by"))


def propose_step(*, learner: Learner, path: Path | None, uuid: UUID, wished: Wished, now: datetime) -> StepProposal:
    """Sending the form twice is proposing once. Raises UuidTaken when the uuid is of somebody else."""
    proposal, _made = StepProposal.objects.get_or_create(
        uuid=uuid, defaults={"learner": learner, "path": path, "created_at": now, **vars(wished)}
    )
    if proposal.learner_id != learner.pk:
        raise UuidTaken
    return proposal


def take_back(*, proposal: StepProposal) -> None:
    """By the learner, as long as it waits. Raises ProposalAnswered."""
    if not StepProposal.objects.filter(pk=proposal.pk, state=State.OPEN).update(state=State.TAKEN_BACK):
        raise ProposalAnswered(StepProposal.objects.get(pk=proposal.pk))


@transaction.atomic
def agree(*, proposal: StepProposal, wished: Wished, text: str, by: Account, now: datetime) -> Step:
    """The step comes to the end of the path, as the teacher left it. Raises ProposalAnswered.

    Without a path one begins that is the learner's own.
    """
    found = _open(proposal)
    path = found.path or Path.objects.create(
        learner_id=found.learner_id, title=_("My own steps"), assigned_by=by, created_at=now
    )
    step = append_step(path=path, wished=wished)
    found.path = path
    found.step = step
    _answer(found, State.AGREED, text, by, now)
    return step


@transaction.atomic
def decline(*, proposal: StepProposal, text: str, by: Account, now: datetime) -> None:
    """text: why not. Raises ProposalAnswered."""
    _answer(_open(proposal), State.DECLINED, text, by, now)


@transaction.atomic
def undo_answer(*, proposal: StepProposal, by: Account) -> bool:
    """The proposal waits again, as before; only for whoever answered, and not once its step is done."""
    found = StepProposal.objects.select_for_update().get(pk=proposal.pk)
    if found.answered_by_id != by.pk or (found.step_id and Step.objects.get(pk=found.step_id).done_at):
        return False
    path, step = found.path, found.step
    has_begun_path = bool(path and step and path.created_at == found.answered_at and path.steps.count() == 1)
    found.state, found.answer, found.answered_by, found.answered_at, found.step = State.OPEN, "", None, None, None
    if has_begun_path:
        found.path = None
    found.save()
    if has_begun_path and path:
        path.delete()
    elif step:
        remove_step(step=step)
    return True


@transaction.atomic
def append_step(*, path: Path, wished: Wished, standard_id: int | None = None) -> Step:
    """At the end of the path: in its last part, or, after a choice board, in a new one."""
    path = Path.objects.select_for_update().get(pk=path.pk)
    last = path.steps.aggregate(last=Max("position"))["last"] or 0
    outline = path.outline
    if outline[-1].kind is PartKind.CHOICE:
        path.parts = [*path.parts, {"kind": PartKind.SEQUENCE.value, "title": "", "pick": 0}]
    path.version += 1
    path.save(update_fields=["parts", "version"])
    step = Step.objects.create(
        path=path,
        position=last + 1,
        part=len(path.outline) - 1,
        title=wished.title,
        kind=wished.kind,
        link=wished.link,
        minutes_expected=wished.minutes_expected,
        standard_id=standard_id,
    )
    keep_pace(path)
    return step


@transaction.atomic
def remove_step(*, step: Step) -> None:
    """Those after it move up."""
    path = Path.objects.select_for_update().get(pk=step.path_id)
    Step.objects.filter(pk=step.pk).delete()
    path.steps.filter(position__gt=step.position).update(position=F("position") - 1)
    path.version += 1
    path.save(update_fields=["version"])
    keep_pace(path)


def _open(proposal: StepProposal) -> StepProposal:
    """Locked, with its path."""
    found = StepProposal.objects.select_for_update(of=("self",)).select_related("path").get(pk=proposal.pk)
    if found.state != State.OPEN:
        raise ProposalAnswered(found)
    return found


def _answer(proposal: StepProposal, state: str, text: str, by: Account, now: datetime) -> None:
    proposal.state, proposal.answer, proposal.answered_by, proposal.answered_at = state, text, by, now
    proposal.save()
