"""Frameworks and standards to read: public documents of the district."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.scopes import STANDARDS_READ
from lrm.api.views import ApiView, OldestFirstView, filled
from lrm.policy import STAFF, allow
from standards.api.serializers import (
    FrameworkQuerySerializer,
    FrameworkSerializer,
    StandardInFullSerializer,
    StandardQuerySerializer,
    StandardSerializer,
    TieSerializer,
)
from standards.models import Association, Standard
from standards.services import reading
from standards.services.searching import search


@allow(*STAFF)
class Frameworks(OldestFirstView):
    query = FrameworkQuerySerializer
    scopes = {"GET": STANDARDS_READ}

    @extend_schema(responses=FrameworkSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Frameworks of the district, retired ones too."""
        found = reading.frameworks(request.user)
        if since := self.asked.get("changed_since"):
            found = found.filter(Q(imported_at__gte=since) | Q(retired_at__gte=since))
        return self.answer_page(request, found, list, FrameworkSerializer)


@allow(*STAFF)
class OneFramework(ApiView):
    scopes = {"GET": STANDARDS_READ}

    @extend_schema(responses=FrameworkSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One framework."""
        return Response(FrameworkSerializer(get_object_or_404(reading.frameworks(request.user), pk=pk)).data)


@allow(*STAFF)
class Standards(OldestFirstView):
    query = StandardQuerySerializer
    scopes = {"GET": STANDARDS_READ}

    @extend_schema(responses=StandardSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Standards of the district."""
        asked = self.asked
        found = _standards(request).filter(**filled(asked, "framework", "parent", "uuid"))
        if "code" in asked:
            found = found.alias(code_lower=Lower("code")).filter(code_lower=asked["code"].lower())
        if asked["is_leaf"] is not None:
            found = found.filter(is_leaf=asked["is_leaf"])
        if since := asked.get("changed_since"):
            is_here = Q(retired_at__isnull=True, framework__imported_at__gte=since)
            found = found.filter(is_here | Q(retired_at__gte=since))
        elif asked["is_retired"] is not None:
            found = found.filter(retired_at__isnull=not asked["is_retired"])
        if "search" in asked:
            found = search(found, asked["search"])
        return self.answer_page(request, found, list, StandardSerializer)


@allow(*STAFF)
class OneStandard(ApiView):
    scopes = {"GET": STANDARDS_READ}

    @extend_schema(responses=StandardInFullSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One standard with its associations."""
        standard = get_object_or_404(_standards(request), pk=pk)
        ties = Association.objects.filter(Q(origin=standard) | Q(destination=standard), retired_at__isnull=True)
        told = StandardSerializer(standard).data
        told["associations"] = TieSerializer(ties.defer("source").order_by("kind", "pk"), many=True).data
        return Response(told)


def _standards(request: Request) -> QuerySet[Standard]:
    found = Standard.objects.visible_to(request.user).select_related("subject")
    return found.defer("source", "search", "rubric")
