"""The Students page: who is in a class, finding, adding and withdrawing a student."""

from datetime import date

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm import days
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, STAFF, allow
from profiles.forms.rosters import AddLearnerForm, WithdrawForm
from profiles.models import Enrollment, Learner, Roster, RosterAct
from profiles.services import class_codes, enrollments, roster_history, roster_page
from profiles.services.find_learners import find_learners, same_learner
from profiles.views.roster_history import toast_of

UNDO_SALT = "profiles.withdrawal"
UNDO_SECONDS = 600
SHOW_TOAST_SECONDS = 60


@allow(*STAFF)
@require_safe
def learners(request: Request) -> HttpResponse:
    """The class looked at last, else the first one."""
    rosters = roster_page.rosters_of(request.user, today=timezone.localdate())
    last = request.session.get("roster_id")
    current = next((roster for roster in rosters if roster.pk == last), rosters[0] if rosters else None)
    if current is None and last is not None:
        current = Roster.objects.visible_to(request.user).select_related("session").filter(pk=last).first()
    return _answer(request, current, rosters)


@allow(*STAFF)
@require_safe
def roster(request: Request, pk: int) -> HttpResponse:
    current = get_object_or_404(Roster.objects.visible_to(request.user).select_related("session"), pk=pk)
    if request.session.get("roster_id") != pk:
        request.session["roster_id"] = pk
    return _answer(request, current, roster_page.rosters_of(request.user, today=timezone.localdate()))


def _answer(request: Request, current: Roster | None, rosters: list[Roster]) -> HttpResponse:
    today = timezone.localdate()
    words = request.GET.get("q", "").strip()[:100]
    # Where one year lies beside the next a class stands there twice by its name.
    terms = {row.session_id for row in (*rosters, *([current] if current else []))}
    context: dict = {"roster": current, "rosters": rosters, "words": words, "several_terms": len(terms) > 1}
    if words:
        found = roster_page.search(words, account=request.user, today=today)
        looked_at(request, [line.learner.pk for line in found.lines])
        context["found"] = found
    elif current is not None:
        lists = roster_page.people_of(current, today=today)
        looked_at(request, [learner.pk for learner in lists.learners(with_past=True)])
        context["lists"] = lists
    if current is not None:
        context |= {
            "sections": roster_page.sections_of(current, account=request.user),
            "staff": roster_page.staff_of(current, today=today),
            "may_edit": Roster.objects.editable_by(request.user).filter(pk=current.pk).exists(),
            "toast": _toast(request) or toast_of(request),
        }
    else:
        context["may_import"] = DISTRICT_ADMIN in request.user.roles
        context["has_past_classes"] = Roster.objects.visible_to(request.user).exists()
    request.nav = "learners"
    template = "profiles/roster.html#people" if _wants_people(request) else "profiles/roster.html"
    return render(request, template, context)


def _wants_people(request: Request) -> bool:
    return bool(request.htmx) and request.htmx.target == "people"


def _toast(request: Request) -> dict | None:
    """What can be taken back, where the address says that somebody was just withdrawn."""
    token = request.GET.get("withdrawn", "")
    said = _read_token(token, seconds=SHOW_TOAST_SECONDS) if token else None
    if said is None:
        return None
    enrollment = (
        Enrollment.objects.filter(pk=said["enrollment"], roster__in=Roster.objects.editable_by(request.user))
        .select_related("learner")
        .first()
    )
    if enrollment is None or enrollment.learner is None or enrollment.ends_on != date.fromisoformat(said["ended_on"]):
        return None
    looked_at(request, [enrollment.learner.pk])
    return {
        "text": _("%(name)s is not in this class anymore.") % {"name": enrollment.learner.name}
        if enrollment.ends_on < timezone.localdate()
        else _("%(name)s stays until %(day)s.")
        % {"name": enrollment.learner.name, "day": days.said(enrollment.ends_on)},
        "undo_url": reverse("enrollment_undo", args=[enrollment.pk]) + f"?withdrawn={token}",
    }


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_add(request: Request, pk: int) -> HttpResponse:
    """A new child, or one who is here already; asks before making a double."""
    today = timezone.localdate()
    current = get_object_or_404(Roster.objects.editable_by(request.user).select_related("session"), pk=pk)
    if request.method != "POST":
        if _wants_suggestions(request):
            return _suggest(request, current)
        return _add_page(request, current, AddLearnerForm(roster=current, today=today))
    form = AddLearnerForm(request.POST, roster=current, today=today)
    if not form.is_valid():
        return _add_page(request, current, form, status=422)
    said = form.cleaned_data
    choice = said.pop("choice")
    same = list(_same(request, current, said))
    # A form that is sent a second time has made its learner already: that one is no double.
    same = [learner for learner in same if learner.uuid != said["uuid"]]
    chosen = next((learner for learner in same if str(learner.pk) == choice), None)
    if chosen is None and choice != "new" and (same or choice):
        return _add_page(request, current, form, same=same, status=422)
    try:
        if chosen is not None:
            enrollments.enroll(learner=chosen, roster=current, by=request.user, starts_on=said["starts_on"])
        else:
            chosen = enrollments.add_new_learner(roster=current, by=request.user, **said)
    except enrollments.KeyTaken:
        form.add_error(
            "key", _("Another student of the district has this ID. Leave it out, or ask the office to move them here.")
        )
        return _add_page(request, current, form, status=422)
    except class_codes.NoFreeNumber:
        form.add_error(None, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
        return _add_page(request, current, form, status=422)
    messages.success(request, _("%(name)s is in %(class)s.") % {"name": chosen.name, "class": current.title})
    return redirect("roster", pk=current.pk)


def _same(request: Request, current: Roster, said: dict):
    return same_learner(
        roster=current,
        account=request.user,
        given_name=said["given_name"],
        family_name=said["family_name"],
        key=said["key"],
    )


def _wants_suggestions(request: Request) -> bool:
    return bool(request.htmx) and request.htmx.target == "known"


def _suggest(request: Request, current: Roster) -> HttpResponse:
    """Who is here already under the name that is being typed; only learners whom this person sees anyway."""
    words = " ".join(request.GET.get(name, "") for name in ("given_name", "family_name")).strip()[:100]
    known = list(find_learners(words, account=request.user)[:5]) if len(words) > 1 else []
    here = set(Enrollment.objects.on(timezone.localdate()).filter(roster=current).values_list("learner_id", flat=True))
    looked_at(request, [learner.pk for learner in known])
    lines = [{"learner": learner, "is_here": learner.pk in here} for learner in known]
    return render(request, "profiles/roster_add.html#known", {"known": lines, "roster": current})


def _add_page(
    request: Request, current: Roster, form: AddLearnerForm, *, same: list[Learner] | None = None, status: int = 200
) -> HttpResponse:
    looked_at(request, [learner.pk for learner in same or []])
    request.nav = "learners"
    lines = roster_page.lines_of(same or [], account=request.user, today=timezone.localdate())
    context = {"roster": current, "form": form, "same": lines}
    return render(request, "profiles/roster_add.html", context, status=status)


def _editable_enrollment(request: Request, pk: int) -> tuple[Enrollment, Learner]:
    rows = Enrollment.objects.of_learners().filter(roster__in=Roster.objects.editable_by(request.user))
    found = get_object_or_404(rows.select_related("learner", "roster__session"), pk=pk)
    if found.learner is None:
        raise Http404("No learner's enrollment.")
    looked_at(request, [found.learner.pk])
    return found, found.learner


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def enrollment_withdraw(request: Request, pk: int) -> HttpResponse:
    """Asks from which day on; a panel beside the list, or a page of its own without script."""
    today = timezone.localdate()
    enrollment, learner = _editable_enrollment(request, pk)
    form = WithdrawForm(request.POST or None, enrollment=enrollment, today=today)
    if request.method == "POST" and form.is_valid():
        from_day = form.cleaned_data["from_day"]
        try:
            before = enrollments.withdraw(enrollment=enrollment, by=request.user, from_day=from_day)
        except enrollments.NotEnrolled:
            messages.info(request, _("%(name)s was withdrawn already.") % {"name": learner.name})
            return redirect("roster", pk=enrollment.roster_id)
        enrollment.refresh_from_db(fields=["ends_on"])
        if enrollment.ends_on is None:  # somebody has taken it back at this moment
            return redirect("roster", pk=enrollment.roster_id)
        token = signing.dumps(
            {
                "enrollment": enrollment.pk,
                "ended_on": enrollment.ends_on.isoformat(),
                "before": before.isoformat() if before else None,
            },
            salt=UNDO_SALT,
        )
        return redirect(reverse("roster", args=[enrollment.roster_id]) + f"?withdrawn={token}")
    request.nav = "learners"
    template = "profiles/withdraw.html#form" if request.htmx else "profiles/withdraw.html"
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"enrollment": enrollment, "form": form}, status=status)


@allow(*STAFF)
@require_POST
def enrollment_undo(request: Request, pk: int) -> HttpResponse:
    """Take a withdrawal back; the token says what stood there before."""
    enrollment, learner = _editable_enrollment(request, pk)
    said = _read_token(request.GET.get("withdrawn", ""), seconds=UNDO_SECONDS)
    restored = (
        said is not None
        and said["enrollment"] == enrollment.pk
        and enrollments.take_withdrawal_back(
            enrollment=enrollment,
            by=request.user,
            ended_on=date.fromisoformat(said["ended_on"]),
            before=date.fromisoformat(said["before"]) if said["before"] else None,
        )
    )
    name = {"name": learner.name}
    if restored:
        messages.success(request, _("%(name)s is back in this class.") % name)
    else:
        messages.error(
            request, _("This cannot be undone anymore. Enroll %(name)s again below; nothing was lost.") % name
        )
    return redirect("roster", pk=enrollment.roster_id)


@allow(*STAFF)
@require_POST
def enrollment_renew(request: Request, pk: int) -> HttpResponse:
    """Enroll somebody again who was in this class: a new enrollment from today; the old one stays as it was."""
    enrollment, learner = _editable_enrollment(request, pk)
    row = enrollments.enroll(learner=learner, roster=enrollment.roster, by=request.user, starts_on=timezone.localdate())
    step = roster_history.last_step(row)
    if step is not None and step.kind == RosterAct.Kind.RENEW:  # its toast says so, with Undo
        return redirect(reverse("roster", args=[row.roster_id]) + f"?done={step.uuid}")
    messages.success(request, _("%(name)s is back in this class.") % {"name": learner.name})
    return redirect("roster", pk=enrollment.roster_id)


def _read_token(token: str, *, seconds: int) -> dict | None:
    try:
        return signing.loads(token, salt=UNDO_SALT, max_age=seconds)
    except signing.BadSignature:
        return None
