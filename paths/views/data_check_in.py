"""One check-in: its grid, a student beside it, what was decided and what happened since. For staff only."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments import left_out_words
from assessments.left_out_words import RECORDED
from assessments.school_filters import SchoolFilters
from lrm.csv_answers import answer_csv
from lrm.form_fields import rebase, typed
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import STAFF, allow
from paths import check_in_page as page
from paths.forms.data_check_ins import DecisionForm, first_decision
from paths.models import DataCheckIn, DataDecision
from paths.services import data_check_ins as services
from paths.services.check_in_choices import say_filters
from paths.services.check_in_grid import MOST
from paths.services.check_in_reading import CheckInRead, read_check_in, read_row
from paths.services.check_in_since import read_moves
from paths.views.data_check_ins import enter
from profiles.models import Account, Learner
from profiles.second_step import give_out


@allow(*STAFF)
@require_safe
def data_check_in(request: Request, uuid: UUID) -> HttpResponse:
    """?show and ?sort look at the grid in other ways; ?at= opens a student (id), or "all" for all of them."""
    return _page(request, page.read_looked(_check_in(request, uuid), request.GET))


@allow(*STAFF)
@require_safe
def data_check_in_csv(request: Request, uuid: UUID) -> HttpResponse:
    """The rows that the page shows, in their order, with what was decided. It takes a second step."""
    looked = page.read_looked(_check_in(request, uuid), request.GET)
    return give_out(request, lambda: _csv(request, looked))


@allow(*STAFF)
@require_POST
def data_check_in_decide(request: Request, uuid: UUID) -> HttpResponse:
    """Write a decision down. learner: an id, "" for all students of the grid."""
    check_in = _check_in(request, uuid)
    looked, asked = page.read_looked(check_in, request.GET), typed(request.POST, "learner")
    learner = _learner(request, asked) if asked else None
    form = DecisionForm(request.POST, people=services.people_of(check_in), today=timezone.localdate())
    if not form.is_valid() or form.cleaned_data["uuid"] is None:
        return _page(request, looked, at=_at(learner), form=form, status=422)
    today = timezone.localdate()
    try:
        services.decide(
            uuid=form.cleaned_data["uuid"],
            check_in=check_in,
            learner=learner,
            by=request.user,
            today=today,
            **form.values(),
        )
    except services.Taken:
        raise Http404 from None
    return redirect(looked.to(at=_at(learner)))


@allow(*STAFF)
@require_POST
def data_decision(request: Request, uuid: UUID) -> HttpResponse:
    """act: done, open, withdraw, restore, or change with what the form holds. ?at= goes back to who stood open."""
    enter(request)
    rows = DataDecision.objects.editable_by(request.user).select_related("check_in__owner", "owner", "learner")
    decision = get_object_or_404(rows, uuid=uuid, check_in__removed_at=None)
    looked, act, now = page.read_looked(decision.check_in, request.GET), request.POST.get("act"), timezone.now()
    at = page.at_of(decision)
    looked_at(request, [decision.learner_id] if decision.learner_id else [])
    if act in ("done", "open"):
        services.set_done(decision, done=act == "done", by=request.user, now=now)
    elif act in ("withdraw", "restore"):
        services.withdraw(decision, away=act == "withdraw", now=now)
        if act == "withdraw":
            messages.info(request, _("Taken back. It stands under “Taken back” and can be put back."))
    elif act == "change":
        people = services.people_of(decision.check_in)
        form = _change_form(decision, people, request.POST)
        if not form.is_valid():
            return _page(request, looked, at=at, form=form, changing=decision, status=422)
        try:
            services.change_decision(decision, version=form.cleaned_data["version"] or 0, **form.values())
        except services.ChangedSince:
            said = _("Somebody changed this meanwhile; theirs stands above. Save again, and yours takes its place.")
            form.add_error(None, said)
            decision.refresh_from_db(fields=["version"])
            rebase(form, "version", decision.version)
            return _page(request, looked, at=at, form=form, changing=decision, status=409)
    else:
        raise Http404("No such act.")
    return redirect(looked.to(at=at if request.GET.get("at") == at else ""))


def _at(learner: Learner | None) -> str:
    return str(learner.pk) if learner else page.EVERYBODY


def _check_in(request: Request, uuid: UUID) -> DataCheckIn:
    enter(request)
    found = DataCheckIn.objects.visible_to(request.user).standing().select_related("owner")
    return get_object_or_404(found, uuid=uuid)


def _learner(request: Request, text: str) -> Learner:
    """Somebody about whom the account reads notes, or 404; looking is noted."""
    learner = get_object_or_404(Learner.objects.noted_by(request.user), pk=whole_number(text) or 0)
    looked_at(request, [learner.pk])
    return learner


def _read(request: Request, looked: page.Looked) -> CheckInRead:
    found = read_check_in(request.user, looked.check_in, today=timezone.localdate())
    looked_at(request, found.learner_ids)
    return found


def _page(
    request: Request,
    looked: page.Looked,
    *,
    at: str = "",
    form: DecisionForm | None = None,
    changing: DataDecision | None = None,
    status: int = 200,
) -> HttpResponse:
    """at: what stands open beside the grid, else what the address says. form: what was sent and not taken.

    changing: the decision that form was to change; None: it was a new one.
    """
    check_in, today = looked.check_in, timezone.localdate()
    found, people, at = _read(request, looked), services.people_of(check_in), at or request.GET.get("at", "")
    panel = _panel(request, looked, found, people, at, form, changing) if at else {}
    if request.htmx and panel:
        return render(request, "paths/data_check_in_panel.html", panel, status=status)
    columns = [key for key in check_in.columns if key in page.COLUMNS]
    context: dict[str, Any] = {
        "check_in": check_in,
        "is_mine": check_in.owner_id == request.user.pk,
        "filters": say_filters(request.user, SchoolFilters.parse(check_in.filters)),
        "people": [person.name for person in people if person.pk != check_in.owner_id],
        "figures": page.figures(found),
        "then": page.say_then(found),
        "lines": [page.draw_decision(looked, each, request.user) for each in found.decided],
        "taken_back": found.taken_back,
        "tabs": page.tabs(looked, found.rows, today),
        "headings": [
            page.heading(looked, "name", _("Student")),
            *page.headings(looked, columns),
            page.heading(looked, "decisions", _("Decisions")),
        ],
        "rows": page.draw_rows(looked, found.rows, columns, at=at, today=today),
        "is_wide": found.is_wide,
        "most": MOST,
        "n": len(found.rows),
        "left_out": page.say_left_out(found),
        "methods": page.say_methods(found, today),
        "all_url": looked.to(at=page.EVERYBODY),
        "csv_url": looked.to("data_check_in_csv"),
        "here": looked.query,
        "at": at,
        "now": timezone.localtime(),
    }
    return render(request, "paths/data_check_in.html", context | panel, status=status)


def _panel(
    request: Request,
    looked: page.Looked,
    found: CheckInRead,
    people: list[Account],
    at: str,
    form: DecisionForm | None,
    changing: DataDecision | None,
) -> dict[str, Any]:
    """One student, or what is about all of them. Raises Http404."""
    check_in, today = looked.check_in, timezone.localdate()
    learner = None if at == page.EVERYBODY else _learner(request, at)
    mine = {"uuid": uuid4(), "owner": str(request.user.pk)}
    fresh = DecisionForm(None, people=people, today=today, initial=mine)
    own = []
    for each in found.of(learner):
        is_changing = changing is not None and changing.pk == each.decision.pk
        shown = form if is_changing and form else _change_form(each.decision, people)
        own.append({"line": page.draw_decision(looked, each, request.user), "form": shown, "is_changing": is_changing})
    context: dict[str, Any] = {
        "check_in": check_in,
        "learner": learner,
        "back_url": looked.to(),
        "here_open": looked.query_at(at),
        "form": form if form and changing is None else fresh,
        "own": own,
        "n": len(found.rows),
    }
    if learner is None:
        return context
    row = read_row(request.user, found, learner, check_in.held_on, today=today)
    moves = read_moves(learner.pk, check_in.held_on, found.scope)
    return context | {
        "under": page.say_row(row),
        "facts": [cell for cell in page.cells(row, page.COLUMNS) if cell["key"] != "since" and cell["text"]],
        "since": page.say_since(row.since),
        "moves": page.say_moves(moves, lambda framework, level: found.policies.on(framework, today).word(level)),
    }


def _change_form(decision: DataDecision, people: list[Account], sent: Any = None) -> DecisionForm:
    """Several stand on one page, so each has names of its own for its labels."""
    first, names = first_decision(decision), f"d{decision.pk}_%s"
    today = timezone.localdate()
    return DecisionForm(sent, people=people, today=today, decision=decision, initial=first, auto_id=names)


def _csv(request: Request, looked: page.Looked) -> HttpResponse:
    check_in, today = looked.check_in, timezone.localdate()
    found = _read(request, looked)
    columns = [key for key in check_in.columns if key in page.COLUMNS]
    rows: list[list[object]] = [[_("Student"), _("Key"), _("Grade"), _("Classes")]]
    rows[0] += [*(str(page.COLUMNS[key]) for key in columns), _("Decisions")]
    rows[0] += [*left_out_words.headings(RECORDED), _("Method"), _("As of")]
    methods = page.say_methods(found, today)
    now = timezone.localtime().isoformat(timespec="minutes")
    for row in page.shown(looked, found.rows, today):
        learner = row.facts.learner
        cells = [cell["text"] for cell in page.cells(row, columns)]
        said = "; ".join(page.say_decision(decision) for decision in row.decisions)
        out = left_out_words.columns(row.facts.without, RECORDED)
        rows.append(
            [learner.name, learner.key or "", learner.grade, row.facts.classes, *cells, said, *out, methods, now]
        )
    return answer_csv(f"{slugify(check_in.name) or 'check-in'}-{today.isoformat()}", rows)
