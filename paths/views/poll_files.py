"""Drawings, sound and video that answer a poll: under the rights of the answer and the seal of handed in work."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.models import PollFile, PollHand
from paths.views.work_files import send_file, send_preview

WHO = (LEARNER, TEACHER, *ADMINS)


@allow(*WHO)
@require_GET
def poll_file(request: Request, uuid: UUID) -> HttpResponse | StreamingHttpResponse:
    """uuid: of the answer. The file, to be saved, under a name that is the same for everybody."""
    found = _seen(request, uuid)
    return send_file(request, found.stored, found.media_type, found.name)


@allow(*WHO)
@require_GET
def poll_preview(request: Request, uuid: UUID) -> HttpResponse | StreamingHttpResponse:
    """The small picture of a drawing."""
    found = _seen(request, uuid)
    if not found.has_preview:
        raise Http404
    return send_preview(found.stored)


def _seen(request: Request, uuid: UUID) -> PollFile:
    """A look at an answer with a name is noted; of one without a name nobody can say at whom."""
    rows = PollFile.objects.visible_to(request.user).select_related("answer__poll")
    found = get_object_or_404(rows, answer__uuid=uuid)
    if request.user.access.learner_id is None and not found.answer.poll.is_anonymous:
        looked_at(request, PollHand.objects.filter(answer=found.answer_id).values_list("learner", flat=True))
    return found
