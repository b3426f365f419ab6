"""Erasing a person: a preview, a typed name, a second person or a week, the receipt. And holds, which forbid it."""

from collections.abc import Callable
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from lrm.privacy import CATEGORIES, privacy_of
from profiles.models import Account, AdultHold, Erasure, Learner, LegalHold
from profiles.services.copies.words import words_of
from profiles.services.erasures import asking

WHY_LETTERS = 280
MOST_SHOWN = 200


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def erase_learner(request: Request, pk: int) -> HttpResponse:
    """What would go. POST: ask for it, with the typed name."""
    request.nav = "learners"
    learner = get_object_or_404(Learner.objects.administered_by(request.user), pk=pk)
    looked_at(request, [learner.pk])
    return _erase(request, learner, asking.preview, "profiles/erase_learner.html")


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def erase_adult(request: Request, pk: int) -> HttpResponse:
    """The same of staff and families."""
    request.nav = "staff"
    account = get_object_or_404(Account.objects.adults_of(request.user).exclude(pk=request.user.pk), pk=pk)
    return _erase(request, account, asking.preview_of_adult, "profiles/erase_adult.html")


def _erase(
    request: Request, person: asking.Person, preview: Callable[..., asking.Preview], template: str
) -> HttpResponse:
    refused, typed, why = "", request.POST.get("name", ""), request.POST.get("why", "").strip()
    if request.method == "POST":
        try:
            if len(why) > WHY_LETTERS:
                raise asking.NotNow(_("The reason is longer than 280 letters."))
            asked = asking.ask(person, by=request.user, typed_name=typed, why=why)
        except asking.NotNow as said:
            refused = str(said)
        else:
            return redirect("erasure", uuid=asked.uuid)
    found = preview(person)
    context = {
        "person": person,
        "preview": found,
        "goes": by_category(found.goes),
        "stays": by_category(found.stays),
        "standing": asking.standing_erasure(person),
        "hold": asking.standing_hold(person),
        "refused": refused,
        "typed": typed,
        "why": why,
    }
    return render(request, template, context, status=422 if refused else 200)


@allow(DISTRICT_ADMIN)
@require_POST
def learner_hold(request: Request, pk: int) -> HttpResponse:
    """act: set (why), lift."""
    learner = get_object_or_404(Learner.objects.administered_by(request.user), pk=pk)
    looked_at(request, [learner.pk])
    return _hold(request, learner, "erase_learner")


@allow(DISTRICT_ADMIN)
@require_POST
def adult_hold(request: Request, pk: int) -> HttpResponse:
    """act: set (why), lift."""
    account = get_object_or_404(Account.objects.adults_of(request.user).exclude(pk=request.user.pk), pk=pk)
    return _hold(request, account, "erase_adult")


def _hold(request: Request, person: asking.Person, page: str) -> HttpResponse:
    why = request.POST.get("why", "").strip()
    if request.POST.get("act") == "lift":
        asking.lift(person, by=request.user)
        messages.success(request, _("The hold is lifted."))
    elif why and len(why) <= WHY_LETTERS:
        try:
            asking.hold(person, by=request.user, why=why)
        except asking.NotNow as refused:
            messages.error(request, str(refused))
            return redirect("erasures")
        messages.success(request, _("Nothing about this person goes until the hold is lifted."))
    else:
        messages.error(request, _("Say in a line why it must not go."))
    return redirect(page, pk=person.pk)


@allow(DISTRICT_ADMIN)
@require_safe
def erasures(request: Request) -> HttpResponse:
    request.nav = "learners"
    seen = Erasure.objects.visible_to(request.user).select_related("learner", "account", "asked_by", "job")
    rows = list(seen[:MOST_SHOWN])
    looked_at(request, {row.learner_id for row in rows if row.learner_id})
    standing = LegalHold.objects.standing().filter(learner__in=Learner.objects.administered_by(request.user))
    holds = list(standing.select_related("learner", "set_by")[:MOST_SHOWN])
    looked_at(request, {each.learner_id for each in holds})
    of_adults = AdultHold.objects.standing().filter(account__in=Account.objects.adults_of(request.user))
    adults = list(of_adults.select_related("account", "set_by")[:MOST_SHOWN])
    return render(request, "profiles/erasures.html", {"rows": rows, "holds": holds, "adult_holds": adults})


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: Request, uuid: UUID) -> HttpResponse:
    """One erasure: what waits, or its receipt. POST act: agree, stop."""
    request.nav = "learners"
    rows = Erasure.objects.visible_to(request.user).select_related(
        "learner", "account", "asked_by", "agreed_by", "stopped_by", "job"
    )
    row = get_object_or_404(rows, uuid=uuid)
    if row.learner_id:
        looked_at(request, [row.learner_id])
    if request.method == "POST":
        try:
            if request.POST.get("act") == "agree":
                asking.agree(row, by=request.user)
            elif request.POST.get("act") == "stop":
                asking.stop(row, by=request.user)
                messages.success(request, _("It is stopped. Nothing was changed."))
            else:
                messages.error(request, _("Nothing was changed: the page did not say what to do."))
        except asking.NotNow as refused:
            messages.error(request, str(refused))
        return redirect("erasure", uuid=uuid)
    context = {
        "row": row,
        "may_start": asking.may_start(row, by=request.user),
        "is_at_work": row.job is not None and not row.job.is_over,
        "today": timezone.localdate(),
        "rows": by_category(row.counts.get("rows", {})),
        "mentions": by_category(row.counts.get("mentions", {})),
    }
    return render(request, "profiles/erasure.html", context)


@allow(DISTRICT_ADMIN)
@require_safe
def erasure_progress(request: Request, uuid: UUID) -> HttpResponse:
    row = get_object_or_404(Erasure.objects.visible_to(request.user).select_related("job"), uuid=uuid)
    if row.learner_id:
        looked_at(request, [row.learner_id])
    answer = render(request, "profiles/erasure_progress.html", {"row": row})
    if row.job is None or row.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


def by_category(counts: dict[str, int]) -> list[tuple[str, list[tuple[str, int]], int]]:
    """(kind of records, (what, rows), rows of the kind), in the order of the kinds; the rest under no kind, last."""
    found: dict[str, list[tuple[str, int]]] = {}
    for label, n in counts.items():
        try:
            model = apps.get_model(label)
            words, category = words_of(model), privacy_of(model).category
        except (LookupError, KeyError):
            words, category = label, ""
        found.setdefault(category, []).append((words, n))
    order = [*CATEGORIES, ""]
    return [
        (str(CATEGORIES[key].words) if key else _("Rows between these"), sorted(lines), sum(n for _label, n in lines))
        for key, lines in sorted(found.items(), key=lambda item: order.index(item[0]))
    ]
