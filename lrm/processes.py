"""Several processes as one: started, started again when they die, and stopped together.

honcho was tried first. It stops everything when one process is killed, starts each through a shell, and fails on a
signal that comes before all have started; a school wants the site to stay when a worker dies.
"""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from lrm.embedded.children import start

LOOK_SECONDS = 0.1
STOP_SECONDS = 10.0
DEATHS, DEATHS_SECONDS = 4, 30.0
ASKED_TO_END = {0, *(-number for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP))}
"""How a process ends that somebody else ended: a person, or a machine out of memory."""


class KeepsStopping(RuntimeError):
    """A process that ends by itself again and again; starting it once more would not help."""


class Processes:
    """Call everything from the main thread: the kernel ties the children to it, and signals arrive there."""

    def __init__(self, *, cwd: str, tell: Callable[[str], None]) -> None:
        """tell: called with a line when a process is started again."""
        self.cwd, self.tell = cwd, tell
        self._commands: dict[str, tuple[list[str], dict[str, str]]] = {}
        self._running: dict[str, subprocess.Popen] = {}
        self._deaths: dict[str, deque[float]] = {}
        self._signals = 0

    def add(self, name: str, words: list[str], environment: dict[str, str]) -> None:
        self._commands[name] = (words, environment)
        self._deaths[name] = deque(maxlen=DEATHS)

    def run(
        self,
        *,
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None],
        look_after: Callable[[], None] = lambda: None,
    ) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; afterwards no process is left. A second signal kills at once.

        The first one added is started alone, since people wait for it and the others would take half the machine
        from it; they follow as soon as it is ready.
        is_ready: asked until it is true, then when_ready is called once.
        look_after: called again and again, for what the processes rest on.
        Raises KeepsStopping.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count_signal)
        ready = False
        first, *others = self._commands
        try:
            self._start(first)
            while not self._signals:
                if not ready and is_ready():
                    ready = True
                    for name in others:
                        self._start(name)
                    when_ready()
                look_after()
                self._revive()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop()

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _start(self, name: str) -> None:
        words, environment = self._commands[name]
        self._running[name] = start(words, death_signal=signal.SIGTERM, env=environment, cwd=self.cwd)

    def _revive(self) -> None:
        for name, process in self._running.items():
            code = process.poll()
            if code is None:
                continue
            if code not in ASKED_TO_END:
                self._count_death(name, code)
            self.tell(f"{name} ended with {code} and is started again.")
            self._kill_group(process)
            self._start(name)

    def _count_death(self, name: str, code: int) -> None:
        deaths, now = self._deaths[name], time.monotonic()
        deaths.append(now)
        if len(deaths) == DEATHS and now - deaths[0] < DEATHS_SECONDS:
            raise KeepsStopping(f"{name} keeps stopping (last with {code}); its messages are above.")

    def _stop(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            while process.poll() is None and time.monotonic() < deadline and self._signals < 2:
                time.sleep(LOOK_SECONDS / 2)
        for process in self._running.values():
            self._kill_group(process)
            process.wait()

    @staticmethod
    def _kill_group(process: subprocess.Popen) -> None:
        """End what a process has left behind in its own group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
