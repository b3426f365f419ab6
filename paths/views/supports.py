"""Supports of a learner: read by staff, the learner and the family; entered, agreed and ended by staff."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lrm.form_fields import input_widget, typed
from lrm.http import Request
from lrm.policy import ADMINS, EVERYBODY, TEACHER, allow
from paths.views.shared import SHELLS, STAFF, note_look, seen_learner, viewer_of
from profiles.models import Learner, Support
from profiles.services.supports import Agreed, SupportTaken, add_support, agree_support, end_support


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")


class SupportForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Support"), choices=Support.Kind.choices, widget=input_widget(forms.Select)
    )
    text = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as “15 minutes more” or “Spanish”. The family reads it."),
        widget=input_widget(forms.TextInput),
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=_day())
    ends_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=_day())
    agreed_with = forms.CharField(
        label=gettext_lazy("Agreed with"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Who of the family said yes."),
        widget=input_widget(forms.TextInput),
    )
    agreed_on = forms.DateField(label=gettext_lazy("Agreed on"), required=False, widget=_day())

    def clean(self):
        data = super().clean() or {}
        starts, ends, agreed = (data.get(name) for name in ("starts_on", "ends_on", "agreed_on"))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("It ends before it begins. Pick a later day, or leave it open."))
        if agreed and agreed > timezone.localdate():
            self.add_error("agreed_on", _("That day is still to come. Pick the day on which they said yes."))
        if bool(agreed) != bool(data.get("agreed_with")) and "agreed_on" not in self.errors:
            self.add_error("agreed_with", _("Say both who agreed and when, or neither."))
        if data.get("kind") == Support.Kind.OTHER and not data.get("text"):
            self.add_error("text", _("Say in words what it is."))
        return data


@allow(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def supports(request: Request, pk: int) -> HttpResponse:
    learner = seen_learner(request, pk)
    viewer = viewer_of(request, learner)
    may_write = viewer == STAFF and Learner.objects.noted_by(request.user).filter(pk=pk).exists()
    form = SupportForm(initial={"uuid": uuid4(), "starts_on": timezone.localdate()})
    if request.method == "POST":
        if not may_write:
            raise Http404
        form = SupportForm(request.POST)
        if form.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if name != "uuid"}
            try:
                add_support(
                    learner=learner,
                    uuid=form.cleaned_data["uuid"],
                    agreed=Agreed(**values),
                    by=request.user,
                    now=timezone.now(),
                )
            except SupportTaken:
                raise Http404 from None
            return redirect("supports", pk=pk)
    rows = list(Support.objects.visible_to(request.user).filter(learner=learner).select_related("entered_by"))
    today = timezone.localdate()
    request.nav = "learners" if viewer == STAFF else "home"
    context = {
        "learner": learner,
        "viewer": viewer,
        "is_me": viewer == "me",
        "shell": SHELLS[viewer],
        "form": form,
        "may_write": may_write,
        "now": [row for row in rows if not row.ends_on or row.ends_on >= today],
        "over": [row for row in rows if row.ends_on and row.ends_on < today],
        "today": today,
    }
    return render(request, "paths/supports.html", context, status=422 if form.errors else 200)


@allow(TEACHER, *ADMINS)
@require_POST
def support_act(request: Request, pk: int) -> HttpResponse:
    """do: end (as of today), or agree (with: who of the family said yes, today)."""
    support = get_object_or_404(Support.objects.editable_by(request.user), pk=pk)
    note_look(request, support.learner_id)
    today, who = timezone.localdate(), typed(request.POST, "with").strip()
    if request.POST.get("do") == "end":
        end_support(support=support, on=today, by=request.user)
        messages.info(request, _("Today is its last day. It stays in the list."))
    elif request.POST.get("do") == "agree" and who and len(who) <= 100:
        agree_support(support=support, with_whom=who, on=today)
    else:
        messages.error(request, _("Nothing was changed. Say who of the family agreed."))
    return redirect("supports", pk=support.learner_id)
