"""Signing in by class code or e-mail, signing out, and the language of the page."""

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from lrm.form_fields import typed
from lrm.http import Request
from lrm.policy import ANYONE, allow
from lrm.still_here import last_account
from profiles import door, known_browser, middleware
from profiles.adapter import WAITS
from profiles.forms.sign_in import ClassCodeForm, EmailSignInForm
from profiles.models import Account, District
from profiles.services import accounts, class_codes, single_sign_on, throttle

OF_A_PERSON = (
    settings.SESSION_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    middleware.COOKIE,
    last_account.COOKIE,
)
DISTRICT_COOKIE, DISTRICT_SECONDS = "lrm_district", 365 * 24 * 3600
BEFORE_SIGNING_IN = "Whoever signs in is not signed in yet; the page names no person."


def sign_in_context(
    request: Request, *, code_form: ClassCodeForm | None = None, email_form: EmailSignInForm | None = None
) -> dict:
    return {
        "providers": single_sign_on.doors(district_of(request)),
        "code_form": code_form or ClassCodeForm(),
        "form": email_form or EmailSignInForm(),
        "welcome_name": accounts.welcome_name(),
        "is_demo": accounts.is_demo_only(),
        "languages": accounts.written_languages(),
    }


def sign_in_page(request: Request, *, status: int = 200) -> HttpResponse:
    """All doors, empty. request.carried, where it is set, goes along with whichever is used.

    ?district=key says whose own sign-in is offered where several districts share this site; the browser remembers it.
    """
    answer = render(request, "profiles/sign_in.html", sign_in_context(request), status=status)
    if "district" in request.GET and (found := District.objects.filter(key=district_of(request)).first()):
        remember_district(answer, found)
    return answer


def district_of(request: Request) -> str:
    """Key of the district whose door was asked for, here or before; "" for none."""
    return typed(request.GET, "district", most=50) or request.COOKIES.get(DISTRICT_COOKIE, "")[:50]


def remember_district(answer: HttpResponseBase, district: District) -> None:
    """Says which door is wanted, and nothing of who came through it."""
    answer.set_cookie(DISTRICT_COOKIE, district.key, max_age=DISTRICT_SECONDS, httponly=True, samesite="Lax")


@allow(ANYONE, why=BEFORE_SIGNING_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("class_code", "number")
def sign_in(request: Request) -> HttpResponse:
    """The page with both doors. POST is the learner's door; the grown-up's posts to EmailSignInView."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return sign_in_page(request)
    form = ClassCodeForm(request.POST)
    status = 422
    if form.is_valid():
        account, status = _open_learners_door(request, form)
        if account is not None:
            login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
            middleware.end_when_quiet(request, minutes=middleware.LEARNER_QUIET_MINUTES)
            # Never `next`: on a shared device it may be an address of the child who sat here before.
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "profiles/sign_in.html", sign_in_context(request, code_form=form), status=status)


def student_waits(minutes: int) -> str:
    """What a ten-year-old reads who has to wait."""
    said = ngettext(
        "There were many tries from here that did not fit. Wait %(n)d minute, then try once more.",
        "There were many tries from here that did not fit. Wait %(n)d minutes, then try once more.",
        minutes,
    )
    return said % {"n": minutes}


def _open_learners_door(request: Request, form: ClassCodeForm) -> tuple[Account | None, int]:
    code = form.cleaned_data["class_code"]
    try:
        attempt = door.knock(request, door="class_code", key=code)
    except throttle.Wait as wait:
        form.add_error(None, door.said(wait, student_waits))
        return None, 429
    learner = class_codes.learner_with(class_code=code, number=form.cleaned_data["number"], now=timezone.now())
    account = class_codes.account_of_learner(learner) if learner is not None else None
    if account is None or not account.is_active:
        form.add_error(None, _("This code and this number do not go together. Look at your card, or ask your teacher."))
        return None, 422
    attempt.fitted()
    known_browser.opened(request, key=code, account_id=account.pk)
    return account, 200


class EmailSignInView(allauth_views.LoginView):
    """allauth's sign-in with its limits, on our page."""

    template_name = "profiles/sign_in.html"
    form_class = EmailSignInForm

    def get_context_data(self, **kwargs) -> dict:
        found = super().get_context_data(**kwargs)
        return found | sign_in_context(self.request, email_form=found["form"])

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 429 if form.has_error("__all__", code=WAITS) else 422
        return response

    def form_valid(self, form) -> HttpResponseBase:
        response = super().form_valid(form)
        speak_their_language(self.request, response)
        return response


def speak_their_language(request: Request, response: HttpResponseBase) -> None:
    """The one that they chose, also in a browser where nobody chose."""
    account = request.user
    if account.is_authenticated and translation.check_for_language(account.language or ""):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, account.language, samesite="Lax")


email_sign_in = allow(ANYONE, why=BEFORE_SIGNING_IN)(EmailSignInView.as_view())


@allow(ANYONE, why="Whoever was signed out by time must be able to leave too; it shows nothing.")
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session and ask the browser to forget pages, cookies and drafts: the next person may be another child.

    Cookies go one by one: that the browser is known here stays, so that a shared device is spared when
    somebody guesses. spares=1 comes from the page that has emptied the browser itself, of all but what a colleague
    has observed and could not send.
    """
    logout(request)
    response = redirect("sign_in")
    for cookie in OF_A_PERSON:
        response.delete_cookie(cookie)
    response["Clear-Site-Data"] = '"cache"' if request.POST.get("spares") == "1" else '"cache", "storage"'
    response["Cache-Control"] = "no-store, private"
    return response


@allow(ANYONE, why="The language is chosen before signing in.")
@require_POST
def choose_language(request: Request) -> HttpResponse:
    """Keep the language in a cookie, and with the account of whoever is signed in."""
    response = set_language(request)
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        Account.objects.filter(pk=request.user.pk).update(language=code)
    return response
