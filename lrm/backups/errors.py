"""What goes wrong with a backup, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import Error


class BackupError(Exception):
    """A backup was not made, or not restored; nothing partial was left. The message says why and what to do."""


@contextmanager
def told_in_words() -> Iterator[None]:
    """What the disk or the database says becomes a BackupError, where nobody nearer has said more."""
    try:
        yield
    except OSError as trouble:
        raise BackupError(f"{said_by_disk(trouble)}.") from None
    except (Error, psycopg2.Error) as trouble:
        raise BackupError(f"The database did not go along: {str(trouble).strip()}") from None


def said_by_disk(trouble: OSError) -> str:
    """With the path; of a copy with both, since the system does not say on which side it was."""
    paths = " to ".join(str(each) for each in (trouble.filename, trouble.filename2) if each)
    return f"{paths}: {trouble.strerror}" if paths else str(trouble.strerror or trouble)
