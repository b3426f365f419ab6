"""How many requests there were, and how long they took: counted in memory that the processes of a web server share.

prometheus_client's own way for several processes is a file for each of them, read and parsed at every request of
numbers. Here the memory is mapped before the web server forks (shared.py), each process has a place of its own in it,
and adding to a number costs a microsecond: a process that is killed loses nothing and holds no lock.
"""

import mmap
import os
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from zlib import crc32

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLResolver, get_resolver

from lrm.metrics import shared

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper ends of the classes of how long an answer took; one more class is for what took longer."""
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
ELSEWHERE = ""
"""The route of what found none: static files, and addresses that nobody has."""
PLACES = 64
"""Of processes. The 65th gets the place of the first, which has ended by then, and goes on with its numbers."""
HEAD = 2  # numbers before the places


@dataclass(frozen=True)
class Counted:
    """statuses: as STATUSES.    classes: requests by how long they took, as SECONDS and longer.    seconds: of all."""

    route: str
    statuses: list[int]
    classes: list[int]
    seconds: float


class RequestCounts:
    """Made once in each process that loads the site, before that forks."""

    def __init__(self, routes: list[str]) -> None:
        self._rows = {route: number for number, route in enumerate([ELSEWHERE, *sorted(set(routes) - {ELSEWHERE})])}
        self._width = len(STATUSES) + len(SECONDS) + 1 + 1
        self._size = len(self._rows) * self._width
        # First which routes are counted and how many processes there were. 64 places cost what those in use take: which
        # those are, the next numbers say.
        self._numbers = memoryview(shared.memory).cast("Q")
        if HEAD + PLACES + PLACES * self._size > len(self._numbers):
            raise ValueError(f"{len(self._rows)} routes do not fit into lrm/metrics/shared.py: ROOM must be larger.")
        same = crc32("\n".join(self._rows).encode())
        if self._numbers[0] not in (0, same):  # the site was loaded anew with other routes: its counts begin again
            self._numbers = memoryview(mmap.mmap(-1, shared.ROOM)).cast("Q")
        self._numbers[0] = same
        self._process = self._numbers[1]
        self._take_place()
        os.register_at_fork(before=self._count_process, after_in_child=self._take_place)

    def add(self, route: str, status: int, seconds: float) -> None:
        row = HEAD + PLACES + self._place * self._size + self._rows.get(route, 0) * self._width
        took = row + len(STATUSES) + bisect_left(SECONDS, seconds)
        with self._lock:
            self._numbers[row + min(max(status // 100, 1), 5) - 1] += 1
            self._numbers[took] += 1
            self._numbers[row + self._width - 1] += int(seconds * 1_000_000)

    def read(self) -> Iterator[Counted]:
        """Of all processes, the routes that somebody has asked for."""
        starts = [HEAD + PLACES + place * self._size for place in range(PLACES) if self._numbers[HEAD + place]]
        for route, number in self._rows.items():
            rows = [start + number * self._width for start in starts]
            sums = [sum(self._numbers[row + at] for row in rows) for at in range(self._width)]
            if any(sums):
                statuses, classes = sums[: len(STATUSES)], sums[len(STATUSES) : -1]
                yield Counted(route, statuses, classes, sums[-1] / 1_000_000)

    def _count_process(self) -> None:
        """By one process at a time: a loader, which forks workers one after the other.

        It says the number of the next one in memory of its own: that which all share is further on where the loader
        has forked another one before this one runs, and two in one place lose what they add at once.
        """
        self._numbers[1] += 1
        self._process = self._numbers[1]

    def _take_place(self) -> None:
        self._place, self._lock = self._process % PLACES, Lock()
        self._numbers[HEAD + self._place] = 1


class CountingMiddleware:
    """The outermost: what it times is what the web server waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        counts().add(match.view_name if match else ELSEWHERE, response.status_code, time.perf_counter() - began)
        return response


_counts: RequestCounts | None = None


def counts() -> RequestCounts:
    global _counts
    if _counts is None:
        _counts = RequestCounts(list(_names(get_resolver())))
    return _counts


def _names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern)
        else:
            yield pattern.name or ELSEWHERE
