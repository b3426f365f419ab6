"""Instead of losing what was posted: the sign-in page that carries it, or the page where it waits."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string

from lrm.api import problems
from lrm.http import Request
from lrm.policy import policy_of
from lrm.still_here import carrying, last_account, waiting


@dataclass(frozen=True)
class Asked:
    """For the sign-in page.    value: what it carries, "" where nothing could be kept.    files: to be picked again."""

    value: str = ""
    files: tuple[str, ...] = ()
    too_long: bool = False


def sign_in_and_keep(request: Request) -> HttpResponse | None:
    """A stranger's post to a page behind the sign-in. None where a script asks, which keeps its words itself."""
    if not _is_a_form_of_a_page(request):
        return None
    last = last_account.read(request)
    if last is None:
        return _sign_in_page(request, Asked())
    try:
        carried = carrying.gather(request, who=last.who)
    except carrying.TooLong:
        return _sign_in_page(request, Asked(too_long=True))
    return _sign_in_page(request, Asked(carrying.pack(carried), tuple(carried.files)))


def keep_from_an_older_page(request: Request) -> HttpResponse | None:
    """A post whose CSRF token is of an earlier session. None where it is not this person's, or too long."""
    if not _is_a_form_of_a_page(request):
        return None
    if request.user.is_authenticated and carrying.FIELD in request.POST:
        return redirect(settings.LOGIN_REDIRECT_URL)  # the second click on "Sign in"; the middleware adds the words
    last = last_account.read(request)
    policy = policy_of(request.resolver_match.func, request.resolver_match.view_name or "")
    if last is None or policy is None or policy.is_public or not last_account.posted_from_their_page(request, last):
        return None
    if not request.user.is_authenticated:
        return sign_in_and_keep(request)
    if last.who != last_account.digest_of(request.user):
        return None
    try:
        waiting.put(request, carrying.gather(request, who=last.who))
    except carrying.TooLong:
        return None
    return redirect("still_here")


def _is_a_form_of_a_page(request: Request) -> bool:
    """Posted by the browser itself, which shows the answer; not by a script, which reads it."""
    return (
        request.method == "POST"
        and not request.htmx
        and not problems.is_api(request)
        and "text/html" in request.headers.get("Accept", "")
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )


def _sign_in_page(request: Request, asked: Asked) -> HttpResponse:
    request.carried = asked
    response: HttpResponse = import_string(settings.SIGN_IN_PAGE)(request, status=403)
    response["Cache-Control"] = "no-store, private"
    return response
