"""What the pages about one learner share: whose page it is, and who looks."""

from django.shortcuts import get_object_or_404

from lrm.http import Request
from lrm.looked import looked_at
from paths.models import Goal
from profiles.models import Learner

ME, FAMILY, STAFF = "me", "family", "staff"
SHELLS = {ME: "learner.html", FAMILY: "learner.html", STAFF: "staff.html"}


def viewer_of(request: Request, learner: Learner, roster_ids=()) -> str:
    """How this account meets the learner: as itself, as the family, or as staff.

    A parent who also works at the school reads the family's page, except of a learner whom they teach (roster_ids).
    """
    access = request.user.access
    if access.learner_id == learner.pk:
        return ME
    teaches = access.roster_ids.intersection(roster_ids)
    return FAMILY if learner.pk in access.ward_ids and not teaches else STAFF


def seen_learner(request: Request, pk: int) -> Learner:
    """A learner whom the account may see, or 404. Looking at somebody else is noted."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=pk)
    note_look(request, learner.pk)
    return learner


def served_learner(request: Request, pk: int) -> Learner:
    """A learner whom the account teaches or administers, or 404."""
    learner = get_object_or_404(Learner.objects.served_by(request.user), pk=pk)
    note_look(request, learner.pk)
    return learner


def own_goal(request: Request, pk: int) -> Goal:
    """A goal of the learner who is signed in, or 404."""
    return get_object_or_404(Goal.objects.visible_to(request.user), pk=pk, learner_id=request.user.access.learner_id)


def served_goal(request: Request, pk: int) -> Goal:
    """A goal that the account may review, or 404: of a learner whom it teaches or administers."""
    goal = get_object_or_404(Goal.objects.served_by(request.user).select_related("learner"), pk=pk)
    note_look(request, goal.learner_id)
    return goal


def note_look(request: Request, learner_id: int) -> None:
    """A learner's look at the own page is nobody's look."""
    if request.user.access.learner_id != learner_id:
        looked_at(request, [learner_id])
