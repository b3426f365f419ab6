"""Scripts and styles on the wire: packed, and not a byte longer than they are."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PackedFilesMiddleware(GZipMiddleware):
    """Packs what whitenoise answers on one machine. These files hold no secret, so nothing hides how long they are:
    Django's own, around this one, adds up to 100 bytes of chance to each answer, and leaves what is packed alone.
    """

    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path_info.startswith(settings.STATIC_URL):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed
