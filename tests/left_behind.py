"""Requests that a browser has left behind, such as a page's next look for news when its test ends.

Whoever empties the tables waits for them: one that goes on writing would wait for the tables while those wait for it.
"""

import threading
from typing import Any

from django.core.signals import request_finished, request_started

LONGEST_SECONDS = 60.0  # a request that takes longer is stuck, and what empties the tables says so

_under_way: set[int] = set()
_changed = threading.Condition()


def _is_of_server() -> bool:
    """Whether this is a thread of live_server, and no client of a test."""
    return threading.current_thread().name.endswith("(process_request_thread)")


def _begun(**_signal: Any) -> None:
    if _is_of_server():
        with _changed:
            _under_way.add(threading.get_ident())


def _ended(**_signal: Any) -> None:
    if _is_of_server():
        with _changed:
            _under_way.discard(threading.get_ident())
            _changed.notify_all()


def watch_requests() -> None:
    request_started.connect(_begun)
    request_finished.connect(_ended)


def wait_for_requests() -> None:
    with _changed:
        if not _changed.wait_for(lambda: not _under_way, LONGEST_SECONDS):
            _under_way.clear()  # else every test after this one would wait as long for the same
