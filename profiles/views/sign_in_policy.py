"""What a district asks of those who sign in."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.sign_in_policy import SignInPolicyForm
from profiles.models import SignInChange
from profiles.services import sign_in_changes
from profiles.services.second_step import policy_of


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_policy(request: Request) -> HttpResponse:
    request.nav = "staff"
    policy = policy_of(request.user)
    form = SignInPolicyForm(request.POST or None, instance=policy)
    before = sign_in_changes.values_of(form)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            sign_in_changes.note_form(form, before, page=SignInChange.Page.RULES, by=request.user)
        messages.success(request, _("Saved. The rules count from the next sign-in of each person on."))
        return redirect("sign_in_policy")
    context = {
        "form": form,
        "changes": sign_in_changes.read(request.user.district_id, page=SignInChange.Page.RULES, form=form),
    }
    return render(request, "profiles/sign_in_policy.html", context, status=422 if form.errors else 200)
