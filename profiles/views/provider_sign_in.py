"""Signing in with the district's own provider: on the way there, and back."""

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from lrm.http import Request
from lrm.policy import ANYONE, allow
from lrm.sealed import SealBroken
from profiles import provider_pages
from profiles.district_provider import CallbackView, ProviderAdapter
from profiles.models import Account, SingleSignOn
from profiles.provider_check import Problem
from profiles.provider_pages import Failure
from profiles.services import single_sign_on
from profiles.views.accounts import BEFORE_SIGNING_IN, remember_district, speak_their_language

REST_SECONDS = 20
"""After a provider did not answer, nobody waits for it: a school's first minutes would hold every web process."""


@allow(ANYONE, why=BEFORE_SIGNING_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def provider_start(request: Request, provider_id: str) -> HttpResponseBase:
    """GET is a page with one button, for links in a portal. POST goes to the provider, by a page: a form may lead to
    this site alone, and a provider may send on to others.
    """
    row = _found(provider_id)
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return render(request, "profiles/provider_go.html", {"provider": row})
    resting = f"provider_rests:{row.pk}"
    if cache.get(resting):
        return provider_pages.failed(request, row, Failure.DOWN)
    try:
        single_sign_on.secret_of(row)
        away = get_adapter(request).get_provider(request, str(row.uuid)).redirect_from_request(request)
    except SealBroken:
        return provider_pages.failed(request, row, Failure.REFUSED)
    except (Problem, RequestException):
        cache.set(resting, True, REST_SECONDS)
        return provider_pages.failed(request, row, Failure.DOWN)
    return render(request, "profiles/provider_go.html", {"provider": row, "address": away["Location"]})


@allow(ANYONE, why="The provider sends back whoever signed in there; the page names no person.")
@require_safe
@never_cache
def provider_back(request: Request, provider_id: str) -> HttpResponseBase:
    row = _found(provider_id)
    try:
        answer = CallbackView.adapter_view(ProviderAdapter(request, str(row.uuid)))(request)
    except Problem:
        return provider_pages.failed(request, row, Failure.DOWN)
    if request.user.is_authenticated:
        if request.user.kind == Account.Kind.LEARNER:
            # Never `next`: on a shared device it may be an address of the child who sat here before.
            answer = redirect(settings.LOGIN_REDIRECT_URL)
        speak_their_language(request, answer)
    if answer.status_code == 302:
        remember_district(answer, row.district)
    return answer


def _found(provider_id: str) -> SingleSignOn:
    row = single_sign_on.find(provider_id)
    if row is None:
        raise Http404
    return row
