"""Structured logs: one JSON line an event, and no personal data in it.

What may be logged is ids, routes, counts and durations. Everything else is dropped by name, so that a
careless `log.info("saved", name=...)` loses the name and not the child's privacy.
"""

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


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    leave_out_personal,
]

structlog.configure(
    processors=[*SHARED, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
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
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.server": {"level": "ERROR"}, "celery": {"level": "WARNING"}},
}
