"""How often a token may ask."""

from math import ceil

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class TokenThrottle(SimpleRateThrottle):
    """As often in any minute as the token says; counted over all web processes, and in each by itself while Redis is
    away.

    Who comes with a session of the site is a person at a page, and not counted.
    """

    scope = "token"
    rate = "300/min"  # for the base class; each token has its own
    cache = ConnectionProxy(caches, "shared")

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return None if request.auth is None else f"token:{request.auth.digest}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.auth is None:
            return True
        self.num_requests = request.auth.per_minute
        is_allowed = super().allow_request(request, view)
        request.limit_headers = self._headers()
        return is_allowed

    def _headers(self) -> dict[str, str]:
        """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers): what is left, and until when."""
        left = max(0, self.num_requests - len(self.history))
        wait = self.duration - (self.now - self.history[-1]) if self.history else self.duration
        return {
            "RateLimit-Policy": f'"token";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"token";r={left};t={max(1, ceil(wait))}',
        }
