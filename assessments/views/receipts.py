"""How a level came about: the same account for teacher, learner and family; "How sure?" for staff only."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.receipt_words import draw_course, draw_sureness, say_lines, say_outlook
from assessments.services import overrides
from assessments.services.errors import ResultsRefused
from assessments.services.receipts import read_account, read_sureness
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, TEACHER, allow
from profiles.models import Learner
from standards.models import Standard


def panel_context(request: Request, at: str, *, back: str) -> dict:
    """Context of the receipt panel for "learner.standard"; {} where that names nothing the account may see.

    back: where closing the panel leads without script.
    """
    learner_id, _dot, standard_id = at.partition(".")
    if not (learner_id.isdigit() and standard_id.isdigit()):
        return {}
    learner = Learner.objects.visible_to(request.user).select_related("district").filter(pk=learner_id).first()
    standard = Standard.objects.visible_to(request.user).filter(pk=standard_id).first()
    if learner is None or standard is None:
        return {}
    return receipt_context(request, learner, standard) | {"back": back}


def receipt_context(request: Request, learner: Learner, standard: Standard) -> dict:
    """What templates/assessments/receipt_panel.html shows; the part for staff is not in it for anybody else."""
    account = read_account(learner, standard)
    access = request.user.access
    is_staff = access.is_staff and access.learner_id != learner.pk
    words = account.policy.words
    looked_at(request, [learner.pk])
    context = {
        "learner": learner,
        "standard": standard,
        "receipt": account,
        "is_own": access.learner_id == learner.pk,
        "for_staff": is_staff,
        "may_set": is_staff and bool(access.staff_roles),
        "level_word": words[account.shown_level - 1] if account.shown_level else "",
        "levels": [{"level": i, "word": word} for i, word in enumerate(words, start=1)],
        "lines": say_lines(account, exact=is_staff),
        "outlook": say_outlook(account, own=access.learner_id == learner.pk, name=learner.first_name),
        "course": draw_course(account),
        "override_word": words[account.override.level - 1] if account.override else "",
    }
    if is_staff:
        context["sureness"] = draw_sureness(read_sureness(learner, standard, account))
    return context


@allow(*EVERYBODY)
@require_safe
def receipt(request: Request, pk: int, standard_pk: int) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user).select_related("district"), pk=pk)
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    context = receipt_context(request, learner, standard) | {"back": reverse("learner", args=[learner.pk])}
    if request.htmx:
        return render(request, "assessments/receipt_panel.html", context)
    shell = "staff.html" if request.user.access.is_staff else "learner.html"
    return render(request, "assessments/receipt.html", context | {"shell": shell})


@allow(TEACHER)
@require_POST
def set_level(request: Request, pk: int, standard_pk: int) -> HttpResponse:
    """act: set (with level and reason), lift, or withdraw. Back to where the form stood."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=pk)
    if learner.pk == request.user.access.learner_id or not _teaches(request, learner):
        raise Http404
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    act = request.POST.get("act", "set")
    try:
        if act == "lift":
            overrides.lift_level(learner=learner, standard=standard, by=request.user)
            messages.success(request, _("Lifted. Results decide again."))
        elif act == "withdraw":
            overrides.withdraw_level(learner=learner, standard=standard, by=request.user)
            messages.success(request, _("Taken back, as if it had not been set."))
        else:
            level = request.POST.get("level", "")
            overrides.set_level(
                learner=learner,
                standard=standard,
                level=int(level) if level.isdigit() else 0,
                reason=request.POST.get("reason", ""),
                by=request.user,
            )
            messages.success(request, _("Set. It stays until you lift it."))
    except overrides.ReasonMissing:
        return _again(request, learner, standard, _("Say why, in one line. It stays with the level."))
    except overrides.NothingToLift:
        return _again(request, learner, standard, _("Somebody else lifted this level first. Nothing was changed."))
    except ResultsRefused:
        return _again(request, learner, standard, _("Pick a level first."))
    return redirect(_back(request, learner, standard))


def _teaches(request: Request, learner: Learner) -> bool:
    """Staff of the learner's classes set levels; a guardian who also teaches elsewhere does not set their child's."""
    return learner.enrollments.filter(roster_id__in=request.user.access.roster_ids).exists()


def _again(request: Request, learner: Learner, standard: Standard, problem: str) -> HttpResponse:
    """The form once more, with what was typed and what to do."""
    context = receipt_context(request, learner, standard) | {
        "back": _back(request, learner, standard),
        "problem": problem,
        "typed_reason": request.POST.get("reason", ""),
        "typed_level": request.POST.get("level", ""),
        "shell": "staff.html",
    }
    template = "assessments/receipt_panel.html" if request.htmx else "assessments/receipt.html"
    return render(request, template, context, status=422)


def _back(request: Request, learner: Learner, standard: Standard) -> str:
    """The page that the form names, if it is a wall of ours; else the receipt's own page."""
    section = request.POST.get("section", "")
    if section.isdigit():
        return f"{reverse('section_wall', args=[int(section)])}?at={learner.pk}.{standard.pk}"
    return reverse("receipt", args=[learner.pk, standard.pk])
