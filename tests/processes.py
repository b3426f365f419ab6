"""Real processes of the site, and a Redis that a test may break, against the database of the running test."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp
from typing import Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from lrm.embedded.binaries import redis_server
from lrm.embedded.children import start
from lrm.embedded.redis import Redis, redis_url
from lrm.management.commands.up import commands, site_environment

ROOT = Path(__file__).resolve().parent.parent
WAIT_SECONDS = 120.0
# Whatever describes this run of the tests, and must not reach a site that a test starts from nothing.
OUR_VARIABLES = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT"),
    *("LRM_VAR", "LRM_DB_OWNER", "LRM_LOCAL", "LRM_REDIS_PREFIX", "LRM_TEST_SLOT_BASE", "LRM_DEMO"),
    *("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PYTEST_XDIST_WORKER"),
)
Found = TypeVar("Found")


def wait_for(condition: Callable[[], Found], what: str, seconds: float = WAIT_SECONDS) -> Found:
    """The first truthy answer of condition. Raises AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
    return answer


# Below the ports that a kernel gives away by itself: between choice and use nobody takes one of these by chance.
# Each process that runs tests begins at another one.
_ports = cycle(range(15_000 + os.getpid() % 1_500 * 10, 32_000))


def free_port() -> int:
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError  # the ports never end


def bare_environment(**variables: str) -> dict[str, str]:
    """The environment of somebody who has just opened a terminal, and `variables`."""
    return {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES} | variables


def processes_of(folder: Path) -> dict[int, str]:
    """Every living process that works in the folder or names it: {process id: command line}."""
    found, name = {}, os.fsencode(folder)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            place = os.fsencode(os.readlink(entry / "cwd"))
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and (name in words or place == name or place.startswith(name + b"/")):
            found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    found.pop(os.getpid(), None)
    return found


def in_another_process(work: Callable[[], object]) -> int:
    """What it ended by, doing the work until nothing is left of it: 0, or the number of a signal."""
    connection.close()
    child = os.fork()
    if not child:
        # Where a browser has run, its loop gives this process another connection than the child finds, which has no
        # loop: one that is open, and the parent's.
        connection.connection = None
        try:
            while work():
                pass
            os._exit(0)
        finally:
            os._exit(1)  # an error: no test may go on in here
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class SiteProcess:
    """One process of the site (web, worker or beat) as `manage.py up` starts it, as the site's database role."""

    def __init__(self, name: str, *, database: str, log: Path, port: int = 0, redis: str | None = None) -> None:
        """database: name of the test database.    redis: another Redis than the one of this run, by its URL."""
        self.name, self.log, self.port = name, log, port
        self.words = commands("127.0.0.1", port)[name]
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
        self.environment = site_environment() | {"DATABASE_URL": url}
        if redis is not None:
            self.environment["REDIS_URL"] = redis
        self.process: subprocess.Popen | None = None

    def start(self) -> Self:
        with self.log.open("ab") as output:
            self.process = start(
                self.words,
                death_signal=signal.SIGKILL,
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def children(self) -> list[int]:
        """Process ids of the direct children: pool children of a worker, workers of the web server."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def kill(self) -> None:
        """SIGKILL, as a machine out of memory does it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for_port(self) -> None:
        def answers() -> bool:
            assert self.alive(), self.log_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_for(answers, f"{self.name} on port {self.port}")


class PrivateRedis:
    """A Redis for one test: it can be stopped, started again, frozen (it accepts and never answers) and emptied."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="lrm-redis-"))
        self.server = Redis(redis_server(), self.folder, self.folder)
        self.url = redis_url(self.server.socket)
        self.start()

    def start(self) -> None:
        self.server.start()
        self.server.wait_until_ready()

    def stop(self) -> None:
        """Connections are refused from here on."""
        self.thaw()
        self.server.stop()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        assert self.server._say(b"FLUSHALL\r\n").startswith(b"+OK")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        if self.server.process is not None and self.server.process.poll() is None:
            self.server.process.send_signal(number)
