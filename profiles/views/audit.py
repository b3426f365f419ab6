"""Who changed class lists, accounts, roles and families, for administrators: read on a page, taken along as CSV."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, allow
from profiles.forms.audit import AuditForm
from profiles.models import AuditEntry, Learner
from profiles.second_step import bulk_export
from profiles.services.audit import finding, telling

PAGE = 100
MOST_LINES = 20_000
"""Entries in one file."""


@allow(*ADMINS)
@require_safe
def audit(request: Request) -> HttpResponse:
    """As AuditForm, and `before`: the id of an entry, for those that are older."""
    request.nav = "staff"
    form = AuditForm(request.GET)
    found = _found(request, form)
    entries = [] if found is None else list(found[: PAGE + 1])
    told = telling.tell(entries[:PAGE])
    looked_at(request, {line.learner.pk for line in told if line.learner})
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "told": told,
        "older": entries[PAGE - 1].pk if len(entries) > PAGE else None,
        "query": query.urlencode(),
        "is_newest": not request.GET.get("before"),
        "is_narrowed": any(query.values()),
        "learner": _learner(request, form),
    }
    return render(request, "profiles/audit.html", context, status=422 if form.errors else 200)


@allow(*ADMINS)
@require_safe
@bulk_export
def audit_csv(request: Request) -> HttpResponse:
    """As AuditForm: one line for each column that was changed."""
    form = AuditForm(request.GET)
    entries = _found(request, form)
    if entries is None or entries[: MOST_LINES + 1].count() > MOST_LINES:
        if entries is not None:
            messages.error(request, _("More than 20,000 changes do not go into one file. Choose fewer days."))
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    told = telling.tell(list(entries))
    looked_at(request, {line.learner.pk for line in told if line.learner})
    return answer_csv(f"changes-{timezone.localdate()}", _lines(told))


def _found(request: Request, form: AuditForm) -> QuerySet[AuditEntry] | None:
    """The newest first; None where the form has a fault."""
    if not form.is_valid():
        return None
    try:
        found = finding.find(request.user, form.asked)
    except finding.TooMany as refused:
        form.add_error(refused.field, _("Very many people are called so. Type more of the name."))
        return None
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    return found


def _learner(request: Request, form: AuditForm) -> Learner | None:
    pk = getattr(form, "cleaned_data", {}).get("learner")
    return Learner.objects.administered_by(request.user).filter(pk=pk).first() if pk else None


def _lines(told: list[telling.Told]) -> Iterable[list[str]]:
    yield [_("When"), _("Changed by"), _("How"), "ID", _("What"), _("Done"), _("Student"), _("About"), *_columns()]
    for line in told:
        entry = line.entry
        head = [
            timezone.localtime(entry.at).isoformat(timespec="seconds"),
            line.by,
            f"{entry.get_way_display()} ({entry.what})" if entry.what else str(entry.get_way_display()),
            str(entry.pk),
            str(entry.get_place_display()),
            str(entry.get_act_display()),
            line.learner.name if line.learner else "",
            line.about,
        ]
        for change in line.changes or [telling.Change("", "", "", False)]:
            yield [*head, change.column, *([_("not shown")] * 2 if change.is_hidden else [change.before, change.after])]


def _columns() -> list[str]:
    return [_("Column"), _("Before"), _("After")]
