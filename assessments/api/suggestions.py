"""The suggested groups of a section, and accepting them."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.group_facts import learners_in, learners_on, tell_board, tell_groups
from assessments.api.serializers import AcceptedSerializer, AcceptSerializer, SuggestionSerializer
from assessments.models import Group
from assessments.services import boards
from assessments.services.boards import EditRefused, StaleBoard
from assessments.services.suggesting import is_due
from assessments.views.groups import REFUSALS
from lrm.api.errors import Conflict
from lrm.api.scopes import GROUPS_READ, GROUPS_WRITE
from lrm.api.views import ApiView, read_as
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section


@allow(TEACHER)
class SectionSuggestion(ApiView):
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=SuggestionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The groups that are suggested now, with a reason for each and for each learner."""
        section = taught_section(request, pk)
        is_updating = is_due(section)
        told = tell_board(section, boards.current_board(section), is_updating=is_updating)
        looked_at(request, learners_on(told))
        return Response(SuggestionSerializer(told).data)


@allow(TEACHER)
class SuggestionAccept(ApiView):
    scopes = {"POST": GROUPS_WRITE}

    @extend_schema(request=AcceptSerializer, responses={200: AcceptedSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make the suggested groups the section's groups, as the suggestion says who leads them, where and when.

        Accepting the same version twice equals once. A version that is not the current one is refused (409, `stale`)
        with the one that is.
        """
        section = taught_section(request, pk)
        version = read_as(AcceptSerializer, request.data)["version"]
        try:
            made = boards.accept_board(section=section, version=version, by=request.user)
        except StaleBoard as stale:
            now = stale.suggestion.version if stale.suggestion else None
            said = _("The board has changed meanwhile. Look once more, then decide.")
            raise Conflict(said, code="stale", current_version=now) from stale
        except EditRefused as refused:
            raise Conflict(REFUSALS[str(refused)](), code=str(refused)) from refused
        groups = Group.objects.filter(pk__in=[group.pk for group in made]).order_by("letter", "pk")
        found = list(groups.select_related("focus").prefetch_related("tasks"))
        told = tell_groups(found, section=section, on=timezone.localdate())
        looked_at(request, learners_in(told))
        return Response(AcceptedSerializer({"groups": told}).data)


def taught_section(request: Request, pk: int) -> Section:
    """A section that the asker teaches today. Raises Http404."""
    return get_object_or_404(Section.objects.taught_by(request.user).select_related("roster", "district"), pk=pk)
