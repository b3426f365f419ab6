"""Systems that ask the API in their own name: for district administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lrm.api.scopes import SYSTEM_SCOPES, said_of
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.integrations import IntegrationForm, IntegrationTokenForm
from profiles.models import AdminRole, ApiToken, Integration
from profiles.second_step import ask_again, way_to_fresh
from profiles.services import integrations as services
from profiles.services.api_tokens import revoke_token


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def integrations(request: Request) -> HttpResponse:
    """All of them, and a new one, whose token the answer to the form shows and no other answer can.

    Making a token wants a second step of the last minutes, here and for one of them; taking one back never does.
    """
    today = timezone.localdate()
    form = IntegrationForm(request.POST or None, account=request.user, today=today)
    made, secret, status = None, "", 200
    if request.method == "POST":
        if again := ask_again(request):
            return again
        if form.is_valid():
            facts = {"name": form.cleaned_data["name"], "schools": form.chosen_schools()}
            made = services.make_integration(**facts, by=request.user)
            _token, secret = services.give_token(integration=made, **form.token_facts(), by=request.user)
            form = IntegrationForm(account=request.user, today=today)
        else:
            status = 422
    found = Integration.objects.visible_to(request.user).select_related("account", "made_by")
    standing = [row for row in found if row.ended_at is None]
    context = {
        "form": form,
        "way_to_fresh": way_to_fresh(request),
        "made": made,
        "secret": secret,
        "rows": [_drawn(row) for row in standing],
        "ended": [row for row in found if row.ended_at is not None][:10],
    }
    return render(request, "profiles/integrations.html", context, status=status)


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def integration(request: Request, pk: int) -> HttpResponse:
    """One of them: its tokens, and another one for it."""
    found = _standing(request, pk)
    drawn = _drawn(found)
    about: dict[str, Any] = {"today": timezone.localdate(), "whole": not drawn["schools"]}
    form = IntegrationTokenForm(request.POST or None, **about)
    made, secret, status = None, "", 200
    if request.method == "POST":
        if again := ask_again(request):
            return again
        if form.is_valid():
            made, secret = services.give_token(integration=found, **form.token_facts(), by=request.user)
            form, drawn = IntegrationTokenForm(**about), _drawn(found)
        else:
            status = 422
    context = {
        "row": drawn,
        "form": form,
        "way_to_fresh": way_to_fresh(request),
        "made": found if made else None,
        "secret": secret,
    }
    return render(request, "profiles/integration.html", context, status=status)


@allow(DISTRICT_ADMIN)
@require_POST
def integration_revoke(request: Request, pk: int, token: int) -> HttpResponse:
    """One of its tokens opens nothing any more."""
    found = _standing(request, pk)
    if revoke_token(token=get_object_or_404(ApiToken, pk=token, account=found.account_id)):
        messages.success(request, _("The token is revoked and opens nothing any more."))
    return redirect("integration", pk=pk)


@allow(DISTRICT_ADMIN)
@require_POST
def integration_end(request: Request, pk: int) -> HttpResponse:
    found = _standing(request, pk)
    services.end_integration(integration=found, by=request.user)
    messages.success(request, _("“%(name)s” is ended. None of its tokens works any more.") % {"name": found})
    return redirect("integrations")


def _standing(request: Request, pk: int) -> Integration:
    rows = Integration.objects.visible_to(request.user).select_related("account", "made_by")
    return get_object_or_404(rows, pk=pk, ended_at__isnull=True)


def _drawn(row: Integration) -> dict[str, Any]:
    """schools: their names, [] for the whole district.    tokens: those that work, with what each may do."""
    roles = AdminRole.objects.filter(account=row.account, ends_on__isnull=True).select_related("school")
    working = ApiToken.objects.filter(
        account=row.account, revoked_at__isnull=True, expires_on__gte=timezone.localdate()
    )
    tokens = [{"token": token, "may": said_of(token.scopes, SYSTEM_SCOPES)} for token in working]
    used = [token.last_used_on for token in working if token.last_used_on]
    return {
        "integration": row,
        "schools": [role.school.name for role in roles if role.school is not None],
        "tokens": tokens,
        "last_used_on": max(used, default=None),
    }
