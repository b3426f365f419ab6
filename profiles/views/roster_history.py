"""Who changed a class list, and taking such a step back."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Roster, RosterAct
from profiles.services import roster_acts, roster_history, step_words
from profiles.services.class_codes import NoFreeNumber
from profiles.views.meanwhile import changed_meanwhile

SHOW_TOAST_SECONDS = 60


@allow(*STAFF)
@require_safe
def roster_history_page(request: Request, pk: int) -> HttpResponse:
    """The steps by hand on this class list, the newest first."""
    roster = get_object_or_404(Roster.objects.editable_by(request.user).select_related("school", "session"), pk=pk)
    told = roster_history.history_of(roster, since=timezone.now() - roster_acts.UNDO_FOR)
    looked_at(request, {pk for one in told for pk in one.learner_ids})
    request.nav = "learners"
    context = {"roster": roster, "told": told, "shown": roster_history.SHOWN}
    return render(request, "profiles/roster_history.html", context)


@allow(*STAFF)
@require_POST
def roster_act_undo(request: Request, uuid: UUID) -> HttpResponse:
    """Put back what stood before a step, where nobody has changed any of it since."""
    act = get_object_or_404(RosterAct.objects.visible_to(request.user), uuid=uuid)
    if not roster_acts.may_undo(act, account=request.user):
        raise Http404("Not theirs to undo.")
    looked_at(request, act.changes.filter(learner__isnull=False).values_list("learner_id", flat=True))
    try:
        roster_acts.undo(act, by=request.user)
    except roster_acts.ChangedMeanwhile:
        changed_meanwhile(request)
    except NoFreeNumber:
        messages.error(request, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
    else:
        messages.success(request, _("Undone. Everything stands as it did before."))
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("learners")
    return redirect(back)


def toast_of(request: Request) -> dict | None:
    """What can be undone, where the address says that a step was just taken."""
    try:
        uuid = UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    since = timezone.now() - timedelta(seconds=SHOW_TOAST_SECONDS)
    act = RosterAct.objects.visible_to(request.user).filter(uuid=uuid, undone_at=None, at__gte=since).first()
    if act is None or act.by_id != request.user.pk or not roster_acts.may_undo(act, account=request.user):
        return None
    looked_at(request, act.changes.filter(learner__isnull=False).values_list("learner_id", flat=True))
    return {
        "text": step_words.said(act),
        "undo_url": reverse("roster_act_undo", args=[act.uuid]) + "?" + urlencode({"next": request.path}),
    }
