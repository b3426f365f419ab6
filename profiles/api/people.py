"""Learners and enrollments, as the pages of the roster show them; each look at somebody is noted."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.scopes import ROSTERS_READ
from lrm.api.views import ApiView, ListView, OldestFirstView, filled
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.api.serializers import (
    EnrollmentQuerySerializer,
    EnrollmentSerializer,
    LearnerQuerySerializer,
    LearnerSerializer,
)
from profiles.models import Enrollment, Learner, Roster, Section


@allow(*STAFF)
class Learners(OldestFirstView):
    query = LearnerQuerySerializer
    scopes = {"GET": ROSTERS_READ}

    @extend_schema(responses=LearnerSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Learners whom you teach today, or of schools that you administer."""
        found = Learner.objects.served_by(request.user).filter(
            left_on__isnull=not self.asked["has_left"], **filled(self.asked, "grade", "key", school="home_school")
        )
        for word in self.asked.get("search", "").split()[:4]:
            begins = Q(given_name__istartswith=word) | Q(family_name__istartswith=word)
            found = found.filter(begins | Q(preferred_name__istartswith=word))
        return self.answer_page(request, _in_class(request, found, self.asked), _looked(request), LearnerSerializer)


@allow(*STAFF)
class OneLearner(ApiView):
    scopes = {"GET": ROSTERS_READ}

    @extend_schema(responses=LearnerSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One learner."""
        learner = get_object_or_404(Learner.objects.served_by(request.user), pk=pk)
        looked_at(request, [learner.pk])
        return Response(LearnerSerializer(learner).data)


@allow(*STAFF)
class Enrollments(ListView):
    query = EnrollmentQuerySerializer
    scopes = {"GET": ROSTERS_READ}

    @extend_schema(responses=EnrollmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Who is on the class lists that you teach on or administer: learners and staff, also who was and will be."""
        found = Enrollment.objects.filter(roster__in=Roster.objects.visible_to(request.user))
        found = found.filter(**filled(self.asked, "roster", "learner", "role"))
        if day := self.asked.get("on"):
            found = found.on(day)

        def tell(rows: list[Enrollment]) -> list[Enrollment]:
            looked_at(request, [row.learner_id for row in rows if row.learner_id is not None])
            return rows

        return self.answer_page(request, found.select_related("learner", "account"), tell, EnrollmentSerializer)


def _in_class(request: Request, found: QuerySet[Learner], asked: Mapping[str, Any]) -> QuerySet[Learner]:
    """Those of a class that the asker sees; of any other class it is nobody."""
    today = timezone.localdate()
    if "roster" in asked:
        on_it = Enrollment.objects.on(today).filter(roster__in=Roster.objects.visible_to(request.user))
        found = found.filter(pk__in=on_it.filter(roster=asked["roster"]).values("learner_id"))
    if "section" in asked:
        taught = Section.objects.visible_to(request.user).filter(pk=asked["section"])
        on_it = Enrollment.objects.on(today).filter(roster__in=taught.values("roster_id"))
        found = found.filter(pk__in=on_it.values("learner_id"))
    return found


def _looked(request: Request):
    def tell(learners: list[Learner]) -> list[Learner]:
        looked_at(request, [learner.pk for learner in learners])
        return learners

    return tell
