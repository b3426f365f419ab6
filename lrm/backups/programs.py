"""pg_dump and pg_restore for the server of this site."""

import os
import re
import shutil
import signal
import subprocess

from django.db import connection

from lrm.backups.errors import BackupError
from lrm.embedded.binaries import all_postgres
from lrm.embedded.children import dies_with_parent


def run(name: str, *words: str, database: str) -> None:
    """Raises BackupError with what the program said. The password goes by the environment, where `ps` shows none."""
    environment = os.environ | _address(database)
    done = subprocess.run(
        [_program(name), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        # Alone it would go on to the end, and nobody would prove what it made.
        preexec_fn=dies_with_parent(signal.SIGKILL),  # safe: commands have no other threads
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        said = "\n".join(([line for line in lines if "error:" in line] or lines)[-5:])
        raise BackupError(f"{name} ended with {done.returncode}:\n{said}")


def _program(name: str) -> str:
    """The one of the server's version, else of a newer one: an older one does not read its tables."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        wanted = int(cursor.fetchone()[0]) // 10_000
    found = {major: programs.program(name) for major, programs in all_postgres().items()}
    if (path := shutil.which(name)) and (major := _major(path)) is not None:
        found.setdefault(major, path)
    fitting = [major for major in found if major >= wanted and shutil.which(found[major])]
    if not fitting:
        raise BackupError(
            f"The server is PostgreSQL {wanted}, and no {name} of that version or a newer one was found. "
            f"Install the package postgresql-client-{wanted}, or put its folder into PATH."
        )
    return found[min(fitting)]


def _major(path: str) -> int | None:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None


def _address(database: str) -> dict[str, str]:
    given = connection.get_connection_params() | {"dbname": database}
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    return {names[key]: str(value) for key, value in given.items() if key in names and value}
