"""How a level came about: the same account for teacher, learner and family; "How sure?" for staff only."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from assessments.rating_words import rating_choices
from assessments.receipt_words import draw_course, draw_sureness, say_lines, say_outlook
from assessments.services import overrides
from assessments.services.errors import ResultsRefused
from assessments.services.past import end_of
from assessments.services.receipts import LevelAccount, read_account, read_sureness
from assessments.services.self_ratings import history_of
from assessments.services.standing import Standing
from lrm.as_of import read_as_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import EVERYBODY, TEACHER, allow
from profiles.models import Learner, Objection, Section
from profiles.services.shown_to_families import reads_own_views, shows_own_views
from standards.models import Standard

OWN, SAID, NOTHING = "own", "said", "nothing"


def panel_context(request: Request, at: str, *, section_id: int, sort: str, past: date | None) -> dict:
    """Context of the panel for "learner.standard" on a wall; {} where that names nothing the account may see."""
    learner_id, standard_id = (whole_number(part) for part in at.partition(".")[::2])
    if learner_id is None or standard_id is None:
        return {}
    learner = Learner.objects.visible_to(request.user).select_related("district").filter(pk=learner_id).first()
    standard = Standard.objects.visible_to(request.user).filter(pk=standard_id).first()
    if learner is None or standard is None:
        return {}
    return receipt_context(request, learner, standard, past=past) | _on_wall(section_id, sort, past)


def _on_wall(section_id: int, sort: str, past: date | None = None) -> dict:
    """wall_section: the section whose wall the panel stands beside; back: where closing it leads without script."""
    query = urlencode({"sort": sort} | ({"as_of": past.isoformat()} if past else {}))
    return {"wall_section": section_id, "sort": sort, "back": f"{reverse('section_wall', args=[section_id])}?{query}"}


def _place(request: Request, learner: Learner) -> dict:
    """As _on_wall where the request names a section that the account may see; else the learner's own page."""
    asked = request.POST if request.method == "POST" else request.GET
    section = whole_number(asked.get("section", ""))
    if section is not None and Section.objects.visible_to(request.user).filter(pk=section).exists():
        return _on_wall(section, asked.get("sort", "most")[:20], read_as_of(request).day)
    tail = read_as_of(request).query
    return {"back": reverse("learner", args=[learner.pk]) + (f"?{tail}" if tail else "")}


def receipt_context(request: Request, learner: Learner, standard: Standard, *, past: date | None = None) -> dict:
    """What templates/assessments/receipt_panel.html shows; the part for staff is not in it for anybody else.

    past: a closed day, of which nothing can be changed and of which "How sure?" says nothing.
    """
    account = read_account(learner, standard, past=past)
    access = request.user.access
    is_staff = serves(request, learner)
    words = account.policy.words
    looked_at(request, [learner.pk])
    context = {
        "learner": learner,
        "standard": standard,
        "receipt": account,
        "is_own": access.learner_id == learner.pk,
        "for_staff": is_staff,
        "past_day": past,
        "may_set": past is None and is_staff and _teaches(request, learner),
        "level_word": account.policy.word(account.shown_level),
        "levels": [{"level": i, "word": word} for i, word in enumerate(words, start=1)],
        "lines": say_lines(account, exact=is_staff, own=access.learner_id == learner.pk),
        "outlook": say_outlook(account, own=access.learner_id == learner.pk, name=learner.first_name),
        "course": draw_course(account),
        "override_word": account.policy.word(account.override.level) if account.override else "",
        "who_says": _who_says(account, learner, standard, past, reader=_reads(request, learner, is_staff)),
        "may_rate": past is None and access.learner_id == learner.pk,
        "rating_choices": rating_choices(account.policy),
    }
    rating = context["who_says"]["rating"]
    context |= {"rated_level": rating.level if rating else None, "typed_words": rating.words if rating else ""}
    if is_staff and past is None:
        context["has_objected"] = Objection.objects.standing().filter(learner=learner).exists()
        if not context["has_objected"]:
            context["sureness"] = draw_sureness(read_sureness(learner, standard, account))
    return context


def _reads(request: Request, learner: Learner, is_staff: bool) -> str:
    """What the reader reads of how the learner sees themselves: OWN, all as the learner; SAID; NOTHING."""
    if request.user.access.learner_id == learner.pk:
        return OWN
    return SAID if is_staff or reads_own_views(learner, request.user) else NOTHING


def _who_says(account: LevelAccount, learner: Learner, standard: Standard, past: date | None, *, reader: str) -> dict:
    """Levels as results, learner and teacher say them, and what the learner said before. reader: see _reads.

    shows_words: who has taken a rating back by now does not want to say, so that the words of before stay their own.
    """
    is_own = reader == OWN
    said = history_of(learner, standard) if reader != NOTHING else []
    shows_words = is_own or not said or said[0].level is not None
    if past:
        said = [row for row in said if row.rated_at < end_of(past)]
    return {
        "results": account.receipt.computed_level if account.receipt else None,
        "teacher": account.override.level if account.override else None,
        "rating": said[0] if said else None,
        "earlier": said[1:],
        "is_shown": reader != NOTHING,
        "to_family": shows_own_views(learner, learner.district),
        "shows_words": shows_words,
    }


@allow(*EVERYBODY)
@require_safe
def receipt(request: Request, pk: int, standard_pk: int) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user).select_related("district"), pk=pk)
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    past = read_as_of(request)
    context = receipt_context(request, learner, standard, past=past.day) | _place(request, learner) | {"past": past}
    if request.htmx:
        return render(request, "assessments/receipt_panel.html", context)
    shell = "staff.html" if request.user.access.is_staff else "learner.html"
    return render(request, "assessments/receipt.html", context | {"shell": shell})


@allow(TEACHER)
@require_POST
def set_level(request: Request, pk: int, standard_pk: int) -> HttpResponse:
    """act: set (with level and reason), lift, or withdraw. Back to where the form stood: a wall, or the receipt."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not (serves(request, learner) and _teaches(request, learner)):
        raise Http404
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    act = request.POST.get("act", "set")
    seen = _seen(request)
    try:
        if act == "lift":
            overrides.lift_level(learner=learner, standard=standard, by=request.user, seen=seen)
            said = _("Lifted. Results decide again.")
        elif act == "withdraw":
            overrides.withdraw_level(learner=learner, standard=standard, by=request.user, seen=seen)
            said = _("Taken back, as if it had not been set.")
        else:
            level = request.POST.get("level", "")
            overrides.set_level(
                learner=learner,
                standard=standard,
                level=whole_number(level) or 0,
                reason=request.POST.get("reason", "").replace("\0", ""),
                by=request.user,
                seen=seen,
            )
            said = _("Set. It stays until you lift it.")
    except overrides.ReasonMissing:
        return _again(request, learner, standard, _("Say why, in at most 500 characters. It stays with the level."))
    except overrides.TakenFirst as refused:
        return _again(request, learner, standard, "", taken=refused.taken[0].standing)
    except overrides.NothingToLift:
        return _again(request, learner, standard, _("Somebody else lifted this level first. Nothing was changed."))
    except ResultsRefused:
        return _again(request, learner, standard, _("Pick a level first."))
    place = _place(request, learner)
    if request.htmx:
        context = receipt_context(request, learner, standard) | place
        response = render(request, "assessments/receipt_panel.html", context)
        # After the swap: by then the form may have given way to a fresh receipt, and the event still reaches the page.
        return trigger_client_event(response, "lrm:saved", {"said": said}, after="swap")
    messages.success(request, said)
    if "wall_section" in place:
        return redirect(f"{place['back']}&at={learner.pk}.{standard.pk}")
    return redirect("receipt", pk=learner.pk, standard_pk=standard.pk)


def _seen(request: Request) -> int | None:
    """The record in force when the form was made, 0 for none; None where the form does not say."""
    return whole_number(request.POST.get("seen", ""))


def serves(request: Request, learner: Learner) -> bool:
    """Staff of this learner: not the learner, and not a guardian for being staff elsewhere."""
    access = request.user.access
    if not access.is_staff or access.learner_id == learner.pk:
        return False
    return Learner.objects.served_by(request.user).filter(pk=learner.pk).exists()


def _teaches(request: Request, learner: Learner) -> bool:
    """Staff of the learner's classes set levels; administrators only read them."""
    rosters = request.user.access.roster_ids
    return bool(rosters) and learner.enrollments.on(timezone.localdate()).filter(roster_id__in=rosters).exists()


def answer_again(request: Request, learner: Learner, standard: Standard, problem: str) -> HttpResponse:
    """The receipt once more for the learner, whose answer was not stored: what was wrong, and what was typed."""
    context = receipt_context(request, learner, standard) | {
        **_place(request, learner),
        "rating_problem": problem,
        "typed_words": request.POST.get("words", "").replace("\0", ""),
        "rated_level": whole_number(request.POST.get("level", "")),
        "shell": "learner.html",
    }
    return render(request, "assessments/receipt.html", context, status=422)


def _again(
    request: Request, learner: Learner, standard: Standard, problem: str, *, taken: Standing | None = None
) -> HttpResponse:
    """The form once more, with what was typed and what to do. taken: what somebody else set or lifted first."""
    context = receipt_context(request, learner, standard) | {
        **_place(request, learner),
        "problem": problem,
        "typed_reason": request.POST.get("reason", ""),
        "typed_level": request.POST.get("level", ""),
        "typed_act": request.POST.get("act", "set"),
        "taken": taken,
        "shell": "staff.html",
    }
    template = "assessments/receipt_panel.html" if request.htmx else "assessments/receipt.html"
    return render(request, template, context, status=422)
