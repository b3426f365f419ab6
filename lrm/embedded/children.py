"""Child processes that die with their parent, even when it is killed."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec only the call itself may happen.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(with_signal: signal.Signals) -> None:
    """Let the kernel send this process the signal when its parent is gone. Linux only, elsewhere nothing."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


def dies_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """`die_with_parent` for a child that is about to be started."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(with_signal)
        if os.getppid() != parent:  # died before the call
            os._exit(1)

    return prepare


def start(words: list[str], *, death_signal: signal.Signals, **options: Any) -> subprocess.Popen:
    """Start a child in its own process group, away from the terminal's Ctrl-C."""
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dies_with_parent(death_signal),  # safe: the callers have no other threads
        **options,
    )


def stop(process: subprocess.Popen, *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds, until the process has ended; the last is SIGKILL."""
    for signal_number, seconds in (*steps, (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(signal_number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
