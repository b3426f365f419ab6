"""What a new version would change, part by part: figures, the list, and the list as a file."""

import io
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

from defusedcsv import csv
from django.db.models import OuterRef, Subquery
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from assessments.forms.policy import PolicyForm, read_form
from assessments.policy_words import grouped, say_difference, say_figures
from assessments.services.policies import InForce
from assessments.services.policy_preview import FIGURES, Change, Figures, Trial, try_policy
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Enrollment, Learner
from profiles.second_step import bulk_export
from standards.models import Standard

PART_SECONDS = 1.0
MOST_LISTED = 100
MOST_IN_FILE = 20_000
"""Learners walked for one file: about a minute of work. Beyond, a school is to be chosen."""
CARRIED = (*FIGURES, "walked", "of", "listed", "after")


@dataclass(frozen=True)
class ChangeRow:
    """A level that would change, with its words. Levels are None where there is none."""

    learner: Learner
    class_title: str
    standard: Standard
    before: int | None
    before_word: str
    after: int | None
    after_word: str


def read_trial(request: Request, form: PolicyForm) -> dict:
    """Context of templates/assessments/policy_part.html for a version of the policy."""
    trial, tried = _trial(request, form), form.cleaned_data["policy"]
    sides = (each.decided(tried.framework_id, trial.today, tried.school_id) for each in (trial.before, trial.after))
    return {
        **read_part(request, trial, here=reverse("policy_new"), csv=reverse("policy_csv")),
        "as_of": trial.today if trial.today != timezone.localdate() else None,
        "difference": say_difference(*sides),
        "act": "assessments/policy_save.html",
        "kept": [(name, value) for name, value in request.GET.items() if name not in (*CARRIED, "try", "school")],
        "school": form.cleaned_data["school"],
        "starts_on": form.cleaned_data["starts_on"],
        "may_write": request.user.access.is_district_admin,
    }


def read_part(request: Request, trial: Trial, *, here: str, csv: str) -> dict:
    """What a trial has found so far: this part, added to what the address carries.

    here: the address of the page, which goes on from there; csv: that of the whole list.
    """
    carried = {name: _number(request.GET, name) for name in CARRIED}
    of = carried["of"] if carried["after"] else trial.count()
    began = time.monotonic()
    part = trial.part(after=carried["after"], seconds=PART_SECONDS)
    seconds = time.monotonic() - began
    figures = Figures(*(carried[name] for name in FIGURES)) + part.figures
    walked = carried["walked"] + part.walked
    rows = read_rows(part.changes[: max(MOST_LISTED - carried["listed"], 0)], trial)
    looked_at(request, [row.learner.pk for row in rows])
    listed = carried["listed"] + len(rows)
    address = _address(request.GET)
    rest = {"walked": walked, "of": of, "listed": listed, "after": part.last}
    rest |= {name: getattr(figures, name) for name in FIGURES}
    return {
        "figures": figures,
        "said": say_figures(figures, is_end=part.is_end),
        "rows": rows,
        "listed": listed,
        "more": max(figures.changes - listed, 0),
        "is_end": part.is_end,
        "walked": walked,
        "of": max(of, walked),
        "progress": _say_progress(walked, of, part.walked, seconds),
        "next_url": "" if part.is_end else f"{here}?{_with(address, rest)}",
        "csv_url": f"{csv}?{address.urlencode()}" if of <= MOST_IN_FILE else "",
        "is_part": request.htmx,
    }


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
@bulk_export
def policy_csv(request: Request) -> HttpResponseBase:
    """Every level that would change."""
    form = read_form(request)
    if not form.is_valid():
        return _plainly(_("This version cannot be tried. Go back to the form and look at what it says."))
    return write_changes(request, _trial(request, form))


def write_changes(request: Request, trial: Trial) -> HttpResponseBase:
    """The list as a file. Walked block by block into a file on disk, so memory does not grow with it."""
    if trial.count() > MOST_IN_FILE:
        return _plainly(_("One file holds a school or a small district. Choose a school first."))
    found = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    text = io.TextIOWrapper(found, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Student"),
            _("Key"),
            _("Class"),
            _("Standard"),
            _("Level now"),
            _("Word now"),
            _("Level then"),
            _("Word then"),
        ]
    )
    for block in trial.blocks():
        rows = read_rows(block.changes, trial)
        looked_at(request, [row.learner.pk for row in rows])
        writer.writerows(
            [
                row.learner.name, row.learner.key or "", row.class_title, row.standard.label,
                row.before or "", row.before_word, row.after or "", row.after_word,
            ]
            for row in rows
        )  # fmt: skip
    text.detach().seek(0)
    name = f"levels-that-would-change-{timezone.localdate().isoformat()}.csv"
    return FileResponse(found, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def read_rows(changes: Sequence[Change], trial: Trial) -> list[ChangeRow]:
    """The changes with names, by class, name and standard. Two statements."""
    if not changes:
        return []
    home = (
        Enrollment.objects.on(trial.today)
        .of_learners()
        .filter(learner=OuterRef("pk"))
        .order_by("-roster__is_homeroom", "roster__title")
    )
    learners = Learner.objects.annotate(class_title=Subquery(home.values("roster__title")[:1])).in_bulk(
        {change.learner_id for change in changes}
    )
    standards = Standard.objects.in_bulk({change.standard_id for change in changes})
    rows = []
    for change in changes:
        learner, standard = learners[change.learner_id], standards[change.standard_id]
        before, after = (one.on(standard.framework_id, trial.today) for one in (trial.before, trial.after))
        rows.append(
            ChangeRow(
                learner,
                learner.class_title or "",  # type: ignore[attr-defined]  # annotated above
                standard,
                change.before,
                _word(before, change.before),
                change.after,
                _word(after, change.after),
            )
        )
    order = lambda row: (row.class_title, row.learner.name, row.learner.pk, row.standard.position, row.standard.pk)
    return sorted(rows, key=order)


def _trial(request: Request, form: PolicyForm) -> Trial:
    school = form.cleaned_data["school"]
    return try_policy(
        form.cleaned_data["policy"],
        by=request.user,
        today=timezone.localdate(),
        school_id=school.pk if school else None,
    )


def _word(policy: InForce, level: int | None) -> str:
    return policy.word(level) if level else _("no level")


def _say_progress(walked: int, of: int, in_part: int, seconds: float) -> str:
    """ "3,400 of 100,000 students, about 2 minutes"."""
    left = seconds / max(in_part, 1) * max(of - walked, 0)
    minutes = round(left / 60)
    facts = {"done": grouped(walked), "of": grouped(max(of, walked)), "n": minutes}
    if minutes < 1:
        return _("%(done)s of %(of)s students, less than a minute") % facts
    return (
        ngettext(
            "%(done)s of %(of)s students, about %(n)s minute",
            "%(done)s of %(of)s students, about %(n)s minutes",
            minutes,
        )
        % facts
    )


def _number(sent: QueryDict, name: str) -> int:
    text = sent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _address(sent: QueryDict) -> QueryDict:
    """What was asked for, without what a trial carries along."""
    kept = sent.copy()
    for name in CARRIED:
        kept.pop(name, None)
    return kept


def _with(address: QueryDict, more: dict[str, int]) -> str:
    whole = address.copy()
    for name, value in more.items():
        whole[name] = str(value)
    return whole.urlencode()


def _plainly(text: str) -> HttpResponse:
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
