"""How long records stay after leaving, what nights take away; and what people took along."""

from dataclasses import replace
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.retention import RetentionForm
from profiles.models import BulkExport, District, PolicyRule, RetentionPolicy, RetentionRun, School
from profiles.policy_values import say_value
from profiles.services import keeping
from profiles.services import retention as nights
from profiles.services.retention_words import say_change
from profiles.services.taken_words import say_taken
from profiles.views.erasures import by_category

MOST_SHOWN = 14
MOST_EXPORTS = 200


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: Request) -> HttpResponse:
    """?look=tomorrow: what would go; ?look=days: what those in the form would take away. POST lets them count."""
    district, today, look = request.user.district, timezone.localdate(), request.GET.get("look", "")
    asked = request.GET if look == "days" else None
    form = RetentionForm(request.POST if request.method == "POST" else asked, days=keeping.days_of(district, on=today))
    said: list[str] = []
    if form.is_valid():
        days, starts_on = form.days, form.cleaned_data["starts_on"]
        try:
            if request.method == "POST":
                keeping.begin(district, days=days, starts_on=starts_on, why=form.cleaned_data["why"], by=request.user)
                messages.success(request, _("They count from that day on."))
                return redirect("retention")
            keeping.check(district, days=days, starts_on=starts_on)
            kept = keeping.kept_on(district, on=starts_on)
            said = say_change(district, before=kept, then=replace(kept, everywhere=days), starts_on=starts_on)
        except keeping.NotAPolicy as refused:
            form.add_error(None, str(refused))
    mine = RetentionPolicy.objects.filter(district=district)
    to_come = mine.filter(starts_on__gt=today, withdrawn_at__isnull=True).select_related("created_by")
    context = {
        "form": form,
        "kinds": keeping.kinds(district, on=today),
        "to_come": to_come.order_by("starts_on", "pk"),
        "since": mine.in_force(today).select_related("created_by").first(),
        "nights": _nights(RetentionRun.objects.filter(district=district)[:MOST_SHOWN]),
        "preview": look == "tomorrow",
        "said": said,
        "asked": [(name, form[name].value()) for name in form.fields] if said else [],
        "of_schools": _of_schools(district, today),
    }
    if context["preview"]:
        found = nights.due(district, on=today + timedelta(days=1))
        context |= {"due": by_category(dict(found.rows)), "due_learners": found.learners}
    return render(request, "profiles/retention.html", context, status=422 if form.errors else 200)


@allow(DISTRICT_ADMIN)
@require_POST
def retention_withdraw(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(RetentionPolicy.objects.filter(district=request.user.district), pk=pk)
    if keeping.withdraw(row, by=request.user):
        messages.success(request, _("It is withdrawn; what counts today goes on."))
    else:
        messages.error(request, _("It has begun already, or was withdrawn."))
    return redirect("retention")


@allow(DISTRICT_ADMIN)
@require_safe
def bulk_exports(request: Request) -> HttpResponse:
    """Who took records of many people along."""
    rows = BulkExport.objects.filter(district=request.user.district).select_related("account")
    page = Paginator(rows, MOST_EXPORTS).get_page(request.GET.get("page"))
    told = [{"row": row, "what": say_taken(row.what)} for row in page]
    return render(request, "profiles/bulk_exports.html", {"told": told, "page": page})


def _of_schools(district: District, today: date) -> list[tuple[str, str]]:
    """(name, what it keeps for fewer days) of each school that does."""
    own = keeping.kept_on(district, on=today).own
    names = School.objects.filter(pk__in=own).order_by("name").values_list("name", "pk")
    return [(name, say_value(PolicyRule.Line.KEEPING, own[pk])) for name, pk in names]


def _nights(rows) -> list[dict]:
    return [
        {
            "row": row,
            "learners": row.counts.get(nights.LEARNERS, 0),
            "rows": sum(n for label, n in row.counts.items() if label != nights.LEARNERS),
        }
        for row in rows
    ]
