"""How often the suggestion of a section was begun in vain: `MarkFailure` and `outbox.begin`, for sections."""

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from assessments.models import SuggestionFailure

PARKED_AT = SuggestionFailure.PARKED_AT

LOCK = "hashtextextended('groups', %(section)s)"
"""Whoever holds this makes the one current board of the section."""

MAY_TRY = f"""(
  f.times IS NULL
  OR (f.times < {PARKED_AT} AND f.last_at < statement_timestamp() - f.times * interval '10 seconds')
  OR (f.times >= {PARKED_AT} AND f.last_at < least(max(m.due_at), statement_timestamp() - interval '1 hour')))"""
"""Of marks m, grouped by section, and its failure f. What was parked is tried with newer results, once an hour: who
types results for a class must not have a worker killed with every key."""

# Nothing waits for the disk: a try that a fall of the database forgets was not the section's fault.
BEGIN = f"""
INSERT INTO assessments_suggestionfailure AS f (section_id, times, error)
SELECT %(section)s, 1, %(error)s WHERE pg_try_advisory_xact_lock({LOCK})
    ON CONFLICT (section_id) DO UPDATE SET times = f.times + 1, error = excluded.error, last_at = clock_timestamp()
 WHERE f.times = %(tried)s
RETURNING set_config('synchronous_commit', 'off', true) IS NULL
"""


def begin(section_id: int, *, tried: int) -> bool:
    """Count a try for good before it is made, since whoever is killed by it cannot count. tried: how often it had
    failed when its marks were read. False: another process has it in hand, or has just tried it."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"section": section_id, "tried": tried, "error": SuggestionFailure.KILLED})
        return cursor.fetchone() is not None


@transaction.atomic
def take_back(section_id: int) -> None:
    """This try was none."""
    failures = SuggestionFailure.objects.filter(section_id=section_id)
    failures.filter(times__lt=2).delete()
    failures.update(times=F("times") - 1)


def forget(section_id: int) -> None:
    """It has succeeded: in the transaction that stores the board."""
    SuggestionFailure.objects.filter(section_id=section_id).delete()


def name_failure(section_id: int, error: str) -> None:
    """What became of a try, where somebody lived to tell."""
    SuggestionFailure.objects.filter(section_id=section_id).update(error=error[:200], last_at=Now())


def is_parked(section_id: int) -> bool:
    return SuggestionFailure.objects.filter(section_id=section_id, times__gte=PARKED_AT).exists()
