"""The migrated database that test databases are copies of: to migrate takes ten seconds, to copy less than one.

The first process that needs it migrates its own database and leaves a copy; other workers of the run wait for that.
It stays in the state folder of the tests, so that the next run does not migrate either.
"""

import fcntl
import hashlib
import os
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

PREFIX = "lrm_template_"


def name() -> str:
    """Of the template for these migrations: another one where a migration, or the rights given after it, differs."""
    digest = hashlib.sha256(django.__version__.encode())
    files = [settings.BASE_DIR / "lrm" / "roles.py"]
    for app in apps.get_app_configs():
        files += sorted(Path(app.path).glob("migrations/*.py"))
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return PREFIX + digest.hexdigest()[:20]


class TemplateDatabase:
    """`offer` before the test database is made, `keep` afterwards. What happens between is Django's."""

    def __init__(self, lock: Path) -> None:
        """lock: a file of all processes that use this PostgreSQL."""
        self.lock, self.name = lock, name()
        self._descriptor: int | None = None

    def offer(self) -> None:
        """Let Django copy the template; where there is none, hold the lock until this process leaves one."""
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if self.name in templates():
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name
            os.close(descriptor)
        else:
            self._descriptor = descriptor

    def keep(self) -> None:
        """Leave a copy of the database that was just migrated, and drop those of other migrations."""
        if self._descriptor is None:
            return
        source = connection.settings_dict["NAME"]
        connection.close()  # a database that somebody is connected to cannot be copied
        try:
            old = templates()
            with connection._nodb_cursor() as cursor:
                for each in old:
                    cursor.execute(f'DROP DATABASE "{each}"')
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{source}"')
        finally:
            os.close(self._descriptor)
            self._descriptor = None


def templates() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        return [found for (found,) in cursor.fetchall()]


def answer_commits_at_once() -> None:
    """A test database need not outlive a crash of the machine: its commits do not wait for the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = off')
        cursor.execute("SET synchronous_commit = off")


def end_other_sessions() -> None:
    """Of the test database, which cannot be dropped while a request that a browser left behind holds one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [connection.settings_dict["NAME"]],
        )
