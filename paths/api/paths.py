"""Paths with the state of each step, and ticking a step."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.errors import Conflict
from lrm.api.once import sent_once
from lrm.api.scopes import PATHS_READ, PATHS_WRITE
from lrm.api.views import ApiView, ListView, filled, read_as
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.api.serializers import DoneSerializer, PathQuerySerializer, PathSerializer
from paths.models import Path, Step
from paths.services import plans
from paths.services.errors import BoardIsFull, StepWaits
from paths.services.path_pages import PathOnPage, with_states
from paths.views.my_path import refusal_words
from paths.views.shared import note_look


@allow(*EVERYBODY)
class Paths(ListView):
    query = PathQuerySerializer
    scopes = {"GET": PATHS_READ}

    @extend_schema(responses=PathSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Paths of learners whom you may see, the newest first."""
        asked = filled(self.asked, "learner", "section")
        found = _paths(request).filter(archived_at__isnull=not self.asked["is_archived"], **asked)

        def tell(paths: list[Path]) -> list[dict[str, Any]]:
            return [_told(request, path) for path in paths]

        return self.answer_page(request, found, tell, PathSerializer)


@allow(*EVERYBODY)
class OnePath(ApiView):
    scopes = {"GET": PATHS_READ}

    @extend_schema(responses=PathSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One path."""
        return Response(PathSerializer(_told(request, get_object_or_404(_paths(request), pk=pk))).data)


@allow(LEARNER, TEACHER)
class StepDone(ApiView):
    scopes = {"POST": PATHS_WRITE}

    @extend_schema(request=DoneSerializer, responses={200: PathSerializer})
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Tick a step, or take the tick back; answers the whole path. The first tick's time stays.

        A step of a choice board is chosen by ticking it. A learner's step that waits for others is refused (409,
        `waits`), and one of a board on which everything is chosen (409, `board_is_full`).
        """
        step = get_object_or_404(Step.objects.tickable_by(request.user), pk=pk)
        is_done = read_as(DoneSerializer, request.data)["is_done"]
        try:
            plans.tick_step(step=step, done=is_done, by=request.user, now=timezone.now())
        except StepWaits as refused:
            raise Conflict(refusal_words(refused), code="waits") from refused
        except BoardIsFull as refused:
            raise Conflict(refusal_words(refused), code="board_is_full") from refused
        return Response(PathSerializer(_told(request, _paths(request).get(pk=step.path_id))).data)


def _paths(request: Request) -> QuerySet[Path]:
    steps = Prefetch("steps", Step.objects.order_by("position"))
    return Path.objects.visible_to(request.user).prefetch_related(steps)


def _told(request: Request, path: Path) -> dict[str, Any]:
    note_look(request, path.learner_id)
    [shown] = with_states([PathOnPage(path, list(path.steps.all()))])
    names = ("id", "uuid", "learner_id", "section_id", "goal_id", "title", "starts_on", "created_at", "archived_at")
    facts = {name: getattr(path, name) for name in (*names, "version")}
    counts = {"done": shown.done, "total": shown.total}
    return facts | counts | {"parts": path.outline, "steps": shown.steps}
