"""Files of copies: written by a worker, kept for a week."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.file_store import COPIES, StorageTrouble
from lrm.jobs.kinds import JobRefused
from lrm.jobs.running import Work
from lrm.scope import unscoped
from profiles.models import AdultCopy, LearnerCopy
from profiles.models.copy_file import FILE_FOR, CopyFile

KINDS: tuple[type[LearnerCopy | AdultCopy], ...] = (LearnerCopy, AdultCopy)
UNNAMED = timedelta(hours=1)


def make_file(work: Work, row: CopyFile, write: Callable[[BinaryIO], None]) -> None:
    """Twice equals once, since only the row that is written last names a file."""
    try:
        stored, size = COPIES.put_written(write)
    except StorageTrouble as trouble:
        raise JobRefused(
            _("The disk is full, or cannot be written. Tell your technician, then make it again.")
        ) from trouble
    try:
        with transaction.atomic():
            row.stored, row.size, row.made_at = stored, size, timezone.now()
            made = {"stored": stored, "size": size, "made_at": row.made_at}
            if not type(row)._default_manager.filter(pk=row.pk).update(**made):
                raise JobRefused(_("The person was erased meanwhile. Nothing was kept."))
            work.finish()
    except BaseException:
        COPIES.discard(stored)
        raise
    COPIES.settle(stored)


def fetched(row: CopyFile) -> None:
    type(row)._default_manager.filter(pk=row.pk, fetched_at__isnull=True).update(fetched_at=timezone.now())


def forget_files() -> int:
    """Take away files whose week is over, and those that no row names. Returns how many."""
    with unscoped("copies of every district lie in one folder"):
        for model in KINDS:
            old = model.objects.filter(made_at__lt=timezone.now() - FILE_FOR, stored__isnull=False)
            for pk, stored in list(old.values_list("pk", "stored")):
                model.objects.filter(pk=pk).update(stored=None)
                if stored is not None:
                    COPIES.discard(stored)
        return COPIES.sweep(known=_named, older_than_seconds=UNNAMED.total_seconds())


def _named(stored: Iterable[UUID]) -> set[UUID]:
    found = [model.objects.filter(stored__in=list(stored)).values_list("stored", flat=True) for model in KINDS]
    return {each for rows in found for each in rows if each is not None}
