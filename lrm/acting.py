"""Who writes to the database right now, and through which way: said to it in a comment before each write.

Triggers on class lists, accounts and roles read the comment and write it down with what was changed (profiles'
AuditEntry). A comment costs no statement, and is part of the very statement that it speaks of: what forgets to say who
it is, is written down all the same, as "database".
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

PAGE, API, TASK, IMPORT, COMMAND, DATABASE = "page", "api", "task", "import", "command", "database"
_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH|EXECUTE|COPY|MERGE)\b", re.IGNORECASE)
_UNSAYABLE = re.compile(r"[^\w.:-]")


@dataclass(frozen=True)
class Actor:
    """way: one of those above.    what: the route, task or command.    by: id of an account, None for nobody's."""

    way: str
    what: str = ""
    by: int | None = None

    @property
    def comment(self) -> str:
        what = _UNSAYABLE.sub("_", self.what)[:60]
        return f"/*lrm {self.way} {what} {'' if self.by is None else int(self.by)}*/ "


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def act_from_now_on(actor: Actor) -> None:
    """For a process that does one thing, such as a command."""
    _actor.set(actor)


def name_act(what: str) -> None:
    """Say which route it is once that is known; whoever acts stays."""
    if (actor := _actor.get()) is not None:
        _actor.set(replace(actor, what=what))


def signed(statement: Any) -> Any:
    """The statement with the comment before it, where it may write and somebody acts."""
    actor = _actor.get()
    if actor is None or not isinstance(statement, str) or not _WRITES.match(statement):
        return statement
    return actor.comment + statement


def sign(execute: Any, statement: Any, parameters: Any, many: bool, context: Any) -> Any:
    """Wrapper of each statement of a connection (Django's execute_wrappers)."""
    return execute(signed(statement), parameters, many, context)
