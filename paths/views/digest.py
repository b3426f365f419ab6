"""How often one is written to. Works from the link in the mail, after signing in, without script."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lrm.form_fields import input_widget
from lrm.http import Request
from lrm.policy import EVERYBODY, LEARNER, STAFF, allow
from paths.models import DigestChoice
from paths.models.digest import MONDAY, usual
from paths.services.talks.digest import choose
from paths.views import shared

DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class DigestForm(forms.Form):
    every = forms.ChoiceField(choices=DigestChoice.Every.choices, widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("On"), choices=list(enumerate(DAYS)), coerce=int, widget=input_widget(forms.Select)
    )


@allow(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def digest(request: Request) -> HttpResponse:
    request.nav = "talks"
    account = request.user
    standing = DigestChoice.objects.filter(account=account).first()
    initial = {
        "every": standing.every if standing else usual(account),
        "weekday": standing.weekday if standing else MONDAY,
    }
    form = DigestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose(account=account, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("digest")
    is_staff = bool(account.roles & set(STAFF))
    context = {
        "form": form,
        "chosen": form["every"].value(),
        "email": account.email or "",
        "is_learner": LEARNER in account.roles,
        "is_staff": is_staff,
        "shell": shared.SHELLS[shared.STAFF if is_staff else shared.ME],
    }
    return render(request, "paths/digest.html", context, status=422 if form.errors else 200)
