"""manage.py migrate, on a site that is in use: never in the way of people for longer than half a second."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import OperationalError, connections
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from lrm.roles import granting_new_tables

LOCK_MILLISECONDS = 400
"""A change of a table waits so long for those who use it; whoever comes meanwhile waits behind it, no longer.

Less than half of PostgreSQL's deadlock_timeout: a migration that has one table and wants another one, which a page has
that wants the first, gives way before PostgreSQL looks for somebody to refuse, who would be the page.
"""
TRIES = 90


class Command(DjangoMigrate):
    """Django's, which gives way: where a table is in use for long, it lets everybody through and tries again.

    Each migration is one transaction, so a try goes on where the one before gave way. Raises CommandError after TRIES.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        with granting_new_tables(options["database"]):
            self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        try:
            for _try in range(TRIES):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_MILLISECONDS}ms"])
                try:
                    super().handle(*args, **options)
                except OperationalError as error:
                    if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                        raise
                    self.stderr.write("A table is in use. Letting others through, then trying again.")
                    self.give_way()
                else:
                    return
            raise CommandError(
                f"A table was in use at each of {TRIES} tries. What was migrated stays; the site runs on. See what "
                "holds it (SELECT * FROM pg_stat_activity WHERE state <> 'idle'), and say manage.py migrate again."
            )
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def give_way(self) -> None:
        time.sleep(1)  # those who waited go first; nobody says when the last of them has gone
