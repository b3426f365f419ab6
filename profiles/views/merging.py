"""Children who are here twice: finding them, seeing what would go where, making them one, taking them apart."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, allow
from profiles.models import Learner, LearnerMerge, ToldApart
from profiles.services import duplicates, merging, roster_page
from profiles.services.find_learners import find_learners
from profiles.services.roster_acts import ChangedMeanwhile
from profiles.views.meanwhile import changed_meanwhile

APART_SHOWN = 100


@allow(*ADMINS)
@require_safe
def duplicates_page(request: Request) -> HttpResponse:
    """Likely pairs, any two that are looked for by name, and what was made one in the last 30 days."""
    words = request.GET.get("q", "").strip()[:100]
    pairs = [] if words else duplicates.likely_pairs(request.user)
    since = timezone.now() - merging.PART_FOR
    steps = LearnerMerge.objects.visible_to(request.user).standing().filter(at__gte=since)
    done = list(steps.select_related("kept", "merged", "by"))
    found = list(find_learners(words, account=request.user, with_left=True)[: roster_page.FOUND]) if words else []
    apart = list(ToldApart.objects.visible_to(request.user).select_related("one", "other", "by")[:APART_SHOWN])
    looked_at(request, {row.pk for pair in pairs for row in (pair.kept, pair.merged)})
    looked_at(request, {pk for row in apart for pk in (row.one_id, row.other_id)})
    looked_at(request, {row.pk for row in found} | {pk for step in done for pk in (step.kept_id, step.merged_id)})
    request.nav = "learners"
    lines = roster_page.lines_of(found, account=request.user, today=timezone.localdate())
    context = {"pairs": pairs, "shown": duplicates.SHOWN, "done": done, "apart": apart, "words": words, "found": lines}
    return render(request, "profiles/duplicates.html", context)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: Request) -> HttpResponse:
    """Both side by side with what hangs on each; then one."""
    sent = request.POST if request.method == "POST" else request.GET
    kept, merged = (_one(request, sent.get(name, "")) for name in ("kept", "merged"))
    if kept.pk == merged.pk:
        messages.error(request, _("Choose two: one to keep, and another one to merge into it."))
        words = {"q": sent.get("q", "") or kept.family_name}
        return redirect(reverse("duplicates") + "?" + urlencode(words))
    looked_at(request, [kept.pk, merged.pk])
    if request.method == "POST":
        try:
            step = merging.merge(kept=kept, merged=merged, by=request.user, uuid=UUID(sent.get("uuid", "")))
        except ValueError:
            messages.error(request, _("Part of the page got lost on the way. Reload it, then send it once more."))
        except merging.NotTwo:
            changed_meanwhile(request)
        else:
            messages.success(request, _said(step))
        return redirect("duplicates")
    request.nav = "learners"
    today = timezone.localdate()
    classes = {line.learner.pk: line.rosters for line in _lines(request, kept, merged, today)}
    context = {
        "kept": kept,
        "merged": merged,
        "kept_classes": classes[kept.pk],
        "merged_classes": classes[merged.pk],
        "lines": duplicates.lines_of(kept, merged),
        "uuid": uuid4(),
    }
    return render(request, "profiles/merge.html", context)


@allow(*ADMINS)
@require_POST
def merge_undo(request: Request, uuid: UUID) -> HttpResponse:
    """Two again."""
    step = get_object_or_404(LearnerMerge.objects.visible_to(request.user).select_related("kept"), uuid=uuid)
    looked_at(request, [step.kept_id, step.merged_id])
    try:
        merging.part(step, by=request.user)
    except ChangedMeanwhile:
        changed_meanwhile(request)
    else:
        messages.success(
            request,
            _("%(name)s are two again. What was made since stays with the one that was kept.")
            % {"name": step.kept.name},
        )
    return redirect("duplicates")


@allow(*ADMINS)
@require_POST
def tell_apart(request: Request) -> HttpResponse:
    """These two are two children: they are not suggested again."""
    one, other = (_one(request, request.POST.get(name, "")) for name in ("one", "other"))
    if one.pk == other.pk:
        raise Http404("One child is not two.")
    looked_at(request, [one.pk, other.pk])
    duplicates.tell_apart(one, other, by=request.user)
    said = _("%(one)s and %(other)s are not suggested anymore. Below, under “Two children”, this is taken back.")
    messages.success(request, said % {"one": one.name, "other": other.name})
    return redirect("duplicates")


@allow(*ADMINS)
@require_POST
def tell_apart_undo(request: Request, uuid: UUID) -> HttpResponse:
    """They may be one after all; of a second click there is nothing left to take back."""
    row = get_object_or_404(ToldApart.objects.visible_to(request.user).select_related("one"), uuid=uuid)
    looked_at(request, [row.one_id, row.other_id])
    name = row.one.name
    row.delete()
    messages.success(request, _("%(name)s may be suggested again.") % {"name": name})
    return redirect("duplicates")


def _one(request: Request, pk: str) -> Learner:
    rows = Learner.objects.administered_by(request.user).select_related("home_school", "account")
    return get_object_or_404(rows, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)


def _lines(request: Request, kept: Learner, merged: Learner, today):
    return roster_page.lines_of([kept, merged], account=request.user, today=today)


def _said(step: LearnerMerge) -> str:
    text = _("%(name)s is one child now. Everything of both is there; levels are worked out again.")
    return text % {"name": step.kept.name}
