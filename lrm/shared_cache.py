"""A cache in Redis for what web processes count together, such as how often a token has asked.

It never waits long and never fails: while Redis is away or hangs, each process counts in its own memory.
"""

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger()
ASK_SECONDS = 0.2  # the longest that one call may take
PAUSE_SECONDS = 5.0

_silent_until = 0.0  # of this process, whose threads have a cache each


class SharedCache(RedisCache):
    """get, set, add and delete go to Redis, or to memory for a while after it has failed; nothing else is used."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        from redis.backoff import NoBackoff  # where nobody asks the API, redis is not loaded for it
        from redis.retry import Retry

        once = {"socket_timeout": ASK_SECONDS, "socket_connect_timeout": ASK_SECONDS, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, params | {"OPTIONS": once})
        self._own = LocMemCache("shared", params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._ask("set", key, value, *args, **kwargs)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._ask("add", key, value, *args, **kwargs)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask("delete", key, version=version)

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        global _silent_until
        from redis.exceptions import RedisError  # see above

        if time.monotonic() >= _silent_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                _silent_until = time.monotonic() + PAUSE_SECONDS
                log.warning("shared_cache_away", error=type(error).__name__)
        return getattr(self._own, name)(*args, **kwargs)
