"""Locks of the kernel say who lives; they vanish with their process, however it ended."""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrm.embedded.folders import StateFolder


def try_lock(path: Path) -> int | None:
    """An open descriptor holding the exclusive lock on path, or None when somebody else holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def gate(state: StateFolder) -> Iterator[None]:
    """Nobody takes a lease while the supervisor decides to stop, and the other way round."""
    descriptor = os.open(state.lock("gate"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Lease:
    """One user of the services. Call inside the gate; the lock is held until release or death."""

    def __init__(self, state: StateFolder) -> None:
        self.path = state.leases / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def release(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


def any_lease(state: StateFolder) -> bool:
    return any(is_locked(path) for path in state.leases.iterdir())


def remove_dead_leases(state: StateFolder) -> None:
    """Call inside the gate, so that no lease is between its making and its lock."""
    for path in state.leases.iterdir():
        if not is_locked(path):
            path.unlink(missing_ok=True)
