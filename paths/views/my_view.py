"""Where a learner sees himself or herself on each standard of the class: all on one page, changed at any time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import SelfRating
from assessments.rating_words import rating_choices
from assessments.services import self_ratings
from assessments.services.policies import Policies
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import LEARNER, allow
from paths.services import learner_reading
from paths.services.mastery_rows import standards_of
from profiles.models import Learner
from profiles.services.shown_to_families import shows_own_views
from standards.models import Standard

PREFIX = "rate."
WAS = "was."
TAKEN_BACK = "none"


@allow(LEARNER)
@require_http_methods(["GET", "HEAD", "POST"])
def my_view(request: Request) -> HttpResponse:
    """rate.STANDARD: a level of the scale, or "none" to take back what was said. Words stand on each one's receipt.

    was.STANDARD: what had been said when the page was made; a row that still says it is left alone, so that an old
    page takes nothing back that was said since.
    """
    request.nav = "home"
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    if request.method == "POST":
        return _save(request, learner)
    today = timezone.localdate()
    policies = Policies(learner.district_id)
    classrooms = learner_reading.read_about(learner, request.user, on=today).classrooms
    subjects = standards_of(
        learner, roster_ids=[room.roster_id for room in classrooms], since=today, policies=policies, today=today
    )
    said = dict(SelfRating.objects.filter(learner=learner).newest().values_list("standard_id", "level"))
    choices_of = {}
    for subject in subjects:
        for row in [*subject.seen, *subject.not_assessed]:
            if row.framework_id not in choices_of:
                choices_of[row.framework_id] = rating_choices(policies.on(row.framework_id, today))
    keys: list[list[dict]] = []
    for choices in choices_of.values():
        if choices not in keys:
            keys.append(choices)
    context = {
        "learner": learner,
        "subjects": [
            {
                "title": subject.title,
                "rows": [
                    {"standard": row, "said": said.get(row.standard_id), "choices": choices_of[row.framework_id]}
                    for row in [*subject.seen, *subject.not_assessed]
                ],
            }
            for subject in subjects
        ],
        "keys": keys,
        "to_family": shows_own_views(learner, request.user.district),
    }
    return render(request, "paths/my_view.html", context)


def _save(request: Request, learner: Learner) -> HttpResponse:
    """Only what was changed; the words that stand beside a rating stay where its level stays."""
    asked = {}
    for name, value in request.POST.items():
        standard = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and value:
            pk = whole_number(standard)
            if pk is None:
                raise Http404
            asked[pk] = str(value)
    standards = {row.pk: row for row in Standard.objects.visible_to(request.user).filter(pk__in=asked)}
    if len(standards) != len(asked):
        raise Http404
    standing = {row.standard_id: row for row in SelfRating.objects.filter(learner=learner).newest()}
    views: dict[Standard, tuple[int | None, str]] = {}
    for pk, value in asked.items():
        if value == request.POST.get(f"{WAS}{pk}"):
            continue
        level = None if value == TAKEN_BACK else whole_number(value) or 0
        row = standing.get(pk)
        views[standards[pk]] = (level, row.words if row and row.level == level else "")
    try:
        stored = self_ratings.rate(learner=learner, views=views, at=timezone.now())
    except self_ratings.RatingRefused:
        messages.error(request, _("That was not saved. Pick one of the levels."))
        return redirect("my_view")
    messages.success(
        request, _("Saved. The grown-ups at your school can see it.") if stored else _("It stands as before.")
    )
    return redirect("my_view")
