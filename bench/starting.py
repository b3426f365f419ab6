"""How long the site takes to start on a machine where the environment is ready and the state folder made."""

import http.client
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.place import ROOT
from bench.server import HOST, free_port
from lrm.embedded.binaries import newest_postgres, run_as
from lrm.embedded.children import start
from lrm.embedded.folders import StateFolder
from lrm.embedded.leases import try_lock
from lrm.embedded.postgres import Postgres

OF_THE_MACHINE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LRM_DB_OWNER", "LRM_REDIS_PREFIX", "SECRET_KEY")
START_SECONDS = 120.0
LOOK_SECONDS = 0.02


def rows(*, small: bool) -> Iterator[dict]:
    """`manage.py up` until it answers, against a bare postgres on the same folder and `django.setup()`."""
    from bench.pages import row  # reads models, which want Django to be set up

    rounds = 3 if small else 7
    taken: dict[str, list[float]] = {"site": [], "postgres": [], "setup": []}
    with state_folder() as var:
        with site(var):
            pass  # makes roles, database and tables, which a later start finds
        for _ in range(rounds):
            with site(var) as seconds:
                taken["site"].append(seconds)
            taken["postgres"].append(bare_postgres(var))
            taken["setup"].append(django_setup(var))
    found = {name: statistics.median(values) for name, values in taken.items()}
    limit = 3 * (found["postgres"] + found["setup"])
    said = f"3 x (postgres {found['postgres']:.2f} + django.setup() {found['setup']:.2f}) = {limit:.2f} s"
    yield row("start", "manage.py up, no demo", found["site"], "s", said, found["site"] / limit)


@contextmanager
def state_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lrm-start-"))
    folder.chmod(0o711)  # where PostgreSQL runs as another user, it must reach its data
    try:
        yield folder / "var"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_MACHINE}
    return kept | {"LRM_VAR": str(var), "LRM_DEMO": "0"}


@contextmanager
def site(var: Path) -> Iterator[float]:
    """The site runs inside; yields the seconds from the command to the first answer."""
    port = free_port()
    began = time.monotonic()
    process = start(
        [sys.executable, "manage.py", "up", "--port", str(port)],
        death_signal=signal.SIGTERM,
        env=environment(var),
        cwd=str(ROOT),
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() > began + START_SECONDS:
                sys.exit("bench: the site did not start; its messages are above.")
            time.sleep(LOOK_SECONDS)
        yield time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def bare_postgres(var: Path) -> float:
    """Seconds from starting the server on the same folder until it takes a connection."""
    state, programs = StateFolder(var), newest_postgres()
    data = state.data(programs.major)
    lock = try_lock(state.lock("servers"))
    if lock is None:
        sys.exit("bench: the servers of the site before are still there.")
    runs = run_as(programs, data)
    server = Postgres(programs, runs, data, state.make_sockets(runs.user), state.log("postgresql"), lock)
    try:
        began = time.monotonic()
        server.start()
        server.wait_until_ready(lambda _line: None)
        return time.monotonic() - began
    finally:
        server.stop()
        os.close(lock)
        state.remove_sockets()


def django_setup(var: Path) -> float:
    values = {"SECRET_KEY": "only-for-the-bench-of-starting-which-serves-nothing", "LRM_LOCAL": "1"}
    values |= {"DATABASE_URL": "postgresql:///lrm", "DJANGO_SETTINGS_MODULE": "lrm.settings"}
    began = time.monotonic()
    words = [sys.executable, "-c", "import django; django.setup()"]
    subprocess.run(words, env=environment(var) | values, cwd=ROOT, check=True)
    return time.monotonic() - began
