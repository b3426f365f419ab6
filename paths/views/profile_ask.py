"""One question a screen, with a picture and beginnings of sentences: the profile for the youngest, and who likes it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import LEARNER, allow
from paths.forms.entries import EntryForm
from paths.profile_words import ASKED, Kind
from profiles.models import Learner, ProfileEntry
from profiles.services import entries
from profiles.services.shown_to_families import shows_own_words

ORDER = list(Kind)


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def profile_ask(request: Request, kind: str) -> HttpResponse:
    """GET: the question. POST: keeps the answer, or with no words skips, and asks the next; the profile at the end."""
    if kind not in Kind.values:
        raise Http404
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    asked = Kind(kind)
    form = EntryForm(initial={"kind": kind})
    if request.method == "POST":
        text = request.POST.get("text", "")
        form = EntryForm({"kind": kind, "text": text})
        if not text.strip():
            return _next(learner, asked)
        if form.is_valid():
            entries.add_entry(learner=learner, **form.cleaned_data, by=request.user, now=timezone.now())
            return _next(learner, asked)
    icon, question, lines = ASKED[asked]
    request.nav = "home"
    context = {
        "kind": kind,
        "heading": asked.label,
        "icon": icon,
        "question": question,
        "starters": lines,
        "form": form,
        "to_family": shows_own_words(learner, request.user.district),
        "number": ORDER.index(asked) + 1,
        "of": len(ORDER),
        "said": ProfileEntry.objects.current().filter(learner=learner, kind=kind),
    }
    return render(request, "paths/profile_ask.html", context, status=422 if form.errors else 200)


def _next(learner: Learner, asked: Kind) -> HttpResponse:
    place = ORDER.index(asked) + 1
    if place == len(ORDER):
        return redirect("profile", pk=learner.pk)
    return redirect("profile_ask", kind=ORDER[place].value)
