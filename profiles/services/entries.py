"""The learner's profile: added to, revised with history, archived and never deleted."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.models import Account, Learner, ProfileEntry


class EntryChanged(Exception):
    """This wording was replaced in the meantime. `newest` is what stands now."""

    def __init__(self, newest: ProfileEntry) -> None:
        super().__init__(f"Entry {newest.pk} is newer.")
        self.newest = newest


@transaction.atomic
def add_entry(*, learner: Learner, kind: str, text: str, by: Account, now: datetime) -> ProfileEntry:
    """A new entry.

    The same words of the same person under the same heading are one entry, so sending twice equals once.
    """
    Learner.objects.select_for_update().get(pk=learner.pk)
    words = {"learner": learner, "kind": kind, "text": text.strip(), "author": by}
    standing = ProfileEntry.objects.current().filter(**words).first()
    return standing or ProfileEntry.objects.create(**words, created_at=now)


@transaction.atomic
def revise_entry(*, entry: ProfileEntry, text: str, by: Account, now: datetime) -> ProfileEntry:
    """A new wording that replaces this one and keeps it as history. The same words again change nothing.

    Raises EntryChanged when another window has replaced this wording first, unless by the same words.
    """
    text = text.strip()
    if text == entry.text:
        return entry
    try:
        with transaction.atomic():
            return ProfileEntry.objects.create(
                learner_id=entry.learner_id, kind=entry.kind, text=text, author=by, replaces=entry, created_at=now
            )
    except IntegrityError:
        newest = newest_of(entry)
        if newest.text == text:
            return newest
        raise EntryChanged(newest) from None


def newest_of(entry: ProfileEntry) -> ProfileEntry:
    """The wording at the end of the chain that starts here."""
    while True:
        following = ProfileEntry.objects.filter(replaces=entry).first()
        if following is None:
            return entry
        entry = following


def archive_entry(*, entry: ProfileEntry) -> None:
    """Put away; it stays in the history and can be brought back."""
    ProfileEntry.objects.filter(pk=entry.pk, archived_at__isnull=True).update(archived_at=timezone.now())


def restore_entry(*, entry: ProfileEntry) -> None:
    ProfileEntry.objects.filter(pk=entry.pk).update(archived_at=None)
