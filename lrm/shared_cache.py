"""A cache in Redis for what web processes count together, such as how often a token has asked.

It never waits long and never fails: while Redis is away or hangs, each process counts in its own memory.
"""

import threading
import time
from collections.abc import Callable, Collection
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger()
ASK_SECONDS = 0.2  # the longest that one call may take
PAUSE_SECONDS = 5.0

# As one step, so that of two web processes at the same moment none lets in what is too much together.
ADMIT = """
local fresh = {}
for i = 3, #ARGV do
  if redis.call('SISMEMBER', KEYS[1], ARGV[i]) == 0 then fresh[#fresh + 1] = ARGV[i] end
end
if #fresh > 0 and redis.call('SCARD', KEYS[1]) + #fresh > tonumber(ARGV[1]) then return 0 end
for _, member in ipairs(fresh) do redis.call('SADD', KEYS[1], member) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
_own_lock = threading.Lock()
_silent_until = 0.0  # of this process, whose threads have a cache each


class SharedCache(RedisCache):
    """get, set, add, delete, admit and size go to Redis, or to memory for a while after it failed; no more is used."""

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

    def admit(self, key: str, members: Collection[int], *, most: int, timeout: int) -> bool:
        """Put these among those under the key, where there are at most so many then; else none of them, and False.

        Those that are all there already are let in whatever the limit is by now.
        """
        return self._either(
            lambda: bool(self._eval(ADMIT, key, most, timeout, *members)),
            lambda: self._admit_here(key, members, most, timeout),
        )

    def size(self, key: str) -> int:
        """How many `admit` has let in under the key."""
        made = self.make_and_validate_key(key)
        return self._either(
            lambda: self._cache.get_client(made).scard(made), lambda: len(self._own.get(key, frozenset()))
        )

    def _eval(self, script: str, key: str, *arguments: int) -> Any:
        made = self.make_and_validate_key(key)
        return self._cache.get_client(made, write=True).eval(script, 1, made, *arguments)

    def _admit_here(self, key: str, members: Collection[int], most: int, timeout: int) -> bool:
        with _own_lock:
            before = self._own.get(key, frozenset())
            together = before | frozenset(members)
            is_in = together == before or len(together) <= most
            if is_in:
                self._own.set(key, together, timeout)
            return is_in

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        here = super()
        return self._either(
            lambda: getattr(here, name)(*args, **kwargs), lambda: getattr(self._own, name)(*args, **kwargs)
        )

    def _either(self, in_redis: Callable[[], Any], here: Callable[[], Any]) -> Any:
        global _silent_until
        from redis.exceptions import RedisError  # see above

        if time.monotonic() >= _silent_until:
            try:
                return in_redis()
            except (RedisError, OSError) as error:
                _silent_until = time.monotonic() + PAUSE_SECONDS
                log.warning("shared_cache_away", error=type(error).__name__)
        return here()
