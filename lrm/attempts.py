"""Several pieces of work that the clock does: one that fails stops none of the others."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog

log = structlog.get_logger()


class NotAllDone(RuntimeError):
    """Pieces of work that failed; the next run tries them again."""


@contextmanager
def attempts(event: str) -> Iterator[Callable[..., AbstractContextManager[None]]]:
    """Gives a context manager for each piece, called with what tells it from the others: district=3.

    Trouble inside of one stands in the log as `event`, with its traceback. Raises NotAllDone at the end where there
    was any. Each piece is a transaction of its own, or none.
    """
    failed = []

    @contextmanager
    def attempt(**which: object) -> Iterator[None]:
        try:
            yield
        except Exception:
            log.exception(event, **which)
            failed.append(" ".join(f"{name} {value}" for name, value in which.items()))

    yield attempt
    if failed:
        raise NotAllDone(f"{', '.join(failed)}: see {event} in the log.")
