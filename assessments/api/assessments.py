"""Assessments of the asker's sections, and their results as they stand in the ledger."""

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.assessment_serializers import (
    CLEARED,
    SHOWN,
    AssessmentQuerySerializer,
    AssessmentSerializer,
    ResultQuerySerializer,
    ResultSerializer,
)
from assessments.models import Assessment, Evidence
from lrm.api.scopes import ASSESSMENTS_READ, RESULTS_READ
from lrm.api.views import ApiView, ListView, OldestFirstView, filled
from lrm.looked import looked_at
from lrm.policy import STAFF, allow


@allow(*STAFF)
class Assessments(ListView):
    query = AssessmentQuerySerializer
    scopes = {"GET": ASSESSMENTS_READ}

    @extend_schema(responses=AssessmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Assessments of sections that you teach or administer, the newest first."""
        asked = filled(
            self.asked,
            *("section", "kind"),
            standard="columns__standard",
            given_since="given_on__gte",
            given_until="given_on__lte",
        )
        found = seen_assessments(request).filter(archived_at__isnull=not self.asked["is_archived"], **asked)
        return self.answer_page(request, found, list, AssessmentSerializer)


@allow(*STAFF)
class OneAssessment(ApiView):
    scopes = {"GET": ASSESSMENTS_READ}

    @extend_schema(responses=AssessmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One assessment."""
        return Response(AssessmentSerializer(get_object_or_404(seen_assessments(request), pk=pk)).data)


@allow(*STAFF)
class Results(OldestFirstView):
    query = ResultQuerySerializer
    scopes = {"GET": RESULTS_READ}

    @extend_schema(responses=ResultSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Results as they stand, of sections that you teach or administer, in the order in which they were recorded."""
        replaced = Evidence.objects.filter(school_year=OuterRef("school_year"), supersedes_id=OuterRef("pk"))
        since = self.asked.get("recorded_since")
        found = Evidence.objects.filter(
            ~Exists(replaced),
            assessment__in=Assessment.objects.visible_to(request.user),
            kind__in=SHOWN if since is None else [*SHOWN, CLEARED],
            **filled(
                self.asked,
                *("assessment", "learner", "standard"),
                section="assessment__section",
                recorded_since="recorded_at__gte",
            ),
        )

        def tell(rows: list[Evidence]) -> list[Evidence]:
            looked_at(request, [row.learner_id for row in rows])
            return rows

        return self.answer_page(request, found, tell, ResultSerializer)


def seen_assessments(request: Request) -> QuerySet[Assessment]:
    return Assessment.objects.visible_to(request.user).prefetch_related("columns")
