"""Which families read along in conversations unless somebody takes them out: a rule of the district."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lrm.form_fields import input_widget, offer
from lrm.grades import grade_choices, grade_name
from lrm.http import Request
from lrm.policy import ADMINS, DISTRICT_ADMIN, allow
from paths.models import TalkPolicy
from paths.models.talk_policy import family_below
from paths.services.talks.policy import write_talk_policy


class TalkPolicyForm(forms.Form):
    family_below = forms.ChoiceField(
        label=gettext_lazy("Families read along by default"),
        required=False,
        widget=input_widget(forms.Select),
        help_text=gettext_lazy("Whoever begins a conversation sees by name who reads it, and can choose otherwise."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=input_widget(forms.DateInput, type="date"),
        error_messages={"invalid": gettext_lazy("Write the day as year, month and day, such as 2026-09-01.")},
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        below = [(code, _("of students below %(grade)s") % {"grade": name}) for code, name in grade_choices()[1:]]
        offer(self, "family_below", [("", _("never")), *below])
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError(_("Pick today or a day that is still to come."))
        return day


@allow(*ADMINS)
@require_GET
def talk_policy(request: Request) -> HttpResponse:
    """Read by administrators; written by those of the district."""
    today = timezone.localdate()
    initial = {"family_below": family_below(on=today), "starts_on": today}
    return _show(request, TalkPolicyForm(initial=initial, today=today))


@allow(DISTRICT_ADMIN)
@require_POST
def talk_policy_write(request: Request) -> HttpResponse:
    form = TalkPolicyForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _show(request, form, status=422)
    write_talk_policy(**form.cleaned_data, by=request.user, now=timezone.now())
    messages.info(request, _("Written. Conversations that have begun stay as they are."))
    return redirect("talk_policy")


def _show(request: Request, form: TalkPolicyForm, *, status: int = 200) -> HttpResponse:
    request.nav = "policy"
    today = timezone.localdate()
    in_force = family_below(on=today)
    rows = TalkPolicy.objects.select_related("created_by")[:50]
    context = {
        "form": form,
        "may_write": DISTRICT_ADMIN in request.user.roles,
        "in_force": grade_name(in_force),
        "rows": [{"row": row, "grade": grade_name(row.family_below)} for row in rows],
        "today": today,
    }
    return render(request, "paths/talk_policy.html", context, status=status)
