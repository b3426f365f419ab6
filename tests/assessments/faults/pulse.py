"""How long a bare commit takes from moment to moment, beside a test of saves.

What a save has to wait for while a commit that asks nobody waits as well is the disk or the machine, and not what the
test has broken.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EVERY_SECONDS = 0.1


class Pulse:
    """beats: (time.monotonic() at its end, seconds) of each commit."""

    def __init__(self) -> None:
        self.beats: list[tuple[float, float]] = []

    def longest_within(self, began: float, ended: float) -> float:
        """Of the commits that were under way between two times; 0.0 where none was."""
        return max((took for end, took in self.beats if end >= began and end - took <= ended), default=0.0)


@contextmanager
def pulse_of(connection: Any) -> Iterator[Pulse]:
    """Commits a row again and again, on a connection of its owner that nobody else uses meanwhile."""
    pulse, is_over = Pulse(), threading.Event()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS pulse (n bigint)")

    def beat() -> None:
        with connection.cursor() as cursor:
            while not is_over.wait(EVERY_SECONDS):
                began = time.monotonic()
                cursor.execute("INSERT INTO pulse VALUES (1)")
                pulse.beats.append((time.monotonic(), time.monotonic() - began))

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield pulse
    finally:
        is_over.set()
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pulse")
