"""Schools of the asker: those that are administered, and those of classes that are taught."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.scopes import SECTIONS_READ
from lrm.api.views import ApiView, OldestFirstView, filled
from lrm.policy import STAFF, allow
from profiles.api.serializers import SchoolQuerySerializer, SchoolSerializer
from profiles.models import School


@allow(*STAFF)
class Schools(OldestFirstView):
    query = SchoolQuerySerializer
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=SchoolSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Schools that you administer or teach at."""
        asked = filled(self.asked, "key")
        found = School.objects.visible_to(request.user).filter(**asked)
        return self.answer_page(request, found, list, SchoolSerializer)


@allow(*STAFF)
class OneSchool(ApiView):
    scopes = {"GET": SECTIONS_READ}

    @extend_schema(responses=SchoolSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One school."""
        return Response(SchoolSerializer(get_object_or_404(School.objects.visible_to(request.user), pk=pk)).data)
