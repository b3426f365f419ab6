"""What a learner says along the way, and what a teacher answers."""

import uuid as uuids
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from paths.models import CheckIn, Goal, Reflection
from paths.services.errors import UuidTaken
from profiles.models import Account


@transaction.atomic
def check_in(
    *,
    goal: Goal,
    uuid: uuids.UUID,
    confidence: int,
    text: str,
    progress: int | None = None,
    seen_text: str = "",
    by: Account,
    now: datetime,
) -> CheckIn:
    """One tap and, if wanted, how far it is and a line.

    uuid: that of the form; the same form again changes the same check-in, so that a double click gives one.
    confidence, progress: 1 to 5; progress None leaves what was said.
    seen_text: the line that the form showed when it was opened. A check-in that was answered, or whose line another
    window has changed, is left alone and a new one is made: no line is lost.
    Raises UuidTaken: the identifier is that of another goal's check-in.
    """
    text = text.strip()
    said = {"at": now, "by": by, "confidence": confidence, "progress": progress, "text": text}
    row, is_new = _own_row(CheckIn, goal, uuid, said)
    progress = progress or row.progress
    if not is_new and (row.confidence, row.progress, row.text) != (confidence, progress, text):
        if row.replied_at or row.text not in ("", seen_text, text):
            row = CheckIn.objects.create(goal=goal, **said)
        else:
            row.confidence, row.progress, row.text = confidence, progress, text or row.text
            row.save(update_fields=["confidence", "progress", "text"])
    _answered(goal)
    return row


@transaction.atomic
def save_reflection(
    *, goal: Goal, uuid: uuids.UUID, helped: Sequence[str], text: str, is_draft: bool, by: Account, now: datetime
) -> Reflection:
    """Keep a reflection as it is being written, or send it.

    What was sent stays as it was read: sent again, it is unchanged.

    helped: values of Reflection.Helped; others are left out. Raises UuidTaken.
    """
    known = [value for value in Reflection.Helped.values if value in helped]
    fields = {"at": now, "by": by, "helped": known, "text": text.strip(), "is_draft": is_draft}
    row, is_new = _own_row(Reflection, goal, uuid, fields)
    if not is_new and row.is_draft:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
    if not is_draft:
        _answered(goal)
    return row


@transaction.atomic
def reply(*, to: CheckIn | Reflection, text: str, by: Account, now: datetime) -> None:
    """A teacher's answer under the learner's words; a later one replaces it."""
    row = type(to).objects.select_for_update().get(pk=to.pk)
    row.reply, row.reply_by, row.replied_at = text.strip(), by, now
    row.save(update_fields=["reply", "reply_by", "replied_at"])


def _own_row(model, goal: Goal, uuid: uuids.UUID, defaults: dict):
    try:
        with transaction.atomic():
            return model.objects.select_for_update().get_or_create(uuid=uuid, goal=goal, defaults=defaults)
    except IntegrityError:
        raise UuidTaken from None


def _answered(goal: Goal) -> None:
    """Whatever the learner says puts a goal that was asked about back into the teacher's queue."""
    Goal.objects.filter(pk=goal.pk, asked_at__isnull=False).update(asked_at=None)
