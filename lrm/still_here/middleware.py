"""Carries posted words over a sign-in, and lets them be sent once."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lrm.api import problems
from lrm.http import Request
from lrm.still_here import carrying, last_account, waiting
from lrm.still_here.asking import Asked

ON_THE_WAY = "still_here_on_the_way"


class StillHereMiddleware:
    """Stands outside of AccessMiddleware and inside of whatever knows session and account."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.carried, request.sent_again = None, ""
        response = self.get_response(request)
        if problems.is_api(request):
            return response
        if request.sent_again:
            waiting.settle(request, response, request.sent_again)
        if request.user.is_authenticated:
            value = request.POST.get(carrying.FIELD) or request.session.pop(ON_THE_WAY, "")
            if response.status_code == 302 and value:
                response = self._signed_in(request, response, value)
            last_account.remember(request, response)
        elif response.status_code in (200, 302) and carrying.FIELD in request.POST:
            # One more step comes first: a code, or the district's own sign-in. A refusal carries them on its page.
            self._keep_on_the_way(request, request.POST[carrying.FIELD])
        return response

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or problems.is_api(request):
            return None
        if value := request.POST.get(carrying.FIELD):
            request.carried = Asked(value)  # a sign-in that is refused keeps them on its page
        id = request.POST.get(carrying.SENT_FIELD, "")
        if not id or not request.user.is_authenticated or request.resolver_match.view_name == "still_here":
            return None
        if waiting.find(request, id) is None or not waiting.claim(id):
            return redirect("still_here")
        request.sent_again = id
        fields = request.POST.copy()
        del fields[carrying.SENT_FIELD]
        request.POST = fields  # type: ignore[assignment]  # views only read it
        return None

    @staticmethod
    def _keep_on_the_way(request: Request, value: str) -> None:
        """Only what one of our pages has carried: anybody may post, and a session is kept in the database."""
        with suppress(signing.BadSignature):
            carrying.unpack(value)
            request.session[ON_THE_WAY] = value

    @staticmethod
    def _signed_in(request: Request, response: HttpResponse, value: str) -> HttpResponse:
        """Words of the same person wait for them; those of anybody else are dropped without a word about them."""
        try:
            carried = carrying.unpack(value)
        except signing.SignatureExpired:
            messages.error(request, _("What you wrote before signing in was kept for 12 hours, which are over."))
            return response
        except signing.BadSignature:
            messages.error(request, _("What you wrote before signing in could not be read any more. Write it again."))
            return response
        if carried.who != last_account.digest_of(request.user):
            return response
        waiting.put(request, carried)
        return redirect("still_here")
