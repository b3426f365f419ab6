"""Notes for staff only: added, put away, brought back."""

from datetime import datetime
from uuid import UUID

from profiles.models import Account, Learner, StaffNote


class NoteTaken(Exception):
    """The identifier of the form is that of another note."""


def add_note(*, learner: Learner, uuid: UUID, text: str, by: Account, now: datetime) -> StaffNote:
    """The same form twice is one note. Raises NoteTaken."""
    note, _is_new = StaffNote.objects.get_or_create(
        uuid=uuid, defaults={"learner": learner, "author": by, "text": text.strip(), "created_at": now}
    )
    if note.author_id != by.pk or note.learner_id != learner.pk:
        raise NoteTaken
    return note


def put_away(*, note: StaffNote, away: bool, now: datetime) -> None:
    """Off the page, or back on it; the first day of being away stays."""
    rows = StaffNote.objects.filter(pk=note.pk)
    if away:
        rows.filter(archived_at=None).update(archived_at=now)
    else:
        rows.update(archived_at=None)
