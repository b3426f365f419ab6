"""One PostgreSQL server on a private socket."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg2

from lrm.embedded.binaries import PostgresPrograms, RunAs
from lrm.embedded.children import start, stop
from lrm.embedded.errors import EmbeddedError

SUPERUSER, OWNER, RUNTIME, DATABASE = "postgres", "lrm_owner", "lrm_app", "lrm"
STALLED_SECONDS = 120  # recovery writes a line of progress to the log every second
LOG_BYTES_KEPT = 5_000_000


def database_url(sockets: Path, role: str) -> str:
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(sockets), safe='')}"


def quoted(value: str) -> str:
    """A value of postgresql.conf."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def configuration(sockets: Path) -> str:
    """postgresql.conf for one machine that does other things too; durability is never traded."""
    # A list of folders: quotes inside the quotes keep commas and leading spaces of a path together.
    folder = '"' + str(sockets).replace('"', '""') + '"'
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": "64MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "effective_cache_size": "512MB",
        "max_wal_size": "512MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_startup_progress_interval": "1s",
        "log_checkpoints": "off",
    }
    lines = ["# Written at every start; changes here are lost."]
    lines += [f"{name} = {quoted(value)}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"


def make_data_folder(programs: PostgresPrograms, runs: RunAs, data: Path, log: Path) -> None:
    """Make an empty database cluster at `data`, all or nothing."""
    unfinished = data.with_name(data.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if runs.user is not None:
        os.chown(unfinished, runs.user, runs.user)
    # The builtin locale sorts and folds case alike on every machine and in every version.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if programs.major < 17:
        locale = ["--no-locale"]
    words = [programs.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8"]
    with log.open("ab") as output:
        made = subprocess.run(
            runs.command(*words, *locale), stdout=output, stderr=output, check=False, **runs.process_options()
        )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL could not make its data folder {data}.\n{tail(log)}")
    (unfinished / "pg_hba.conf").write_text("local all all trust\n")  # the socket folder is 0700
    unfinished.rename(data)


class Postgres:
    """A server on one data folder; the folder must have been made."""

    name = "PostgreSQL"

    def __init__(
        self, programs: PostgresPrograms, runs: RunAs, data: Path, sockets: Path, log: Path, lock: int
    ) -> None:
        """lock: descriptor that every server process inherits, so that its lock lasts as long as they do."""
        self.programs, self.runs, self.data, self.sockets = programs, runs, data, sockets
        self.log, self.lock = log, lock
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the server. Call only while no other server can live on the data folder."""
        # The caller's lock proves that no server lives; the number in this file may be anybody's by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.data / "postgresql.conf").write_text(configuration(self.sockets))
        rotate(self.log)
        with self.log.open("ab") as output:
            self.process = start(
                self.runs.command(self.programs.program("postgres"), "-D", str(self.data)),
                death_signal=signal.SIGINT,
                stdout=output,
                stderr=output,
                pass_fds=(self.lock,),
                cwd="/",
                **self.runs.process_options(),
            )

    def wait_until_ready(self, tell: Callable[[str], None]) -> None:
        """Return when the server answers; waits without limit while its log shows progress.

        tell: called with a line about what is being waited for.
        """
        assert self.process is not None
        size, changed_at = -1, time.monotonic()
        while True:
            try:
                self.connect("postgres").close()
            except psycopg2.OperationalError as error:
                _, is_fatal, reason = str(error).strip().partition("FATAL:  ")
                tell(f"PostgreSQL says that {reason}." if is_fatal else "PostgreSQL is starting.")
            else:
                return
            if self.process.poll() is not None:
                raise EmbeddedError(f"PostgreSQL stopped while starting.\n{tail(self.log)}")
            if (now_size := self.log.stat().st_size) != size:
                size, changed_at = now_size, time.monotonic()
            elif time.monotonic() - changed_at > STALLED_SECONDS:
                raise EmbeddedError(f"PostgreSQL makes no progress while starting.\n{tail(self.log)}")
            time.sleep(0.02)

    def connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname=database, connect_timeout=10)

    def make_database(self) -> None:
        """Roles and the database; what exists is left alone."""
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.autocommit = True  # CREATE DATABASE runs outside transactions
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolname FROM pg_roles")
                roles = {name for (name,) in cursor.fetchall()}
                if OWNER not in roles:
                    cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
                if RUNTIME not in roles:
                    cursor.execute(f"CREATE ROLE {RUNTIME} LOGIN")
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, (signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))

    def stop_orphan(self) -> None:
        """Stop a server on this data folder that is not our child."""
        words = [self.programs.program("pg_ctl"), "stop", "-s", "-m", "fast", "-D", str(self.data)]
        subprocess.run(
            self.runs.command(*words),
            capture_output=True,
            check=False,
            cwd="/",
            **self.runs.process_options(),
        )


def tail(log: Path, lines: int = 8) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
        log.replace(log.with_suffix(".log.1"))
