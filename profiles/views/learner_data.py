"""What is kept about one learner: for how long, a copy of everything, and what a machine works out."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lrm.file_store import COPIES
from lrm.http import Request
from lrm.inferences import COMPUTED
from lrm.looked import looked_at
from lrm.policy import ADMINS, GUARDIAN, allow
from profiles.models import Learner, LearnerCopy
from profiles.second_step import give_out
from profiles.services import keeping, objections
from profiles.services.copies import asking
from profiles.services.copies.files import fetched

MOST_SHOWN = 10
MOST_WAITING = 200
BECAUSE_LETTERS = 280


@allow(GUARDIAN, *ADMINS)
@require_safe
def learner_data(request: Request, pk: int) -> HttpResponse:
    learner, is_family = _learner(request, pk)
    copies = learner.copies.select_related("asked_by", "made_by", "job")  # type: ignore[attr-defined]  # related name
    if is_family:
        copies = copies.filter(asked_by=request.user) | copies.filter(handed_out_at__isnull=False)
    context = {
        "learner": learner,
        "is_family": is_family,
        "shell": _shell(request, is_family=is_family),
        "kinds": keeping.kinds(learner.district, on=timezone.localdate(), school_id=learner.home_school_id),
        "computed": COMPUTED,
        "copies": list(copies[:MOST_SHOWN]),
        "objection": learner.objections.standing().first(),  # type: ignore[attr-defined]  # related name
        "past_objections": learner.objections.filter(ended_at__isnull=False)[:MOST_SHOWN],  # type: ignore[attr-defined]  # related name
        "may_erase": request.user.access.is_district_admin,
        "is_waiting": copies.waiting().exists(),
        "is_made_now": copies.filter(made_at=None, job__state__in=("waiting", "running")).exists(),
        "answer_days": asking.ANSWER_DAYS,
    }
    return render(request, "profiles/learner_data.html", context)


@allow(GUARDIAN, *ADMINS)
@require_POST
def copy_new(request: Request, pk: int) -> HttpResponse:
    """The family asks for a copy; an administrator makes one."""
    learner, is_family = _learner(request, pk)
    if is_family:
        asking.ask(learner, by=request.user, site=settings.SITE_URL)
        messages.success(request, _("The school has your wish, and answers within 45 days."))
    else:
        asking.make(learner, by=request.user, with_notes=bool(request.POST.get("with_notes")))
    return redirect("learner_data", pk=pk)


@allow(GUARDIAN, *ADMINS)
@require_POST
def learner_objection(request: Request, pk: int) -> HttpResponse:
    """act: object (words), take_back."""
    learner, _is_family = _learner(request, pk)
    words = request.POST.get("words", "").strip()
    if request.POST.get("act") == "take_back":
        objections.take_back(learner, by=request.user)
        messages.success(request, _("Suggestions are made from what is known again."))
    elif len(words) <= BECAUSE_LETTERS:
        objections.object_to(learner, by=request.user, words=words)
        messages.success(request, _("From now on suggestions know nothing about this student."))
    else:
        messages.error(request, _("Use at most 280 letters."))
    return redirect("learner_data", pk=pk)


@allow(*ADMINS)
@require_safe
def copies(request: Request) -> HttpResponse:
    """What families have asked for, the longest waiting first."""
    request.nav = "learners"
    mine = LearnerCopy.objects.administered_by(request.user).waiting().order_by("asked_at", "pk")
    rows = list(mine.select_related("learner", "asked_by")[:MOST_WAITING])
    looked_at(request, {row.learner_id for row in rows})
    return render(request, "profiles/copies.html", {"rows": rows, "answer_days": asking.ANSWER_DAYS})


@allow(*ADMINS)
@require_POST
def copy_change(request: Request, uuid: UUID) -> HttpResponse:
    """act: make (with_notes), decline (because), hand_out."""
    row = get_object_or_404(LearnerCopy.objects.administered_by(request.user).select_related("learner"), uuid=uuid)
    looked_at(request, [row.learner_id])
    act, because = request.POST.get("act", ""), request.POST.get("because", "").strip()
    try:
        if act == "make":
            asking.make(row.learner, by=request.user, with_notes=bool(request.POST.get("with_notes")), asked=row)
        elif act == "decline" and because and len(because) <= BECAUSE_LETTERS:
            asking.decline(row, by=request.user, because=because)
            messages.success(request, _("The family reads why not."))
        elif act == "decline":
            messages.error(request, _("Say in a line why not: the family reads it."))
        elif act == "hand_out" and row.has_file:
            asking.hand_out(row, site=settings.SITE_URL)
            messages.success(request, _("The family finds it on its page; whoever of it has asked has a mail."))
        else:
            messages.error(request, _("Nothing was changed: the page did not say what to do."))
    except asking.NotNow as refused:
        messages.error(request, str(refused))
    return redirect("learner_data", pk=row.learner_id)


@allow(*ADMINS)
@require_safe
def copy_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far it is; once it is over, the page itself is asked for again."""
    row = get_object_or_404(LearnerCopy.objects.administered_by(request.user).select_related("job"), uuid=uuid)
    looked_at(request, [row.learner_id])
    answer = render(request, "profiles/copy_progress.html", {"row": row})
    if row.job is None or row.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@allow(GUARDIAN, *ADMINS)
@require_safe
def copy_zip(request: Request, uuid: UUID) -> HttpResponseBase:
    """Of staff asked for a second step and counted: one copy after the other is a school at last."""
    row = get_object_or_404(LearnerCopy.objects.fetched_by(request.user).select_related("learner"), uuid=uuid)
    looked_at(request, [row.learner_id])
    if Learner.objects.administered_by(request.user).filter(pk=row.learner_id).exists():
        return give_out(request, lambda: _zip(request, row))
    return _zip(request, row)


def _zip(request: Request, row: LearnerCopy) -> HttpResponseBase:
    assert row.stored is not None  # of fetched_by()
    try:
        file = COPIES.open(row.stored)
    except FileNotFoundError:
        messages.error(request, _("The file is not on the disk any more. Make the copy again."))
        return redirect("learner_data", pk=row.learner_id)
    fetched(row)
    name = f"{row.learner.name} {timezone.localdate(row.made_at).isoformat()}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _learner(request: Request, pk: int) -> tuple[Learner, bool]:
    """The learner, and whether the reader is family and no administrator."""
    administered = Learner.objects.administered_by(request.user)
    mine = administered | Learner.objects.filter(pk__in=request.user.access.ward_ids)
    learner = get_object_or_404(mine.select_related("district"), pk=pk)
    looked_at(request, [learner.pk])
    request.nav = "learners"
    return learner, not administered.filter(pk=pk).exists()


def _shell(request: Request, *, is_family: bool) -> str:
    return "learner.html" if is_family and not request.user.access.is_staff else "staff.html"
