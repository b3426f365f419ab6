"""Which function does which kind of work. Each app names its own in <app>/jobs.py, loaded when the app is ready."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrm.jobs.running import Work

KINDS: dict[str, Callable[["Work"], None]] = {}


class JobRefused(Exception):
    """The work cannot be done, and nothing was changed. The message says why and what to do, to whoever asked."""


def job_kind(name: str) -> Callable[[Callable[["Work"], None]], Callable[["Work"], None]]:
    """Let a function do jobs of this kind.

    It may be begun again after a kill at any point, so it does all in one transaction that ends with `work.finish`,
    or leaves marks from which it goes on. Raises ValueError: the name belongs to another function.
    """

    def register(function: Callable[["Work"], None]) -> Callable[["Work"], None]:
        if KINDS.setdefault(name, function) is not function:
            raise ValueError(f"Two functions do jobs of the kind {name}.")
        return function

    return register
