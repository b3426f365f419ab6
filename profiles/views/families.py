"""A learner's family: who may read, from when to when, and who has looked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.dates import DateRefused, parse_date
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, GUARDIAN, STAFF, allow
from profiles.forms.families import DatesForm, InvitationForm
from profiles.models import Guardianship, Learner
from profiles.services import guardians, looks

MOST_WAITING = 200


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: Request, pk: int) -> HttpResponse:
    """Who of the family may read about a learner. POST: invite somebody."""
    learner, is_office = _noted(request, pk)
    form = InvitationForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            guardians.invite_guardian(
                learner=learner, by=request.user, is_confirmed=is_office, site=_site(request), **form.cleaned_data
            )
        except guardians.NotInvited as refused:
            form.add_error("email", str(refused))
        else:
            said = _("Invited. The mail is on its way.") if is_office else _("Written down. The office confirms it.")
            messages.success(request, said)
            return redirect("learner_family", pk=pk)
    looked_at(request, [learner.pk])
    context = {
        "learner": learner,
        "guardians": guardians.read_guardians(learner, today=timezone.localdate()),
        "is_office": is_office,
        "may_erase": request.user.access.is_district_admin,
        "form": form,
    }
    return render(request, "profiles/family.html", context, status=422 if form.errors else 200)


@allow(*ADMINS)
@require_POST
def guardian_change(request: Request, pk: int) -> HttpResponse:
    """act: confirm, end, undo (the end), dates (starts_on, ends_on), mail (once more)."""
    rows = Guardianship.objects.administered_by(request.user).select_related("account", "learner")
    row = get_object_or_404(rows, pk=pk)
    act, name = request.POST.get("act", ""), row.account.name
    looked_at(request, [row.learner_id])
    if act == "confirm":
        done = guardians.confirm_guardians([row], by=request.user, site=_site(request))
        _say(request, _("Confirmed. The mail is on its way.") if done else _("Somebody has decided on this already."))
    elif act == "end":
        guardians.end_guardian(row, by=request.user)
        _say(request, _("%(name)s sees nothing of the child anymore.") % {"name": name})
    elif act == "undo":
        guardians.undo_end(row)
        _say(request, _("As it was before."))
    elif act == "mail":
        guardians.write_to(row.account, site=_site(request))
        _say(request, _("The mail is on its way."))
    elif act == "dates":
        form = DatesForm(request.POST)
        if form.is_valid():
            guardians.change_dates(row, by=request.user, **form.cleaned_data)
            _say(request, _("The days are changed."))
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        messages.error(request, _("Nothing was changed: the page did not say what to do."))
    return redirect("learner_family", pk=row.learner_id)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def families(request: Request) -> HttpResponse:
    """Invitations that wait for the school. POST: confirm those that are ticked."""
    request.nav = "learners"
    rows = Guardianship.objects.administered_by(request.user).select_related("account", "learner", "invited_by")
    waiting = rows.filter(confirmed_at__isnull=True, ended_by__isnull=True).order_by("invited_at", "pk")
    if request.method == "POST":
        ids = [pk for pk in request.POST.getlist("rows") if pk.isdecimal() and len(pk) < 19]
        done = guardians.confirm_guardians(list(waiting.filter(pk__in=ids)), by=request.user, site=_site(request))
        looked_at(request, {row.learner_id for row in done})
        said = ngettext(
            "%(n)s is confirmed. The mail is on its way.", "%(n)s are confirmed. The mails are on their way.", len(done)
        )
        _say(request, said % {"n": len(done)} if done else _("Nobody was ticked, or somebody has decided meanwhile."))
        return redirect("families")
    found = list(waiting[:MOST_WAITING])
    looked_at(request, {row.learner_id for row in found})
    context = {"rows": found, "more": max(0, waiting.count() - len(found)) if len(found) == MOST_WAITING else 0}
    return render(request, "profiles/families.html", context)


@allow(GUARDIAN, *ADMINS)
@require_safe
def who_looked(request: Request, pk: int) -> HttpResponse:
    """Who has opened pages about a learner, thirty days at a time: for the guardian and the administrators.

    ?until: the last of these days, as 2026-10-09; today without one, or where it says no date.
    """
    access = request.user.access
    mine = Learner.objects.administered_by(request.user) | Learner.objects.filter(pk__in=access.ward_ids)
    learner = get_object_or_404(mine, pk=pk)
    looked_at(request, [learner.pk])
    is_family = learner.pk in access.ward_ids
    today = timezone.localdate()
    try:
        last = parse_date(request.GET.get("until", ""))
    except DateRefused:
        last = today
    window = looks.window_until(last, today=today)
    context = {
        "learner": learner,
        "days": looks.read_looks(learner, window, reader=request.user, is_family=is_family),
        "window": window,
        "shell": "learner.html" if is_family and not access.is_staff else "staff.html",
    }
    return render(request, "profiles/who_looked.html", context)


def _noted(request: Request, pk: int) -> tuple[Learner, bool]:
    """The learner, for staff who know the family, and whether this person decides for the school."""
    request.nav = "learners"
    learner = get_object_or_404(Learner.objects.noted_by(request.user), pk=pk)
    return learner, Learner.objects.administered_by(request.user).filter(pk=pk).exists()


def _site(request: Request) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _say(request: Request, text: str) -> None:
    messages.success(request, text)
