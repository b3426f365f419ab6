"""Tell the workers that there is work. Never waits long, never fails: the work itself stands in the outbox."""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger()
PAUSE_SECONDS = 5.0

_silent_until = 0.0


def hurry(*, in_seconds: float = 0.0) -> None:
    """Send one message, now or for a moment later. After a failure Redis is left alone for a while, so that saves do
    not wait in turn.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(
            "assessments.tasks.recompute",
            queue="live",
            retry=False,
            ignore_result=True,
            countdown=in_seconds or None,
            expires=30,
        )
    except (OperationalError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning("hurry_skipped", error=type(error).__name__)
