"""Structured logs: one JSON line an event, and no personal data in it.

What may be logged is ids, routes, counts and durations. Everything else is dropped by name, so that a
careless `log.info("saved", name=...)` loses the name and not the child's privacy. Of an error the log holds what it was
and where it came up; what it says stays out, since that quotes what was at hand ("Key (email)=(...) already exists").
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

PERSONAL = {
    "name",
    "given_name",
    "family_name",
    "preferred_name",
    "email",
    "text",
    "reason",
    "password",
    "number",
    "class_code",
    "body",
    "address",
    "ip",
    "user_agent",
    "query",
    "username",
}


def leave_out_personal(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace values of fields that can name a person; keep the key, so that the loss is visible."""
    for key in event.keys() & PERSONAL:
        event[key] = "[left out]"
    return event


def tell_error(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put errors, each with what it came from, and the lines of code that they went through in place of exc_info."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "".join(_told(error))
    return event


def _told(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines = [*traceback.format_tb(cause.__traceback__), f"{_kind(cause)}\n", *lines]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines


def _kind(error: BaseException) -> str:
    """Its class, with what a system or the database says of it in numbers and names of their own."""
    known = [getattr(error, "strerror", None) if isinstance(error, OSError) else None]
    known += [getattr(error, "pgcode", None), getattr(getattr(error, "diag", None), "constraint_name", None)]
    said = ", ".join(each for each in known if isinstance(each, str))
    return f"{type(error).__module__}.{type(error).__qualname__}" + (f": {said}" if said else "")


class LeaveOutErrors(logging.Filter):
    """Celery writes what an error says into its own line on a task that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict) and "exc" in record.args:
            record.args = record.args | {"exc": "[left out]", "traceback": "[left out]"}
        return True


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    leave_out_personal,
    tell_error,
]

structlog.configure(
    processors=[*SHARED, structlog.processors.JSONRenderer()],
    logger_factory=structlog.WriteLoggerFactory(),
    cache_logger_on_first_use=False,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": SHARED,
        }
    },
    "filters": {"errors": {"()": LeaveOutErrors}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["errors"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.server": {"level": "ERROR"}, "celery": {"level": "WARNING"}},
}
