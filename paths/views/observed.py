"""Photos and spoken notes of what a teacher has just seen at a table: work of the learner on the standard seen."""

from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lrm.file_store import StorageTrouble
from lrm.http import Request
from lrm.intake import AUDIO, IMAGE
from lrm.policy import TEACHER, allow
from paths.forms.observed import ObservedForm
from paths.forms.work import storage_words
from paths.services import artifacts
from paths.services.artifacts import Words
from paths.services.errors import UuidTaken
from paths.services.hand_in_limits import OverLimit, kinds_allowed
from paths.views.shared import served_learner

SOMEBODY_ELSE, TOO_MANY, STORAGE_FULL = 409, 429, 507
TITLE = 120


@allow(TEACHER)
@require_POST
def observed_file(request: Request, pk: int) -> JsonResponse:
    """pk: the learner. Answers {"url": of the piece}, or {"why"} with what the teacher can do."""
    learner = served_learner(request, pk)
    form = ObservedForm(
        request.POST,
        request.FILES,
        account=request.user,
        allowed={IMAGE, AUDIO} & kinds_allowed(learner.home_school_id),
        trouble=getattr(request, "upload_trouble", ""),
    )
    if not form.is_valid():
        return JsonResponse({"why": form.problem}, status=SOMEBODY_ELSE if form.has_error("who") else 422)
    standard = form.cleaned_data["standard"]
    title = _("Seen: %(standard)s") % {"standard": standard.heading}
    try:
        handed_in = artifacts.hand_in(
            learner=learner,
            uuid=form.cleaned_data["uuid"],
            words=Words(title=title[:TITLE], standard_ids=(standard.pk,)),
            file=form.taken,
            by=request.user,
            now=timezone.now(),
        )
    except UuidTaken:
        raise Http404 from None
    except OverLimit as over:
        return JsonResponse({"why": over.message}, status=TOO_MANY)
    except StorageTrouble:
        return JsonResponse({"why": str(storage_words())}, status=STORAGE_FULL)
    return JsonResponse({"url": reverse("work", args=[handed_in.artifact.pk])})
