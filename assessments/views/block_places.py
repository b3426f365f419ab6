"""Who has a place in a tutoring block: whom it draws, who is taken out and put back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.block_words import draw_candidates
from assessments.services import block_page, blocks
from assessments.services.block_draw import read_draw
from assessments.slot_words import said_slots
from assessments.views.blocks import drawable, editable, here
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Block, Enrollment, Learner
from profiles.services import blocks as rosters

MOST_SECTIONS = 12
"""So many classes are looked through at once; an administrator of more chooses."""
MOST_PLACES = 60


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def block_draw(request: Request, pk: int) -> HttpResponse:
    """?section= ids of the classes to look through. learners: ids of those to draw."""
    request.nav = here(request)
    today = timezone.localdate()
    found = editable(request, pk)
    if found.ends_on < today:
        messages.error(request, _("This block is over. Give it a later last day first."))
        return redirect("block", pk=pk)
    sections = list(drawable(request, found).select_related("roster"))
    if request.method == "POST":
        return _draw(request, found, sections)
    asked = set(request.GET.getlist("section"))
    looked_through = [row for row in sections if str(row.pk) in asked] if asked else sections
    choose = len(looked_through) > MOST_SECTIONS
    adults, inside = rosters.adults_of(found, on=today), _inside(found).count()
    draw = read_draw(
        found, looked_through[:MOST_SECTIONS] if not choose else [], adults=len(adults), inside=inside, on=today
    )
    looked_at(request, [candidate.learner.pk for candidate in draw.candidates])
    context = {
        "tutoring": found,
        "when": said_slots(found.slots),
        "sections": [{"section": row, "is_chosen": row in looked_through and not choose} for row in sections],
        "choose": choose,
        "most_sections": MOST_SECTIONS,
        "inside": inside,
        "draw": draw,
        **draw_candidates(draw),
    }
    return render(request, "assessments/block_draw.html", context)


def _draw(request: Request, found: Block, sections: list) -> HttpResponse:
    today = timezone.localdate()
    ids = [int(pk) for pk in request.POST.getlist("learners") if pk.isdecimal() and len(pk) < 19]
    on_lists = Enrollment.objects.on(today).of_learners().filter(roster__in=[row.roster_id for row in sections])
    learners = list(Learner.objects.filter(pk__in=on_lists.filter(learner__in=ids).values("learner_id")))
    looked_at(request, [learner.pk for learner in learners])
    if not learners:
        messages.error(request, _("Tick at least one student."))
        return redirect("block_draw", pk=found.pk)
    if _inside(found).count() + len(learners) > MOST_PLACES:
        messages.error(request, _("A block has %(most)s students at most. Tick fewer.") % {"most": MOST_PLACES})
        return redirect("block_draw", pk=found.pk)
    n = len(blocks.draw(block=found, learners=learners, by=request.user, on=today))
    said = ngettext("%(n)s student is drawn.", "%(n)s students are drawn.", n) % {"n": n}
    messages.success(request, said + " " + _("Groups are suggested in a moment."))
    return redirect("block", pk=found.pk)


@allow(*STAFF)
@require_POST
def block_place(request: Request, pk: int) -> HttpResponse:
    """act: leave or back; learner: id of somebody whom the block's page shows to the account."""
    today = timezone.localdate()
    found = editable(request, pk)
    sections = list(drawable(request, found))
    people = block_page.read_people(found, sections=sections, may_edit=True, on=today)
    person = next((row for row in people if str(row.pk) == request.POST.get("learner", "")), None)
    if person is None:
        raise Http404("Nobody of this block.")
    looked_at(request, [person.pk])
    name = {"name": person.name}
    if request.POST.get("act") == "back":
        if found.ends_on < today:
            messages.error(request, _("This block is over. Give it a later last day first."))
        else:
            learner = Learner.objects.filter(pk=person.pk)
            blocks.draw(block=found, learners=list(learner), by=request.user, on=today)
            messages.success(request, _("%(name)s has a place again.") % name)
    elif rosters.let_go(block=found, learner_id=person.pk, by=request.user, on=today):
        messages.success(request, _("%(name)s has no place here anymore. “Put back” stands below.") % name)
    return redirect("block", pk=pk)


def _inside(block: Block):
    """Enrollments of the learners who have a place today or later."""
    rows = Enrollment.objects.of_learners().filter(roster=block.roster_id)
    return rows.filter(ends_on__gte=timezone.localdate())
