"""The months of the access log: made ahead, and dropped whole once no line of theirs has any time left."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from django.db import OperationalError, connection, models, transaction
from psycopg2.errors import LockNotAvailable

from profiles.models import AccessLog

log = structlog.get_logger()
AHEAD = 2
"""Months after this one. What is written later than all of them waits in the part of no month, and is moved."""
MARGIN = timedelta(days=2)
"""So that a month is over in every time zone at once, and goes for all districts in one night."""


def make_ahead() -> int:
    """Make the months that are missing; the number of them. Busy tables are left for the next time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if not _is_ours():
                return 0
            cursor.execute("SELECT add_access_log_months(%s)", [AHEAD])
            return int(cursor.fetchone()[0])
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        log.warning("access_log_months_busy")
        return 0


def first_kept(before: datetime) -> datetime:
    """The first moment of the month in which the first line lies that has to stay. before: what is older may go."""
    day = (before - MARGIN).astimezone(UTC)
    return datetime(day.year, day.month, 1, tzinfo=UTC)


def drop(before: datetime, held: Iterable[int]) -> tuple[dict[int, int], bool]:
    """Drop the months that end by then, but those in which somebody on hold was looked at.

    -> district id -> lines that went, of every district; and whether a month could not be had because it is in use.
    held: ids of learners of all districts.
    """
    gone: dict[int, int] = {}
    on_hold = list(held)
    for month in _months_until(before):
        try:
            with transaction.atomic():
                if not _is_ours():
                    return gone, True
                if month not in _months_until(before):
                    continue
                for district_id, lines in _drop(month, on_hold).items():
                    gone[district_id] = gone.get(district_id, 0) + lines
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            log.warning("access_log_month_in_use", month=month.part)
            return gone, True
    return gone, False


def _is_ours() -> bool:
    """Nobody else makes or drops months until this transaction ends: what is read of them now stays true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('lrm access log months'))")
        return bool(cursor.fetchone()[0])


class _Month(NamedTuple):
    part: str
    since: datetime | None
    until: datetime


def _months_until(before: datetime) -> list[_Month]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, since, until FROM access_log_months() WHERE until <= %s", [before])
        return [_Month(*row) for row in cursor.fetchall()]


def _drop(month: _Month, held: list[int]) -> dict[int, int]:
    """Read while others read; the table is wanted for a moment only, at the end."""
    lines = AccessLog._base_manager.filter(at__lt=month.until)
    if month.since is not None:
        lines = lines.filter(at__gte=month.since)
    if held and lines.filter(learner_ids__overlap=held).exists():
        return {}
    counts = dict(lines.values_list("district_id").annotate(n=models.Count("pk")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT drop_access_log_month(%s)", [month.part])
    return counts
