"""Which function does which kind of work. Each app names its own in <app>/jobs.py, loaded when a kind is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from lrm.acting import TASK

if TYPE_CHECKING:
    from lrm.jobs.models import Job
    from lrm.jobs.running import Work


class JobRefused(Exception):
    """The work cannot be done, and nothing was changed. The message says why and what to do, to whoever asked."""


def _nothing(job: "Job") -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """words: what it is, for people.    page: the route where it is asked for.

    stops: whether it may be stopped on its way, which takes back all that it has done.
    hindrance: why a failed one may not be begun again now, in words; "" where it may.
    way: as what its writes are written down (lrm.acting).
    """

    do: Callable[["Work"], None]
    words: str | Promise = ""
    page: str = ""
    stops: bool = False
    hindrance: Callable[["Job"], str] = _nothing
    way: str = TASK


KINDS: dict[str, Kind] = {}


@cache
def load_kinds() -> None:
    """Those of all apps. What does long work is loaded with it, which web servers need for their page of jobs only."""
    autodiscover_modules("jobs")


def kind_of(name: str) -> Kind | None:
    """None: this LRM does no such work any more."""
    load_kinds()
    return KINDS.get(name)


def job_kind(
    name: str,
    words: str | Promise = "",
    *,
    page: str = "",
    stops: bool = False,
    hindrance: Callable[["Job"], str] = _nothing,
    way: str = TASK,
) -> Callable[[Callable[["Work"], None]], Callable[["Work"], None]]:
    """Let a function do jobs of this kind; the rest is told in `Kind`.

    It may be begun again after a kill at any point, so it does all in one transaction that ends with `work.finish`,
    or leaves marks from which it goes on. Raises ValueError: the name belongs to another function.
    """

    def register(function: Callable[["Work"], None]) -> Callable[["Work"], None]:
        if KINDS.setdefault(name, Kind(function, words, page, stops, hindrance, way)).do is not function:
            raise ValueError(f"Two functions do jobs of the kind {name}.")
        return function

    return register
