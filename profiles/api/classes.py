"""Class lists and sections: what the asker teaches, or administers."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.scopes import SECTIONS_READ
from lrm.api.views import ApiView, ListView, filled
from lrm.policy import STAFF, allow
from profiles.api.serializers import (
    RosterQuerySerializer,
    RosterSerializer,
    SectionQuerySerializer,
    SectionSerializer,
)
from profiles.models import Roster, Section


@allow(*STAFF)
class Rosters(ListView):
    query = RosterQuerySerializer
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=RosterSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Class lists that you teach on today, or of schools that you administer."""
        asked = filled(self.asked, "school", "key")
        return self.answer_page(request, _rosters(request).filter(**asked), list, RosterSerializer)


@allow(*STAFF)
class OneRoster(ApiView):
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=RosterSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One class list. Who is on it: enrollments, or learners with `?roster=`."""
        return Response(RosterSerializer(get_object_or_404(_rosters(request), pk=pk)).data)


@allow(*STAFF)
class Sections(ListView):
    query = SectionQuerySerializer
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=SectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Sections that you teach today, or of schools that you administer."""
        asked = filled(self.asked, "roster", "key", school="roster__school")
        found = _sections(request).filter(archived_at__isnull=not self.asked["is_archived"], **asked)
        return self.answer_page(request, found, list, SectionSerializer)


@allow(*STAFF)
class OneSection(ApiView):
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=SectionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One section."""
        return Response(SectionSerializer(get_object_or_404(_sections(request), pk=pk)).data)


def _rosters(request: Request) -> QuerySet[Roster]:
    return Roster.objects.visible_to(request.user).select_related("session")


def _sections(request: Request) -> QuerySet[Section]:
    return Section.objects.visible_to(request.user).select_related("roster", "course", "session")
