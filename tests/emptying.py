"""Empties the database after a test that commits, in one short round instead of Django's flush.

Django truncates every table, then sends post_migrate, which writes content types and permissions and grants rights
to the runtime role once more: thirty times the work of deleting the few rows that a test leaves behind.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection, transaction

LEDGER = "assessments_evidence"
"""Made by a migration of its own, so Django does not list it. Its foreign keys are not deferred: it goes first."""
OF_MIGRATIONS = {"django_content_type", "auth_permission"}
"""What `migrate` writes and every test finds there."""
MOST_BYTES_DELETED = 2_000_000
"""Of all tables together. Where a test has left more, the checks of the foreign keys cost more than TRUNCATE."""


@cache
def tables() -> tuple[str, ...]:
    """Every table that a test may write, the ledger before all."""
    listed = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return (LEDGER, *sorted(set(listed) - OF_MIGRATIONS))


def empty_tables() -> None:
    """Leave what the migrations left, and commit that. The ledger allows it to its owner only, who says so."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lrm.rewrite_ledger = 'on'")
        # A request that a browser left behind may still be writing: what it writes goes too.
        cursor.execute(f"LOCK TABLE {', '.join(tables())} IN SHARE ROW EXCLUSIVE MODE")
        if _bytes(tables()) > MOST_BYTES_DELETED:
            cursor.execute(f"TRUNCATE {', '.join(tables())}")
        else:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED; " + "; ".join(f"DELETE FROM {table}" for table in tables()))


def _bytes(names: Sequence[str]) -> int:
    """Size of the tables and their partitions, without indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_relation_size(part.relid))"
            "  FROM unnest(%s) AS name, pg_partition_tree(name::regclass) AS part",
            [list(names)],
        )
        return int(cursor.fetchone()[0])
