"""How often an address may ask without a token."""

from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class AddressThrottle(SimpleRateThrottle):
    """Counted for each address over all web processes, and in each by itself while Redis is away.

    Behind a proxy the address is the last one that it noted: those before it anybody may write.
    """

    scope = "address"
    rate = "120/min"
    cache = ConnectionProxy(caches, "shared")

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.user.is_authenticated:
            return None
        noted = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
        return f"case:{noted.rsplit(',', 1)[-1].strip() or request.META.get('REMOTE_ADDR', '')}"
