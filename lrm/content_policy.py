"""The Content-Security-Policy header."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

OWN_WORDS = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, with the site's one policy put into words once and not for each answer.

    An answer with words of its own (django-csp's decorators) or with a nonce goes the long way.
    """

    def __init__(self, get_response: Callable) -> None:
        super().__init__(get_response)
        self.usual = build_policy()
        self.is_usual_enough = not settings.DEBUG and not getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = any(hasattr(response, name) for name in OWN_WORDS) or hasattr(request, "_csp_nonce")
        if is_own or not self.is_usual_enough:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        # As django-csp does: a nonce asked for after the answer is a mistake, and says so.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]  # as its library does
        return response
