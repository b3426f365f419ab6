"""How long records stay after leaving, what nights take away; and what people took along."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.retention import RetentionForm
from profiles.models import BulkExport, RetentionPolicy, RetentionRun
from profiles.services import keeping
from profiles.services import retention as nights
from profiles.services.taken_words import say_taken
from profiles.views.erasures import by_category

MOST_SHOWN = 14
MOST_EXPORTS = 200


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: Request) -> HttpResponse:
    """POST: let other days count from a day on."""
    district, today = request.user.district, timezone.localdate()
    days = keeping.days_of(district, on=today)
    form = RetentionForm(request.POST or None, days=days)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.begin(
                district,
                days=form.days,
                starts_on=form.cleaned_data["starts_on"],
                why=form.cleaned_data["why"],
                by=request.user,
            )
        except keeping.NotAPolicy as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("They count from that day on."))
            return redirect("retention")
    mine = RetentionPolicy.objects.filter(district=district)
    to_come = mine.filter(starts_on__gt=today, withdrawn_at__isnull=True).select_related("created_by")
    context = {
        "form": form,
        "kinds": keeping.kinds(district, on=today),
        "to_come": to_come.order_by("starts_on", "pk"),
        "since": mine.in_force(today).select_related("created_by").first(),
        "nights": _nights(RetentionRun.objects.filter(district=district)[:MOST_SHOWN]),
        "preview": request.GET.get("look") == "tomorrow",
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
    told = [{"row": row, "what": say_taken(row.what)} for row in rows[:MOST_EXPORTS]]
    return render(request, "profiles/bulk_exports.html", {"told": told})


def _nights(rows) -> list[dict]:
    return [
        {
            "row": row,
            "learners": row.counts.get(nights.LEARNERS, 0),
            "rows": sum(n for label, n in row.counts.items() if label != nights.LEARNERS),
        }
        for row in rows
    ]
