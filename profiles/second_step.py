"""The second step at the door: who is asked to set one up, and which pages want a fresh one."""

import base64
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lrm.api import problems
from lrm.http import Request
from lrm.scope import district_scope
from lrm.sealed import is_sealed, seal, unseal
from profiles.models import Account
from profiles.services import bulk_exports, second_step

DUE, SHOWN = "second_step_due", "second_step_shown"
FRESH_SECONDS = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
SETTING_UP = {
    *("mfa_activate_totp", "mfa_view_recovery_codes", "mfa_reauthenticate", "account_reauthenticate"),
    *("sign_out", "set_language", "still_here", "livez", "readyz"),
}


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted, with a key of the site's own."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        if is_sealed(encrypted_text):
            return unseal(encrypted_text)
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "LRM"

    def build_totp_svg(self, url: str) -> str:
        return ""  # the page draws it with lrm.qr


def _fernet() -> Any:
    """What steps were encrypted with before there was lrm.sealed, until `manage.py reseal` has sealed them."""
    from cryptography.fernet import Fernet, MultiFernet  # megabytes that most web processes never need

    salted = partial(salted_hmac, "profiles.second_step", "totp", algorithm="sha256")
    keys = [salted(secret=secret).digest() for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def elsewhere(request: HttpRequest) -> float | None:
    """When the district's provider has asked for a second step in this very sign-in, where the district counts that.

    0 where it does not say when; None where there was none.
    """
    return getattr(request, "second_step_elsewhere", None)


def ask_after_sign_in(request: HttpRequest, account: Account) -> None:
    """Note in the new session from which day on it opens nothing without a second step."""
    request.session.pop(DUE, None)
    if (at := elsewhere(request)) is not None:
        record_authentication(request, account, "mfa", type="provider", at=at)
        return
    with district_scope(account.district_id):
        today = timezone.localdate(timezone=ZoneInfo(account.district.time_zone))
        if (due := second_step.due_on(account, today=today)) is not None:
            request.session[DUE] = due.isoformat()


def days_left(request: HttpRequest) -> int | None:
    """Days of grace; 0 where they are over, None where nothing is asked."""
    due = request.session.get(DUE)
    return None if due is None else max(0, (date.fromisoformat(due) - timezone.localdate()).days)


class SecondStepMiddleware:
    """Stands inside of AccessMiddleware. Who has to have a second step and has none is led to the page that makes
    one: once after signing in while there are days of grace, always when they are over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if hasattr(request, "api_token") or not request.user.is_authenticated or DUE not in request.session:
            return None
        if request.resolver_match.view_name in SETTING_UP:
            return None
        is_page = request.method == "GET" and not request.htmx and not problems.is_api(request)
        if days_left(request):
            if not is_page or SHOWN in request.session:
                return None
            request.session[SHOWN] = True
            return redirect("mfa_activate_totp")
        if problems.is_api(request):
            detail = _("Sign in on the web once and set up a second step.")
            return problems.answer(403, code="second_step_required", detail=detail)
        answer = redirect("mfa_activate_totp")
        if request.htmx:
            answer.status_code = 204
            answer["HX-Redirect"] = answer["Location"]
            del answer["Location"]
        return answer


def is_fresh(request: Request) -> bool:
    """Whether this session has passed a second step within the last minutes."""
    records = get_authentication_records(request, request.user)
    at = max((record["at"] for record in records if record.get("method") == "mfa"), default=0)
    return time.time() - at < FRESH_SECONDS


def recent_mfa(view: Callable) -> Callable:
    """For pages that decide much: they open only a quarter of an hour after a second step.

    Stands under `allow` and the verbs. Who has none sets one up first. The demo is let through;
    a token of the API opens no page.
    """

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return ask_again(request) or view(request, *args, **kwargs)

    return guarded


def bulk_export(view: Callable) -> Callable:
    """For a view without an id that gives out records of many at once (`give_out`). Under `allow` and the verbs."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return give_out(request, lambda: view(request, *args, **kwargs))

    return guarded


def give_out(request: Request, make: Callable[[], Any]) -> Any:
    """What make() answers, a quarter of an hour after a second step at most; else the way to one.

    A file that it gives is written down, limited, and told to administrators (services/bulk_exports.py). A view with an
    id calls this once it has found the thing, so that what is not there is said before anything is asked.
    """
    return ask_again(request) or counted(request, make)


def give_to_teacher(request: Request, make: Callable[[], Any]) -> Any:
    """What make() answers, of classes that the account teaches. Administrators could put themselves on the staff of one
    class after the other, so of them it is asked and counted as `give_out` does.
    """
    access = request.user.access
    return give_out(request, make) if access.school_ids or access.is_district_admin else make()


def ask_again(request: Request) -> HttpResponse | None:
    """The way to a second step, for a view that asks only some; None where one was passed just now."""
    way = way_to_fresh(request)
    return redirect(way) if way else None


def way_to_fresh(request: Request) -> str:
    """The page that asks for a second step and leads back here; "" where one was passed just now.

    For a page with a form that `ask_again` stands before: led there first, nobody types it in vain.
    """
    if request.user.district.is_demo or is_fresh(request):
        return ""
    has_one = second_step.has_second_step(request.user)
    back = request.get_full_path() if request.method == "GET" else _page_before(request)
    way = reverse("mfa_reauthenticate" if has_one else "mfa_activate_totp")
    return f"{way}?{urlencode({'next': back})}"


def counted(request: Request, make: Callable[[], Any]) -> Any:
    """What make() answers, counted before it is made; whoever has taken many files along waits, and is told how long.

    A page without a file, and one that fails, is not counted.
    """
    row = bulk_exports.begin(request.user, what=request.resolver_match.view_name)
    if isinstance(row, timedelta):
        minutes = max(1, round(row.total_seconds() / 60))
        answer = render(request, "profiles/bulk_export_wait.html", {"minutes": minutes}, status=429)
        answer["Retry-After"] = str(60 * minutes)
        return answer
    is_given = False
    try:
        response = make()
        is_given = response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment")
    finally:
        if not is_given:
            bulk_exports.drop(row)
    if is_given:
        bulk_exports.give(row, people=len(request.looked_at))
    return response


def _page_before(request: HttpRequest) -> str:
    """The page whose form was sent: what was posted is not sent again by itself."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() else "/"
