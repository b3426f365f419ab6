"""The way in for staff who were asked in: the link of the mail, and the page behind it."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lrm.http import Request
from lrm.policy import ANYONE, allow
from profiles import known_browser, signing_in
from profiles.forms.staff import FirstPasswordForm
from profiles.services import invitations

KEY = "invitation"
BY_LINK = "Whoever was asked in has no account that opens yet; the link in the mail is the proof."


@allow(ANYONE, why=BY_LINK)
@require_safe
@never_cache
def invitation_link(request: Request, secret: str) -> HttpResponse:
    """Takes the secret out of the address at once, so that it stands in no history and is sent to no other page."""
    request.session[KEY] = secret[:100]
    return redirect("invitation")


@allow(ANYONE, why=BY_LINK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: Request) -> HttpResponse:
    """Looking uses nothing up; choosing a password does, and signs in."""
    secret = request.session.get(KEY, "")
    row = invitations.find(secret)
    if row is None or not row.opens_at(timezone.now()) or not row.account.is_active:
        return render(
            request, "profiles/invitation.html", {"row": None}, status=409 if request.method == "POST" else 200
        )
    if request.user.is_authenticated and request.user.pk != row.account_id:
        return render(request, "profiles/invitation.html", {"row": row, "somebody": request.user})
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = invitations.accept_with_password(secret, form.cleaned_data["password"])
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            if account is None:
                return redirect("invitation")
            del request.session[KEY]
            login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
            signing_in.signed_in(request, account)
            known_browser.opened(request, key=(account.email or "").lower(), account_id=account.pk)
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "profiles/invitation.html", {"row": row, "form": form}, status=422 if form.errors else 200)
