"""Skipping what is shown already: the learner answers, a teacher may offer it to the class."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.views.sections import pick_section, sections_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.models import Step
from paths.services import placement
from paths.services.path_pages import paths_of
from profiles.models import Learner

OFFERED = "placement_offered"  # in the session: steps offered last, for Undo


@allow(LEARNER)
@require_POST
def step_placement(request: Request, pk: int) -> HttpResponse:
    """The learner's own answer: do=skip, do=keep, or do=undo."""
    own = Step.objects.visible_to(request.user).filter(path__learner_id=request.user.access.learner_id)
    step = get_object_or_404(own.select_related("path__learner", "standard"), pk=pk)
    do = request.POST.get("do")
    if do == "undo":
        placement.undo_placement(step=step)
    elif do in {"skip", "keep"}:
        learner = step.path.learner
        offered = placement.offered_to_skip(learner, paths_of(learner), today=timezone.localdate())
        if step.pk not in offered and step.placement != Step.Placement.KEPT:
            messages.info(request, _("This step is not offered to skip anymore."))
        elif do == "keep":
            placement.keep_step(step=step)
        else:
            placement.skip_step(step=step, by=request.user, now=timezone.now())
    return redirect(reverse("my_path") + f"#step-{step.pk}")


@allow(TEACHER, *ADMINS)
@require_http_methods(["GET", "POST"])
def section_placement(request: Request, pk: int) -> HttpResponse:
    """POST: do=offer or do=withdraw with step=, several."""
    request.nav = "learners"
    sections = sections_of(request, pk)
    section = pick_section(request, pk, sections)
    if section is None:
        return render(request, "assessments/no_section.html")
    today = timezone.localdate()
    learners = list(Learner.objects.served_by(request.user).enrolled_in(section.roster_id, on=today).by_name())
    rows = placement.placement_of_class(section, learners, district_id=section.district_id, today=today)
    looked_at(request, [row.learner.pk for row in rows])
    if request.method == "POST":
        _act(request, {str(step.pk): step.pk for row in rows for step, _pre in row.steps})
        return redirect("section_placement", pk=section.pk)
    context = {
        "section": section,
        "sections": sections,
        "rows": rows,
        "undo": request.session.pop(OFFERED, None),
        "n_open": sum(not (pre or step.offered_at or step.placement) for row in rows for step, pre in row.steps),
    }
    return render(request, "paths/placement.html", context)


def _act(request: Request, steps: dict[str, int]) -> None:
    chosen = [steps[pk] for pk in request.POST.getlist("step") if pk in steps]
    if request.POST.get("do") == "withdraw":
        count = placement.withdraw_offers(step_ids=chosen)
        said = ngettext("%(count)s offer is taken back.", "%(count)s offers are taken back.", count)
        messages.info(request, said % {"count": count})
        return
    count = placement.offer_steps(step_ids=chosen, by=request.user, now=timezone.now())
    if not count:
        messages.info(request, _("Nothing new to offer. Choose steps that are not offered yet."))
        return
    said = ngettext("%(count)s step is offered to skip.", "%(count)s steps are offered to skip.", count)
    request.session[OFFERED] = {"steps": chosen, "text": said % {"count": count}}
