"""Groups that are over: what became of them, closing by hand and taking it back, and those who stayed once more."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.closing_words import draw_change, say_member, say_outcomes
from assessments.models import Group
from assessments.services import closings, regrouping
from assessments.services.boards import EditRefused
from assessments.services.closings import NotTakenBack, Over, Round
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section

MOST_PAGES = 1000
REFUSALS = {
    "nobody_stayed": lambda: _("Nobody of this group is left to group again."),
    "nobody": lambda: _("Nobody is left to group today."),
    "nothing": lambda: _("The class does not work on this standard anymore, so no group can be suggested for it."),
}


@allow(TEACHER)
@require_safe
def groups_ended(request: Request, pk: int) -> HttpResponse:
    """?page: older rounds. ?closed: ids of groups that were closed just now, to be taken back."""
    request.nav = "groups"
    sections, section = taught_section(request, pk)
    if section is None:
        raise Http404("No such class.")
    page = request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page[:5]) <= MOST_PAGES:
        raise Http404("No such page.")
    rounds, has_older = closings.read_rounds(section, today=timezone.localdate(), page=int(page))
    looked_at(request, [member.learner_id for found in rounds for over in found.groups for member in over.members])
    closed = _ids(request.GET, "closed")
    context = {
        "sections": sections,
        "section": section,
        "rounds": [_draw(found) for found in rounds],
        "page": int(page),
        "older": int(page) + 1 if has_older else None,
        **_first_act(rounds[0] if rounds and page == "1" else None),
        "toast": _toast(section, closed) if closed else None,
    }
    return render(request, "assessments/groups_ended.html", context)


@allow(TEACHER)
@require_POST
def groups_close(request: Request, pk: int) -> HttpResponse:
    """group: ids. act: close, or again (a board of those who stayed)."""
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
    ids = _ids(request.POST, "group")
    if not ids or Group.objects.filter(section=section, pk__in=ids).count() < len(ids):
        raise Http404("No such group.")
    if request.POST.get("act") == "again":
        return _again(request, section, ids)
    closed = closings.close_groups(section=section, group_ids=ids, by=request.user)
    if not closed:
        messages.info(request, _("That is closed already."))
    here = reverse("groups_ended", args=[section.pk])
    return redirect(f"{here}?{urlencode({'closed': closed}, doseq=True)}" if closed else here)


@allow(TEACHER)
@require_POST
def groups_reopen(request: Request, pk: int) -> HttpResponse:
    """?group: ids of groups that were closed by hand, to go on."""
    section = get_object_or_404(Section.objects.taught_by(request.user), pk=pk)
    try:
        back = closings.reopen_groups(section=section, group_ids=_ids(request.GET, "group"))
    except NotTakenBack as refused:
        if str(refused) == "newer":
            messages.error(request, _("Newer groups are on, so these stay closed."))
        else:
            messages.info(request, _("There is nothing left to undo."))
    else:
        n = len(back)
        messages.success(request, ngettext("%(n)s group goes on.", "%(n)s groups go on.", n) % {"n": n})
    return redirect("groups_ended", pk=section.pk)


def _again(request: Request, section: Section, ids: list[int]) -> HttpResponse:
    try:
        made = regrouping.group_again(section=section, group_ids=ids, today=timezone.localdate())
    except EditRefused as refused:
        messages.error(request, REFUSALS[str(refused)]())
        return redirect("groups_ended", pk=section.pk)
    if made.on_own_path:
        said = ngettext(
            "%(names)s stays on an own path, as wished.",
            "%(names)s stay on own paths, as wished.",
            len(made.on_own_path),
        )
        messages.info(request, said % {"names": ", ".join(made.on_own_path)})
    return redirect("section_groups", pk=section.pk)


def _ids(values: QueryDict, name: str) -> list[int]:
    """Distinct ids; what is no id is left out."""
    return sorted({int(text) for text in values.getlist(name) if text.isdecimal() and len(text) < 19})


def _toast(section: Section, ids: list[int]) -> dict | None:
    by_hand = Group.objects.filter(section=section, pk__in=ids, closed_at__isnull=False, closed_by__isnull=False)
    letters = list(by_hand.order_by("letter").values_list("letter", flat=True))
    if not letters:
        return None
    said = ngettext("Group %(letters)s is closed.", "Groups %(letters)s are closed.", len(letters))
    undo = reverse("groups_reopen", args=[section.pk]) + "?" + urlencode({"group": ids}, doseq=True)
    return {"text": said % {"letters": ", ".join(letters)}, "undo_url": undo}


def _first_act(newest: Round | None) -> dict:
    """What the newest round asks for: to be closed, else, where somebody stayed, those once more."""
    if newest is None:
        return {}
    return {
        "to_close": newest.to_close,
        "again": [over.group for over in newest.again],
        "again_n": sum(len(over.again) for over in newest.again),
    }


def _draw(found: Round) -> dict:
    return {
        "round": found,
        "change": draw_change(found.closing) if len(found.groups) > 1 else None,
        "groups": [_draw_group(over) for over in found.groups],
    }


def _draw_group(over: Over) -> dict:
    members = sorted(over.members, key=closings.outcome_order)
    return {
        "group": over.group,
        "ended_on": closings.ended_on(over.group),
        "said": say_outcomes(over.closing),
        "change": draw_change(over.closing),
        "members": [{"member": member, "said": say_member(member)} for member in members],
        "again": len(over.again),
        "waits": over.closing.tried_again < len(over.members),
    }
