"""The first page: each person is sent, or shown, to where they belong."""

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessments.services.learner_groups import read_own_groups
from assessments.services.policies import Policies
from lrm.grades import grade_name
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, GUARDIAN, LEARNER, SIGNED_IN, TEACHER, allow
from paths.models import Goal, Reflection
from paths.services.celebrations import latest_rise
from paths.services.learner_page import goals_with_progress, progress_of
from paths.services.mastery_rows import lately
from paths.services.next_for_you import next_for_you
from paths.services.path_pages import paths_of
from paths.services.waiting.home import read_at_home
from profiles.models import Learner

NOON, EVENING = 12, 17


@allow(SIGNED_IN)
@require_GET
def home(request: Request) -> HttpResponse:
    roles = request.user.roles
    if TEACHER in roles:
        return redirect(_first_route("today", "wall", "learners"))
    if roles.intersection(ADMINS):
        return redirect(_first_route("school", "learners"))
    if LEARNER in roles:
        return learner_home(request)
    if GUARDIAN in roles:
        return family_home(request)
    return render(request, "paths/no_place.html")


def _first_route(*names: str) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"None of {names} is a route.")


def learner_home(request: Request) -> HttpResponse:
    """Greeting, goal, groups, what is next, and good news where there is some."""
    request.nav = "home"
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    today = timezone.localdate()
    mine = Goal.objects.visible_to(request.user).filter(learner=learner, state__in=[Goal.State.LIVE, Goal.State.DRAFT])
    reflected = Exists(Reflection.objects.filter(goal=OuterRef("pk"), is_draft=False))
    goals = [progress_of(goal) for goal in goals_with_progress(mine).annotate(is_reflected=reflected)]
    live = [shown for shown in goals if shown.goal.state == Goal.State.LIVE]
    paths = paths_of(learner)
    at_home = read_at_home(learner, request.user, today=today)
    lines = next_for_you(
        goals=live,
        drafts=[shown.goal for shown in goals if shown.goal.state == Goal.State.DRAFT],
        paths=paths,
        reflected=[shown.goal.pk for shown in live if shown.goal.is_reflected],
        waiting=at_home.lines,
        has_words=at_home.has_words,
        today=today,
    )
    policies = Policies(learner.district_id)
    context = {
        "learner": learner,
        "greeting": greeting(learner.first_name, timezone.localtime().hour),
        "goals": live,
        "lines": lines,
        "week": at_home.week,
        "groups": read_own_groups(learner, on=today),
        "rise": latest_rise(learner, policies=policies, today=today),
        "lately": lately(learner, policies=policies, today=today),
    }
    return render(request, "paths/home.html", context)


def greeting(name: str, hour: int) -> str:
    """hour: 0 to 23 on the clock of the district."""
    if hour < NOON:
        return _("Good morning, %(name)s.") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s.") % {"name": name}
    return _("Good evening, %(name)s.") % {"name": name}


def family_home(request: Request) -> HttpResponse:
    """One child: the page about the child. Several: choose."""
    children = list(Learner.objects.visible_to(request.user).filter(pk__in=request.user.access.ward_ids).by_name())
    if len(children) == 1:
        return redirect("learner", pk=children[0].pk)
    request.nav = "home"
    looked_at(request, [child.pk for child in children])
    shown = [{"learner": child, "grade": grade_name(child.grade)} for child in children]
    return render(request, "paths/family.html", {"children": shown})
