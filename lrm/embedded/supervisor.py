"""The process that holds the private services: `python -m lrm.embedded.supervisor STATE_FOLDER LOCK`.

LOCK is the number of an inherited descriptor that holds the supervisor's lock. It starts PostgreSQL and Redis
as its children, starts them again when they die, and stops them and itself when no lease is held any more. If
it is killed, the kernel stops its children.
"""

import json
import os
import signal
import sys
import time
from collections import deque
from pathlib import Path
from types import FrameType

from lrm.embedded.binaries import newest_postgres, redis_server, run_as
from lrm.embedded.errors import EmbeddedError
from lrm.embedded.folders import StateFolder
from lrm.embedded.leases import any_lease, gate, remove_dead_leases, try_lock
from lrm.embedded.postgres import Postgres
from lrm.embedded.redis import Redis
from lrm.embedded.upgrade import data_folder

LOOK_SECONDS = 0.2
ORPHAN_SECONDS = 10.0
RESTARTS_PER_MINUTE = 10
ASKED_TO_END = {0, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGQUIT}


class Supervisor:
    def __init__(self, state: StateFolder) -> None:
        self.state = state
        self.stopping = False
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.restarts: deque[float] = deque(maxlen=RESTARTS_PER_MINUTE)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        try:
            self._start()
            self._announce()
            while not self._may_stop():
                self._revive()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop()

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self) -> None:
        lock = self._wait_for_old_servers()
        programs, redis_program = newest_postgres(), redis_server()
        data = data_folder(self.state, programs, lock, self._tell)
        runs = run_as(programs, data)
        sockets = self.state.make_sockets(runs.user)
        self.postgres = Postgres(programs, runs, data, sockets, self.state.log("postgresql"), lock)
        self.redis = Redis(redis_program, sockets, self.state.services, lock)
        self.postgres.start()
        self.redis.start()
        self.redis.wait_until_ready()
        self.postgres.wait_until_ready(self._tell)
        self.postgres.make_database()

    def _wait_for_old_servers(self) -> int:
        """The servers' lock, when no server of an earlier supervisor lives any more.

        On Linux they stop with their supervisor; elsewhere a killed one leaves them, to be stopped here.
        """
        path, ask_at = self.state.lock("servers"), time.monotonic() + ORPHAN_SECONDS
        while (lock := try_lock(path)) is None:
            self._tell("Waiting for the earlier services to stop.")
            if time.monotonic() > ask_at:
                self._stop_orphans()
                ask_at = time.monotonic() + ORPHAN_SECONDS
            time.sleep(LOOK_SECONDS)
        return lock

    def _stop_orphans(self) -> None:
        programs, sockets = newest_postgres(), self.state.sockets_link
        data = self.state.data(programs.major)
        if data.exists():
            Postgres(programs, run_as(programs, data), data, sockets, self.state.log("postgresql"), -1).stop_orphan()
        Redis(redis_server(), sockets, self.state.services).shut_down()

    def _announce(self) -> None:
        assert self.postgres is not None
        unfinished = self.state.ready.with_suffix(".new")
        unfinished.write_text(json.dumps({"sockets": str(self.postgres.sockets), "pid": os.getpid()}))
        unfinished.rename(self.state.ready)

    def _may_stop(self) -> bool:
        if not self.stopping and any_lease(self.state):
            return False
        with gate(self.state):
            if not self.stopping and any_lease(self.state):
                return False
            remove_dead_leases(self.state)
            self.state.ready.unlink(missing_ok=True)
            return True

    def _revive(self) -> None:
        """Start a server that died. Whoever was connected reconnects, as with any server."""
        assert self.postgres is not None
        assert self.redis is not None
        if self.redis.process is not None and (code := self.redis.process.poll()) is not None:
            self._count_restart(self.redis.name, code)
            self.redis.start()
        if self.postgres.process is not None and (code := self.postgres.process.poll()) is not None:
            self._count_restart(self.postgres.name, code)
            self.state.ready.unlink(missing_ok=True)  # who comes now waits for the recovery
            self._start_postgres_again(self.postgres)
            self._announce()

    def _start_postgres_again(self, postgres: Postgres) -> None:
        """Processes that a killed server leaves behind hold its memory until they notice; a start fails so long."""
        give_up_at = time.monotonic() + ORPHAN_SECONDS
        while True:
            postgres.start()
            try:
                return postgres.wait_until_ready(self._tell)
            except EmbeddedError:
                if time.monotonic() > give_up_at:
                    raise
            time.sleep(LOOK_SECONDS)

    def _count_restart(self, name: str, code: int) -> None:
        """A server that somebody ends is started as often as that is done; one that ends by itself is given up."""
        if code in ASKED_TO_END:
            return
        now = time.monotonic()
        if len(self.restarts) == RESTARTS_PER_MINUTE and now - self.restarts[0] < 60:
            raise EmbeddedError(f"{name} keeps stopping; see the logs in {self.state.services}.")
        self.restarts.append(now)

    def _tell(self, text: str) -> None:
        self.state.status.write_text(text + "\n")

    def _stop(self) -> None:
        if self.postgres is not None:
            self.postgres.stop()
        if self.redis is not None:
            self.redis.stop()
        self.state.ready.unlink(missing_ok=True)
        self.state.remove_sockets()
        self.state.status.unlink(missing_ok=True)


def main(var: str) -> int:
    state = StateFolder(Path(var))
    try:
        Supervisor(state).run()
    except (EmbeddedError, OSError) as error:
        state.error.write_text(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
