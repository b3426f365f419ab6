"""Private PostgreSQL and Redis for one state folder, so that nothing has to be installed or configured.

Whoever needs them calls `attach`: the first user starts them, the last one stops them. Users are counted by
locks that the kernel drops when a process ends in whatever way; `supervisor.py` holds the servers and watches
the locks.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from lrm.embedded.errors import EmbeddedError
from lrm.embedded.folders import REDIS_SOCKET, ROOT, StateFolder
from lrm.embedded.leases import Lease, any_lease, gate, is_locked, try_lock
from lrm.embedded.postgres import OWNER, RUNTIME, database_url
from lrm.embedded.redis import redis_url

__all__ = ["EmbeddedError", "Services", "attach", "revive"]

LOOK_SECONDS = 0.02
TELL_AFTER_SECONDS = 3.0
STOP_SECONDS = 60.0
_started: list[subprocess.Popen] = []  # supervisors that this process must reap
_attached: list["Services"] = []  # what this process uses


class Services:
    """Addresses of the running services; a context manager that detaches.

    database_url: role lrm_app, which the site runs as.
    owner_database_url: role lrm_owner, which owns the tables.
    redis_url: for redis-py, as unix:///path?db=0; Celery wants redis+socket:///path?virtual_host=0.
    Spaces and other signs in paths are percent-encoded in all three.
    """

    def __init__(self, state: StateFolder, lease: Lease, sockets: Path) -> None:
        self.state = state
        self.database_url = database_url(sockets, RUNTIME)
        self.owner_database_url = database_url(sockets, OWNER)
        self.redis_url = redis_url(sockets / REDIS_SOCKET)
        self._lease: Lease | None = lease
        self._process = os.getpid()
        _attached.append(self)

    def close(self) -> None:
        """Give the services up. The last user returns when they have stopped."""
        if self._lease is None or os.getpid() != self._process:  # a fork shares the lease and must not drop it
            return
        _attached.remove(self)
        with gate(self.state):
            self._lease.release()
            self._lease = None
            is_last = not any_lease(self.state)
        deadline = time.monotonic() + STOP_SECONDS
        while is_last and is_locked(self.state.lock("supervisor")) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            is_last = not any_lease(self.state)  # somebody may have come while they were stopping
        _started[:] = [process for process in _started if process.poll() is None]

    def __enter__(self) -> "Services":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def attach(var: Path) -> Services:
    """Use the services of the state folder `var`, starting them if nobody has.

    Waits as long as the database needs to recover, and says so on standard error.
    Raises EmbeddedError: they cannot run here; the text says what to do.
    """
    state = StateFolder(var.expanduser().resolve())
    state.make()
    with gate(state):
        lease = Lease(state)
        supervisor = _start_supervisor(state)
    try:
        sockets = _wait(state, supervisor)
    except BaseException:
        with gate(state), contextlib.suppress(OSError):
            lease.release()
        raise
    return Services(state, lease, sockets)


def revive() -> None:
    """Start the supervisor of the services that this process uses again, where somebody has killed it.

    Returns at once: whoever needs the servers meets a restart, as when one of them had died alone.
    """
    for services in _attached:
        if not is_locked(services.state.lock("supervisor")):
            with gate(services.state):
                _start_supervisor(services.state)
    _started[:] = [process for process in _started if process.poll() is None]


def _start_supervisor(state: StateFolder) -> subprocess.Popen | None:
    """Start a supervisor unless one lives. Call inside the gate; it inherits the lock, so none is second."""
    lock = try_lock(state.lock("supervisor"))
    if lock is None:
        return None
    try:
        for leftover in (state.ready, state.error, state.status):
            leftover.unlink(missing_ok=True)
        with state.log("supervisor").open("wb") as output:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "lrm.embedded.supervisor", str(state.var), str(lock)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                start_new_session=True,
                pass_fds=(lock,),
            )
    finally:
        os.close(lock)
    _started.append(supervisor)
    return supervisor


def _wait(state: StateFolder, supervisor: subprocess.Popen | None) -> Path:
    tell_at, told = time.monotonic() + TELL_AFTER_SECONDS, ""
    while True:
        with contextlib.suppress(FileNotFoundError):
            ready = json.loads(state.ready.read_text())
            if is_locked(state.lock("supervisor")):
                return Path(ready["sockets"])
        if supervisor is not None and supervisor.poll() is not None:
            raise EmbeddedError(_reason(state))
        if supervisor is None and not is_locked(state.lock("supervisor")):
            with gate(state):
                supervisor = _start_supervisor(state)
        if time.monotonic() > tell_at:
            with contextlib.suppress(FileNotFoundError):
                if (text := state.status.read_text().strip()) not in ("", told):
                    print(f"Waiting for the database: {text}", file=sys.stderr)  # noqa: T201  whoever waits at a terminal
                    told = text
        time.sleep(LOOK_SECONDS)


def _reason(state: StateFolder) -> str:
    for path in (state.error, state.log("supervisor")):
        with contextlib.suppress(FileNotFoundError):
            if text := path.read_text(errors="replace").strip():
                return text
    return f"The private services stopped while starting; see the logs in {state.services}."
