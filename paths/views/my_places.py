"""Places for learners: choose one, leave it, and say where a step was worked on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lrm.http import Request
from lrm.policy import LEARNER, allow
from paths.models import Opening, Place, Step
from paths.services import places, where
from profiles.models import Learner


@allow(LEARNER)
@require_GET
def my_places(request: Request) -> HttpResponse:
    request.nav = "my_path"
    learner = _me(request)
    choices = where.choices_of(learner, Opening.objects.open_to(learner.pk), now=timezone.now())
    return render(request, "paths/my_places.html", {"choices": choices})


@allow(LEARNER)
@require_POST
def seat(request: Request, pk: int) -> HttpResponse:
    """do=take or do=leave."""
    learner = _me(request)
    opening = get_object_or_404(Opening.objects.open_to(learner.pk), pk=pk)
    if request.POST.get("do") == "leave":
        places.leave_seat(opening=opening, learner=learner)
        return redirect("my_places")
    try:
        places.take_seat(opening=opening, learner=learner, now=timezone.now())
    except places.NoSeatLeft:
        messages.info(request, _("The last seat was just taken. Choose another place."))
    except places.ElsewhereThen as elsewhere:
        name = elsewhere.other.place.name if elsewhere.other else _("another place")
        messages.info(request, _("You chose %(place)s for that time. Leave it first.") % {"place": name})
    return redirect("my_places")


@allow(LEARNER)
@require_POST
def step_worked(request: Request, pk: int) -> HttpResponse:
    """place= the id of a place of the school; or undo= the id of what was said today."""
    own = Step.objects.visible_to(request.user).filter(path__learner_id=request.user.access.learner_id)
    step = get_object_or_404(own.select_related("path"), pk=pk)
    undo, named = request.POST.get("undo", ""), request.POST.get("place", "")
    if undo.isdecimal() and len(undo) <= 18:
        places.take_worked_back(step=step, pk=int(undo), today=timezone.localdate())
    else:
        here = Place.objects.visible_to(request.user)
        place = get_object_or_404(here, pk=int(named) if named.isdecimal() and len(named) <= 18 else 0)
        places.record_worked(step=step, place=place, place_name=place.name, now=timezone.now())
    return redirect(reverse("my_path") + f"#step-{step.pk}")


def _me(request: Request) -> Learner:
    return get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
