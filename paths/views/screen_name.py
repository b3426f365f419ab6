"""A learner's own choice: may good news about me stand on the class screen, and under which words?"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import LEARNER, allow
from profiles.models import Learner, ScreenName
from profiles.services import screen_names


@allow(LEARNER)
@require_http_methods(["GET", "HEAD", "POST"])
def screen_name(request: Request) -> HttpResponse:
    """act: choose (with animal and place) or take_back."""
    request.nav = "home"
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    problem = ""
    if request.method == "POST":
        if request.POST.get("act") == "take_back":
            screen_names.take_back(learner=learner)
            messages.success(request, _("Done. Nothing about you stands on the class screen."))
            return redirect("screen_name")
        animal, place = request.POST.get("animal", ""), request.POST.get("place", "")
        try:
            screen_names.choose(learner=learner, animal=animal, place=place)
        except (screen_names.NotOffered, screen_names.TakenByClassmate) as refused:
            problem = _(str(refused))
        else:
            messages.success(
                request, _("On the class screen you are %(name)s.") % {"name": screen_names.said(animal, place)}
            )
            return redirect("screen_name")
    row = ScreenName.objects.filter(learner=learner).first()
    chosen = (row.animal, row.place) if row else ("", "")
    context = {
        "said": screen_names.said(*chosen) if row else "",
        "animals": screen_names.ANIMALS.items(),
        "places": screen_names.PLACES.items(),
        "animal": request.POST.get("animal", chosen[0]),
        "place": request.POST.get("place", chosen[1]),
        "problem": problem,
    }
    return render(request, "paths/screen_name.html", context, status=422 if problem else 200)
