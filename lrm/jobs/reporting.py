"""Who carries a job out, and how far it is: told on connections of their own, past the transaction of the work."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LOCK_CLASS = 20_611
"""First half of the advisory locks of jobs; the second is the primary key."""
PAUSE_SECONDS = 0.5
"""Between two reports; a page asks every two seconds."""


class JobStopped(BaseException):
    """Somebody has stopped the job: whatever it has done goes back with its transaction. No fault for work to catch."""


class Reporter:
    """Writes progress where it is seen at once, whatever the work has not committed yet. Raises JobStopped."""

    def __init__(self, job_id: int, own: object):
        self._job_id, self._own, self._last = job_id, own, 0.0

    def say(self, done: int, total: int, message: str, *, at_once: bool) -> None:
        if not at_once and time.monotonic() < self._last + PAUSE_SECONDS:
            return
        self._last = time.monotonic()
        with self._own.cursor() as cursor:  # type: ignore[attr-defined]  # Django's wrappers have no public type
            cursor.execute(
                "UPDATE lrm_job SET done = %s, total = %s, message = %s WHERE id = %s AND state = 'running'",
                [done, total, message[:300], self._job_id],
            )
            if not cursor.rowcount:
                cursor.execute("SELECT 1 FROM lrm_job WHERE id = %s AND state = 'stopped'", [self._job_id])
                if cursor.fetchone():
                    raise JobStopped


@contextmanager
def holding(job_id: int) -> Iterator[Reporter | None]:
    """Hold the job as long as this process lives; None where another process holds it.

    The lock is one of a transaction, on a connection that does nothing else: it ends with the process however that
    ends, and it holds behind a pooler too.
    """
    guard, own = connection.copy(), connection.copy()
    try:
        guard.set_autocommit(False)
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, job_id])
            [is_mine] = cursor.fetchone()
        yield Reporter(job_id, own) if is_mine else None
        guard.rollback()  # lets go now; a closed connection lets go when the server notices
    finally:
        guard.close()
        own.close()


def held_ids() -> set[int]:
    """Primary keys of the jobs that some process carries out now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS],
        )
        return {pk for (pk,) in cursor.fetchall()}
