"""What levels are called where the school of whoever reads has its own names for those of the district's scale."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

Naming = Callable[[date], tuple[str, ...]]
"""The names of a day, of the lowest level first; () where the district's count."""

_naming: ContextVar[Naming | None] = ContextVar("naming", default=None)


@contextmanager
def naming_levels(naming: Naming | None) -> Iterator[None]:
    """Whoever asks for names of levels meanwhile gets these. None: the district's."""
    before = _naming.set(naming)
    try:
        yield
    finally:
        _naming.reset(before)


def names_on(day: date) -> tuple[str, ...]:
    """() where the district's count."""
    naming = _naming.get()
    return naming(day) if naming is not None else ()
