"""What a district asks of those who sign in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.sign_in_policy import SignInPolicyForm
from profiles.services.second_step import policy_of


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_policy(request: Request) -> HttpResponse:
    request.nav = "staff"
    form = SignInPolicyForm(request.POST or None, instance=policy_of(request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. The rules count from the next sign-in of each person on."))
        return redirect("sign_in_policy")
    return render(request, "profiles/sign_in_policy.html", {"form": form}, status=422 if form.errors else 200)
