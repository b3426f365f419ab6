"""How often a token may ask."""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class TokenThrottle(SimpleRateThrottle):
    """Counted for each token over all web processes, and in each by itself while Redis is away.

    Who comes with a session of the site is a person at a page, and not counted.
    """

    scope = "token"
    rate = "300/min"
    cache = ConnectionProxy(caches, "shared")

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return None if request.auth is None else f"token:{request.auth.digest}"
