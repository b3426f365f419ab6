"""The district's own provider: entered, tried out, turned on and off by an administrator of the district."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.single_sign_on import SingleSignOnForm
from profiles.models import SignInChange, SingleSignOn
from profiles.provider_check import Problem, check_connection
from profiles.second_step import recent_mfa
from profiles.services import sign_in_changes
from profiles.services import single_sign_on as services

PAGE = SignInChange.Page.PROVIDER
FORGOTTEN = "forgotten"


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@recent_mfa
@sensitive_post_parameters("secret")
def single_sign_on(request: Request) -> HttpResponse:
    """act: test (nothing is saved), forget (who is who there), else save. What is turned on has passed the test."""
    request.nav = "staff"
    if request.method != "POST":
        row = services.of_district(request.user.district)
        return _page(request, row, SingleSignOnForm(instance=row, initial={} if row.pk else {"match_by": "email"}))
    row = services.of_district(request.user.district)
    if request.POST.get("act") == "forget":
        return _forget(request, row)
    form = SingleSignOnForm(request.POST, instance=row)
    before = sign_in_changes.values_of(form)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    if request.POST.get("act") == "test":
        works = _works(request, form)
        return _page(request, row, form, works=works, status=200 if works else 422)
    if row.is_on and not _works(request, form):
        return _page(request, row, form, status=422)
    try:
        _save(request, form, before)
    except IntegrityError:  # the first of two who save at the same time has made it
        messages.error(request, _("Somebody else saved at the same moment. Look at what stands here now."))
        return redirect("single_sign_on")
    if row.is_on:
        messages.success(request, _("Saved. The button stands on the sign-in page."))
    else:
        messages.success(request, _("Saved. It is off: nobody sees it on the sign-in page."))
    return redirect("single_sign_on")


@transaction.atomic
def _save(request: Request, form: SingleSignOnForm, before: dict[str, str]) -> None:
    if form.cleaned_data["secret"]:
        services.keep_secret(form.instance, form.cleaned_data["secret"])
    form.save()
    sign_in_changes.note_form(form, before, page=PAGE, by=request.user)
    if form.is_elsewhere:
        services.unlink_all(form.instance)


def _forget(request: Request, row: SingleSignOn) -> HttpResponse:
    if gone := services.unlink_all(row):
        sign_in_changes.note([[FORGOTTEN, "", ""]], page=PAGE, by=request.user)
        said = ngettext("%(n)s person is looked for anew.", "%(n)s people are looked for anew.", gone)
        messages.success(request, said % {"n": gone})
    else:
        messages.info(request, _("Nobody has signed in with it yet."))
    return redirect("single_sign_on")


def _works(request: Request, form: SingleSignOnForm) -> bool:
    """Whether the provider answers and knows this site; where not, the form says at which field to look."""
    sent = form.cleaned_data
    try:
        check_connection(
            issuer=sent["issuer"],
            client_id=sent["client_id"],
            secret=form.known_secret,
            callback=_callback(request, form.instance),
        )
    except Problem as problem:
        form.add_error(problem.field, problem.said)
        return False
    return True


def _page(
    request: Request, row: SingleSignOn, form: SingleSignOnForm, *, works: bool = False, status: int = 200
) -> HttpResponse:
    district = request.user.district
    used = services.links_of(row).aggregate(n=Count("pk"), last=Max("last_login"))
    context = {
        "form": form,
        "works": works,
        "callback": _callback(request, row),
        "door": request.build_absolute_uri(f"{reverse('sign_in')}?district={district.key}"),
        "has_secret": bool(form.stored_secret),
        "lost_secret": bool(row.sealed_secret) and not form.stored_secret,
        "used": used,
        "changes": sign_in_changes.read(district.pk, page=PAGE, form=form),
    }
    return render(request, "profiles/single_sign_on.html", context, status=status)


def _callback(request: Request, row: SingleSignOn) -> str:
    return request.build_absolute_uri(reverse("openid_connect_callback", args=[row.uuid]))
