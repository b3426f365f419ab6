"""One's own way in: password, second step, emergency codes."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.account.views import BaseReauthenticateView, PasswordChangeView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import FormView, TemplateView

from lrm.http import Request
from lrm.policy import ANYONE, GUARDIAN, STAFF, allow
from lrm.qr import qr_drawing
from profiles import devices
from profiles import second_step as door
from profiles.forms.second_step import FreshSecondStepForm, SecondStepForm
from profiles.models import SignedIn
from profiles.second_step_stage import SecondStepStage
from profiles.services import second_step, signed_in, single_sign_on

GROWN_UPS = (GUARDIAN, *STAFF)


def shell(request: Request) -> str:
    """The frame of pages that staff and families share."""
    return "staff.html" if request.user.access.is_staff else "learner.html"


@allow(*GROWN_UPS)
@require_safe
@never_cache
def own_sign_in(request: Request) -> HttpResponse:
    steps = {each.type: each for each in Authenticator.objects.filter(user=request.user)}
    here = request.session.session_key
    provider = single_sign_on.of_district(request.user.district)
    context = {
        "shell": shell(request),
        "has_password": request.user.has_usable_password(),
        "provider": provider if single_sign_on.links_of(provider, request.user).exists() else None,
        "sessions": [
            {"row": row, "device": devices.said(row.browser, row.system), "here": row.session_key == here}
            for row in signed_in.living(request.user)
        ],
        "app": steps.get(Authenticator.Type.TOTP),
        "n_codes": len(second_step.emergency_codes(request.user)),
        "is_required": second_step.is_required(request.user, today=timezone.localdate()),
        "days_left": door.days_left(request),
    }
    return render(request, "profiles/own_sign_in.html", context)


@allow(*GROWN_UPS)
@require_POST
def sign_out_there(request: Request, pk: int) -> HttpResponse:
    """One of one's own sessions; the one that asks has its own button for that."""
    row = get_object_or_404(SignedIn.objects.visible_to(request.user), pk=pk)
    ended = row.session_key != request.session.session_key and signed_in.end_one(row)
    return _said_ended(request, ended)


@allow(*GROWN_UPS)
@require_POST
def sign_out_elsewhere(request: Request) -> HttpResponse:
    return _said_ended(request, signed_in.end(request.user, but=request.session.session_key or ""))


def _said_ended(request: Request, n: int) -> HttpResponse:
    if n:
        messages.success(request, ngettext("Signed out there.", "Signed out in %(n)s places.", n) % {"n": n})
    else:
        messages.info(request, _("Nobody was signed in there anymore."))
    return redirect("mfa_index")


class Framed:
    """A page of the library inside our frame."""

    request: Any

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(**kwargs) | {"shell": shell(self.request)}  # type: ignore[misc]  # of a view, beside it

    def form_invalid(self, form: Any) -> Any:
        answer = super().form_invalid(form)  # type: ignore[misc]  # of a view, beside it
        answer.status_code = 422
        return answer


@method_decorator(never_cache, name="dispatch")
class SetUpView(Framed, totp.ActivateTOTPView):
    template_name = "mfa/set_up.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        found = super().get_context_data(**kwargs)
        # Not kept: the drawing holds the secret.
        drawing = qr_drawing.__wrapped__(found["totp_url"])
        secret = found["form"].secret
        spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        next_page = self.request.GET.get("next", "")
        return found | {
            "code": drawing,
            "secret": spaced,
            "days_left": door.days_left(self.request),
            "wanted": bool(next_page),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        for key in (door.DUE, door.SHOWN):
            self.request.session.pop(key, None)
        messages.success(self.request, _("Your second step is set up."))
        return answer


class TakeAwayView(Framed, totp.DeactivateTOTPView):
    template_name = "mfa/take_away.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if second_step.is_required(self.request.user, today=timezone.localdate()):
            self.request.session[door.DUE] = timezone.localdate().isoformat()
        messages.success(self.request, _("The phone asks for nothing anymore."))
        return answer


@method_decorator([never_cache, reauthentication_required(app="allauth.mfa")], name="dispatch")
class CodesView(Framed, TemplateView):
    template_name = "mfa/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        if not second_step.has_second_step(self.request.user):
            raise Http404
        return super().get_context_data(**kwargs) | {"unused_codes": second_step.emergency_codes(self.request.user)}


class NewCodesView(Framed, codes.GenerateRecoveryCodesView):
    template_name = "mfa/new_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        found = super(codes.GenerateRecoveryCodesView, self).get_context_data(**kwargs)
        unused = second_step.emergency_codes(self.request.user)
        return found | {"shell": shell(self.request), "unused_code_count": len(unused)}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not second_step.has_second_step(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator(login_stage_required(stage=SecondStepStage.key, redirect_urlname="account_login"), name="dispatch")
class CodeView(FormView):
    """After the password. Nobody is signed in yet, so there is no frame. allauth's own loads what passkeys need."""

    template_name = "mfa/code.html"
    form_class = SecondStepForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.stage = request._login_stage
        if not second_step.has_second_step(self.stage.login.user):  # taken away meanwhile
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"user": self.stage.login.user}

    def form_valid(self, form: Any) -> Any:
        form.save()
        return self.stage.exit()

    def form_invalid(self, form: Any) -> Any:
        answer = super().form_invalid(form)
        answer.status_code = 422
        return answer


class Again(Framed):
    def _check_reauthentication_method_available(self, request: Any) -> Any:
        try:
            return super()._check_reauthentication_method_available(request)  # type: ignore[misc]  # of a view, beside it
        except PermissionDenied as nothing:  # neither a password nor a second step to ask for
            raise Http404 from nothing


@method_decorator(login_required, name="dispatch")
class FreshCodeView(Again, BaseReauthenticateView):
    template_name = "mfa/fresh_code.html"
    form_class = FreshSecondStepForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        return super().form_valid(form)


class FreshPasswordView(Again, ReauthenticateView):
    template_name = "account/reauthenticate.html"


class ChangePasswordView(Framed, PasswordChangeView):
    template_name = "account/password_change.html"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_usable_password():
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        before = self.request.session.session_key
        answer = super().form_valid(form)
        signed_in.moved(self.request.user, before=before or "", after=self.request.session.session_key or "")
        messages.success(self.request, _("Your new password is saved. Wherever else you were signed in, you are out."))
        return answer


def _page(view: Any, *roles: str, why: str = "") -> Any:
    return allow(*roles, why=why)(require_http_methods(["GET", "HEAD", "POST"])(view.as_view()))


set_up = _page(SetUpView, *GROWN_UPS)
take_away = _page(TakeAwayView, *GROWN_UPS)
emergency_codes = allow(*GROWN_UPS)(require_safe(CodesView.as_view()))
new_codes = _page(NewCodesView, *GROWN_UPS)
code = _page(CodeView, ANYONE, why="Comes between password and being signed in; without a password it shows nothing.")
fresh_code = _page(FreshCodeView, *GROWN_UPS)
fresh_password = _page(FreshPasswordView, *GROWN_UPS)
change_password = _page(ChangePasswordView, *GROWN_UPS)
