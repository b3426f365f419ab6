"""Taking a person who is erased out of the audit."""

from collections.abc import Sequence

from django.db import connection


def forget(learner_ids: Sequence[int], account_ids: Sequence[int]) -> int:
    """Take content and person out of entries about those who have left, or whose account has ended. Returns how many.

    That something was changed then, and through which way, stays. The database refuses anybody else's.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT forget_audit(%s::bigint[], %s::bigint[])",
            [list(learner_ids), list(account_ids)],
        )
        return cursor.fetchone()[0]
