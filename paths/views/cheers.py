"""Good news of a class: what learners share under their screen names, and cheers of fixed words."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.forms.peers import CheerForm, ShareForm, TellForm
from paths.models import Cheer, SharedMoment
from paths.services import cheers as services
from paths.services.errors import NotNow, UuidTaken
from paths.services.peers import reports
from paths.services.peers.notes import classes_of
from profiles.models import Learner, ScreenName
from profiles.services.screen_names import said as said_name

SHOWN = 30


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def good_news(request: Request) -> HttpResponse:
    """POST: share something of one's own with one class."""
    request.nav = "talks"
    me = _me(request)
    own_name = ScreenName.objects.filter(learner=me).first()
    classes = list(classes_of(me).exclude(peer_class__cheers_on=False))
    by_me = Cheer.objects.filter(by=me)
    shared = SharedMoment.objects.cheered_by(request.user).select_related(
        "goal", "standard", "section", "learner__screen_name"
    )
    theirs = list(shared.prefetch_related(Prefetch("cheers", queryset=by_me, to_attr="mine"))[:SHOWN])
    own = list(
        SharedMoment.objects.of(request.user)
        .select_related("goal", "standard", "section")
        .prefetch_related("cheers__by")[:SHOWN]
    )
    news = services.news_of(me, today=timezone.localdate())
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        news=[(each.key, each.key) for each in news],
        sections=[(section.pk, section.title) for section in classes],
    )
    if request.method == "POST" and form.is_valid():
        return _share(request, me, form, news, classes)
    on = {section.pk for section in classes}
    context = {
        "form": form,
        "news": news if own_name and classes else [],
        "classes": classes,
        "picked": form["news"].value() or (news[0].key if news else ""),
        "name": said_name(own_name.animal, own_name.place) if own_name else "",
        "own": [(moment, _by_kind(moment.cheers.all()), moment.section_id in on) for moment in own],
        "theirs": [
            (moment, said_name(moment.learner.screen_name.animal, moment.learner.screen_name.place), _given(moment))
            for moment in theirs
        ],
        "kinds": Cheer.Kind.choices,
    }
    return render(request, "paths/good_news.html", context, status=422 if form.errors else 200)


def _share(request: Request, me: Learner, form: ShareForm, news, classes) -> HttpResponse:
    data = form.cleaned_data
    try:
        services.share(
            learner=me,
            section=next(section for section in classes if section.pk == data["section"]),
            news=next(each for each in news if each.key == data["news"]),
            uuid=data["uuid"],
            by=request.user,
            now=timezone.now(),
        )
    except UuidTaken:
        raise Http404 from None
    except NotNow:
        messages.info(request, _("Nothing was shared. First pick your name for the class screen."))
    else:
        messages.success(request, _("Your class can read it now. You can stop sharing at any time."))
    return redirect("good_news")


@allow(LEARNER)
@require_POST
def cheer(request: Request, pk: int) -> HttpResponse:
    """kind: of Cheer.Kind; or do=back."""
    moment = get_object_or_404(SharedMoment.objects.cheered_by(request.user), pk=pk)
    form = CheerForm(request.POST)
    if request.POST.get("do") == "back":
        services.take_cheer_back(moment=moment, learner=_me(request))
    elif form.is_valid():
        try:
            services.cheer(moment=moment, learner=_me(request), kind=form.cleaned_data["kind"], now=timezone.now())
        except NotNow:
            messages.info(request, _("This is not shared any more."))
    return redirect("good_news")


@allow(LEARNER, TEACHER, *ADMINS)
@require_POST
def news_stop(request: Request, pk: int) -> HttpResponse:
    """The learner stops sharing; or staff take it off the class's page."""
    is_own = request.user.access.learner_id is not None
    rows = SharedMoment.objects.of(request.user) if is_own else SharedMoment.objects.led_by(request.user)
    moment = get_object_or_404(rows, pk=pk)
    services.stop_sharing(moment=moment, by=request.user, now=timezone.now())
    if is_own:
        messages.info(request, _("It is not shared any more. The cheers are gone too."))
        return redirect("good_news")
    looked_at(request, [moment.learner_id])
    return redirect("section_helping", pk=moment.section_id)


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def news_tell(request: Request, pk: int) -> HttpResponse:
    """Tell a grown-up about what a classmate shares."""
    rows = SharedMoment.objects.cheered_by(request.user).select_related("goal", "standard", "learner__screen_name")
    moment = get_object_or_404(rows, pk=pk)
    request.nav = "talks"
    form = TellForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reports.tell(moment=moment, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        messages.success(request, _("A grown-up of the school will read it. It was right to tell."))
        return redirect("good_news")
    name = moment.learner.screen_name
    context = {"form": form, "moment": moment, "name": said_name(name.animal, name.place), "back": "good_news"}
    return render(request, "paths/peer_tell.html", context, status=422 if form.errors else 200)


def _by_kind(found: Iterable[Cheer]) -> list[tuple[str, list[str]]]:
    """[(words, first names)] of cheers that one has got."""
    names: dict[str, list[str]] = {}
    for each in found:
        names.setdefault(each.get_kind_display(), []).append(each.by.first_name)
    return list(names.items())


def _given(moment: SharedMoment) -> str:
    """The kind of the reader's own cheer, "" without one."""
    return next((each.kind for each in moment.mine), "")  # type: ignore[attr-defined]  # fetched for the page


def _me(request: Request) -> Learner:
    return get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
