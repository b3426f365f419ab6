"""What the runtime database role may do: everything it needs, and no rewriting of the ledger or of the audit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from psycopg2 import sql

LEDGER_PREFIX = "assessments_evidence"
AUDIT = "profiles_auditentry"
"""Written by triggers alone, as their owner."""
OWNERS_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc
 WHERE prosecdef AND prorettype <> 'trigger'::regtype AND pronamespace = 'public'::regnamespace
   AND pg_has_role(proowner, 'USAGE')
"""
TABLE_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
SEQUENCE_RIGHTS = "USAGE, SELECT"
TAKE_DEFAULTS = "REVOKE {rights} ON {kind} FROM {role}"


@contextmanager
def granting_new_tables(using: str = "default") -> Iterator[None]:
    """What the owner makes meanwhile is the runtime role's from its first moment on, not only after `migrate`.

    A site of the version before is at work then, and its saves run through functions that a migration has replaced:
    what these read may be new.
    """
    role = _runtime_role(using)
    if role is None:
        yield
        return
    _change_defaults(using, "GRANT {rights} ON {kind} TO {role}", role)
    try:
        yield
    finally:
        _change_defaults(using, TAKE_DEFAULTS, role)


def _change_defaults(using: str, change: str, role: sql.Identifier) -> None:
    """Of tables and sequences that the owner makes from now on."""
    with connections[using].cursor() as cursor:
        for kind, rights in (("TABLES", TABLE_RIGHTS), ("SEQUENCES", SEQUENCE_RIGHTS)):
            said = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public " + change)
            cursor.execute(said.format(rights=sql.SQL(rights), kind=sql.SQL(kind), role=role))


def _runtime_role(using: str) -> sql.Identifier | None:
    """None where it does not exist, or is the owner itself."""
    connection = connections[using]
    if connection.settings_dict["USER"] == settings.RUNTIME_ROLE:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.RUNTIME_ROLE])
        return None if cursor.fetchone() is None else sql.Identifier(settings.RUNTIME_ROLE)


def grant_runtime_role(using: str = "default") -> None:
    """Run as the owner after each migrate. Nothing to do where owner and runtime role are one.

    What a migrate that was killed has left of granting_new_tables() goes, too.
    """
    role = _runtime_role(using)
    if role is None:
        return
    _change_defaults(using, TAKE_DEFAULTS, role)
    with connections[using].cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        cursor.execute(sql.SQL(f"GRANT {TABLE_RIGHTS} ON ALL TABLES IN SCHEMA public TO {{}}").format(role))
        cursor.execute(sql.SQL(f"GRANT {SEQUENCE_RIGHTS} ON ALL SEQUENCES IN SCHEMA public TO {{}}").format(role))
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND starts_with(relname, %s)",
            [LEDGER_PREFIX],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role))
        cursor.execute("SELECT to_regclass(%s)", [AUDIT])
        if cursor.fetchone()[0] is not None:
            rights = sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            cursor.execute(rights.format(sql.Identifier(AUDIT), role))
        # What runs as the owner is for the site alone, not for whoever else may connect, such as a role for reports.
        cursor.execute(OWNERS_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), role))
