"""The four doors of the demo's sign-in page."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lrm.http import Request
from lrm.policy import ANYONE, allow
from paths.demo.entry import account_for
from profiles.services.accounts import is_demo_only


@allow(ANYONE, why="Enters the demo school, whose people are invented; refused wherever a real district exists.")
@require_POST
def demo_enter(request: Request, role: str) -> HttpResponse:
    """Sign in as one of the demo's people, also from inside the demo, to look at it with other eyes."""
    account = account_for(role) if is_demo_only() else None
    if account is None or not account.district.is_demo:
        raise Http404
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
