"""The why: the page that everybody reads, and the one on which schools and districts write their own words."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.form_fields import input_widget, rebase
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import ADMINS, EVERYBODY, GUARDIAN, LEARNER, SIGNED_IN, allow
from paths.services.why import (
    WhyChanged,
    has_read,
    history_of,
    newest,
    put_aside,
    save_why,
    school_of,
    why_of_school,
)
from paths.why_words import DEFAULTS, HEADINGS, PARTS
from profiles.models import School


def _field(name: str) -> forms.CharField:
    return forms.CharField(
        label=HEADINGS[name],  # type: ignore[arg-type]  # the stubs know only their own lazy texts
        max_length=2000,
        required=False,
        widget=input_widget(forms.Textarea, rows=5, maxlength=2000),
        error_messages={"max_length": gettext_lazy("This is longer than 2,000 letters. Keep it short.")},
    )


class WhyForm(forms.Form):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    goals = _field("goals")
    levels = _field("levels")
    trying = _field("trying")

    def words(self) -> dict[str, str]:
        """After `is_valid`."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in PARTS}


@allow(SIGNED_IN)
@require_GET
def welcome(request: Request) -> HttpResponse:
    """Where signing in leads: learners and guardians who have not put the why aside read it first, others go home."""
    roles = request.user.roles
    is_first = roles and not roles - {LEARNER, GUARDIAN} and not has_read(request.user)
    return redirect(reverse("why") + "?first" if is_first else "home")


@allow(*EVERYBODY)
@require_GET
def why(request: Request) -> HttpResponse:
    """One tap from every level; ?first: as it is read at sign-in."""
    is_first = "first" in request.GET
    is_staff = request.user.access.is_staff
    request.nav = "home"
    context = {
        "parts": why_of_school(school_of(request.user)),
        "is_first": is_first,
        "shell": "staff.html" if is_staff else "learner.html",
    }
    return render(request, "paths/why.html", context)


@allow(*EVERYBODY)
@require_POST
def why_read(request: Request) -> HttpResponse:
    put_aside(account=request.user, now=timezone.now())
    return redirect("home")


@allow(*ADMINS)
@require_http_methods(["GET", "POST"])
def why_edit(request: Request) -> HttpResponse:
    """?school: whose words; none for the district's, which only its administrators write. do=preview stores nothing."""
    school = _school(request)
    stands = newest(school)
    if request.method == "GET":
        initial = {name: getattr(stands, name) if stands else "" for name in PARTS}
        return _show(request, school, WhyForm(initial=initial | {"seen": stands.pk if stands else 0}))
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, school, form, status=422)
    if request.POST.get("do") == "preview":
        return _show(request, school, form, preview=form.words())
    try:
        save_why(
            school=school, words=form.words(), seen=form.cleaned_data["seen"] or 0, by=request.user, now=timezone.now()
        )
    except WhyChanged as changed:
        rebase(form, "seen", changed.newest.pk if changed.newest else 0)
        return _show(request, school, form, stands=changed.newest, status=409)
    messages.info(request, _("Saved. Everybody reads these words from now on; the ones before stay in the history."))
    return redirect(reverse("why_edit") + (f"?school={school.pk}" if school else ""))


def _schools(request: Request):
    access = request.user.access
    if access.is_district_admin:
        return School.objects.filter(district_id=access.district_id).order_by("name")
    return School.objects.filter(pk__in=access.school_ids).order_by("name")


def _school(request: Request) -> School | None:
    asked = request.GET.get("school", "")
    if asked:
        return get_object_or_404(_schools(request), pk=whole_number(asked) or 0)
    if request.user.access.is_district_admin:
        return None
    school = _schools(request).first()
    if school is None:
        raise Http404
    return school


def _show(
    request: Request, school: School | None, form: WhyForm, *, preview=None, stands=None, status: int = 200
) -> HttpResponse:
    """preview: the words as typed.  stands: what somebody else has stored meanwhile."""
    request.nav = "policy"
    parts = why_of_school(school)
    defaults = {part.name: part.text for part in (why_of_school(None) if school else [])} or {
        name: str(text) for name, text in DEFAULTS.items()
    }
    context = {
        "school": school,
        "schools": list(_schools(request)),
        "is_district_admin": request.user.access.is_district_admin,
        "fields": [
            {"field": form[part.name], "else": defaults[part.name], "stands": getattr(stands, part.name, "")}
            for part in parts
        ],
        "form": form,
        "stands": stands,
        "preview": [
            {"heading": HEADINGS[name], "text": preview[name] or defaults[name], "name": name} for name in PARTS
        ]
        if preview
        else None,
        "history": history_of(school),
    }
    return render(request, "paths/why_edit.html", context, status=status)
