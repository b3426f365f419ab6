"""A district scope must be open before any row about a learner is read.

Middleware opens the scope from the account; tasks and commands open it by name. Forgetting raises
UnscopedQuery instead of leaking. Whoever may see which rows inside the district is `visible_to`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_ALL = object()
_scope: ContextVar[object] = ContextVar("district_scope", default=None)


class UnscopedQuery(RuntimeError):
    """A query about learners was made while no district scope was open."""


@contextmanager
def district_scope(district_id: int) -> Iterator[None]:
    """Rows of this one district only."""
    token = _scope.set(int(district_id))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """The loud escape: rows of every district. The reason is for the reader of the code."""
    if not reason:
        raise ValueError("Say why this reads across districts.")
    token = _scope.set(_ALL)
    try:
        yield
    finally:
        _scope.reset(token)


def current_district_id() -> int | None:
    """The open district, or None where the scope spans districts. Raises UnscopedQuery when none is open."""
    value = _scope.get()
    if value is None:
        raise UnscopedQuery("Open district_scope(...) first; see lrm/scope.py.")
    return None if value is _ALL else int(value)  # type: ignore[call-overload]  # what is not _ALL is an id


class ScopedManager(models.Manager):
    """Default manager of models about learners.

    `scope_field` on the model names its way to the district; None where the rows are reached only
    through learners, sections or accounts that were themselves scoped.
    """

    def get_queryset(self) -> models.QuerySet:
        district_id = current_district_id()
        rows = super().get_queryset()
        field = getattr(self.model, "scope_field", None)
        return rows if district_id is None or field is None else rows.filter(**{field: district_id})
