"""Good news at home: a calm page to show on a phone, and the list of what a learner chose to show the family."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.services.policies import Policies
from lrm.http import Request
from lrm.policy import GUARDIAN, LEARNER, allow
from paths.forms.shown_at_home import ShowForm
from paths.models import ShownAtHome
from paths.services import shown_at_home as services
from paths.services.celebrations import rise_of
from paths.views.shared import ME, note_look, viewer_of
from profiles.models import Learner
from standards.models import Standard


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def show_rise(request: Request, standard_pk: int) -> HttpResponse:
    """The learner's own newest rise in a standard; 404 where nothing rose lately. POST lets the family read it."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    today = timezone.localdate()
    rise = rise_of(learner, standard, policies=Policies(learner.district_id), today=today)
    if rise is None:
        raise Http404
    form = ShowForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.show_at_home(learner=learner, rise=rise, words=form.cleaned_data["words"], now=timezone.now())
        messages.success(request, _("Your family can read it here now."))
        return redirect("show_rise", standard_pk=standard_pk)
    standing = ShownAtHome.objects.filter(learner=learner, standard=standard, on=rise.on).first()
    words = standing.words if standing else services.own_words(learner, rise)
    request.nav = "home"
    context = {
        "learner": learner,
        "rise": rise,
        "words": words,
        "shown": standing if standing and standing.taken_back_at is None else None,
        "form": form if form.is_bound else ShowForm(initial={"words": words}),
    }
    return render(request, "paths/show_rise.html", context, status=422 if form.is_bound else 200)


@allow(LEARNER)
@require_POST
def show_rise_take_back(request: Request, pk: int) -> HttpResponse:
    mine = ShownAtHome.objects.visible_to(request.user).filter(learner_id=request.user.access.learner_id)
    services.take_back(shown=get_object_or_404(mine, pk=pk), now=timezone.now())
    messages.info(request, _("Your family does not see it any more."))
    return redirect("shown_at_home", pk=request.user.access.learner_id)


@allow(LEARNER, GUARDIAN)
@require_GET
def shown_at_home(request: Request, pk: int) -> HttpResponse:
    """What the learner chose to show, the newest first: for the learner and the family, nobody else."""
    access = request.user.access
    if pk != access.learner_id and pk not in access.ward_ids:
        raise Http404
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=pk)
    note_look(request, pk)
    request.nav = "home"
    found = ShownAtHome.objects.visible_to(request.user).filter(learner=learner).select_related("standard")[:60]
    context = {"learner": learner, "found": found, "is_me": viewer_of(request, learner) == ME}
    return render(request, "paths/shown_at_home.html", context)
