"""A scratch database for one run of the benchmarks, on the private servers or on those of the environment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2
from django.conf import settings

from lrm.local import local_environment

ROOT = Path(__file__).resolve().parent.parent
OURS = "usename IS NOT NULL AND pg_has_role(usename, 'MEMBER') AND pid <> pg_backend_pid()"


@contextmanager
def scratch_database() -> Iterator[None]:
    """Django set up as the owner of a fresh, migrated database, which is dropped at the end."""
    name = f"lrm_bench_{os.getpid()}"
    with local_environment(ROOT, ["migrate"]):
        owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
        _say(owner, f'CREATE DATABASE "{name}"')
        try:
            os.environ["DATABASE_URL"] = _with_database(os.environ["DATABASE_URL"], name)
            os.environ["DATABASE_OWNER_URL"] = _with_database(owner, name)
            os.environ["LRM_REDIS_PREFIX"] = f"{name}:"
            os.environ.setdefault("LRM_LOCAL", "1")
            django.setup()
            from django.core.management import call_command  # settings are there only now
            from django.db import connections

            call_command("migrate", interactive=False, verbosity=0)
            try:
                yield
            finally:
                connections.close_all()
                _forget_messages(f"{name}:")
        finally:
            # Not "WITH (FORCE)": an owner may not end a worker of autovacuum, which a plain DROP ends by itself.
            _say(owner, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND {OURS}")
            _say(owner, f'DROP DATABASE "{name}"')


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _say(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True  # databases are not made in a transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _forget_messages(prefix: str) -> None:
    import redis  # only where the services are there

    with redis.Redis.from_url(settings.REDIS_URL) as server:
        for key in server.scan_iter(f"{prefix}*"):
            server.delete(key)
