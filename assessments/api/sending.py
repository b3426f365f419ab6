"""Making assessments, and sending results: to one assessment, or of several to a section. All or nothing."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.assessment_serializers import AssessmentSerializer, NewAssessmentSerializer
from assessments.api.assessments import seen_assessments
from assessments.api.result_serializers import (
    BatchToAssessmentSerializer,
    BatchToSectionSerializer,
    StoredSerializer,
)
from assessments.api.sending_examples import EXAMPLE_ASSESSMENT, EXAMPLE_LEVELS, EXAMPLE_SECTION
from assessments.api.sent_results import refusal_of, rows_of_assessment, rows_of_section
from assessments.models import Assessment, Evidence
from assessments.results_csv.reader import ResultsFile
from assessments.services.assessments import create_assessment
from assessments.services.errors import ResultsRefused
from assessments.services.results_file import NEW, SAME, ResultsFileRefused, import_results
from lrm.api.errors import Conflict
from lrm.api.once import sent_once
from lrm.api.parsers import BatchParser
from lrm.api.scopes import ASSESSMENTS_WRITE, RESULTS_WRITE
from lrm.api.views import ApiView, read_as
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Section
from standards.models import Standard


@allow(*STAFF)
class SectionAssessments(ApiView):
    scopes = {"POST": ASSESSMENTS_WRITE}

    @extend_schema(
        request=NewAssessmentSerializer, responses={201: AssessmentSerializer}, examples=[EXAMPLE_ASSESSMENT]
    )
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Make an assessment for a section that you teach or administer."""
        section = open_section(request, pk)
        sent = read_as(NewAssessmentSerializer, request.data)
        key = sent.get("uuid")
        if key and Assessment._base_manager.filter(uuid=key).exclude(section=section).exists():
            raise Conflict(_("This identifier is that of something else. Choose another one."), code="uuid_taken")
        made = create_assessment(
            section=section,
            standards=_standards(request, sent["standards"]),
            by=request.user,
            title=sent["title"],
            kind=sent["kind"],
            given_on=sent.get("given_on") or timezone.localdate(),
            points_possible=sent["points_possible"],
            weight=sent["weight"],
            counts_earlier=sent["counts_earlier"],
            key=key,
        )
        return Response(AssessmentSerializer(seen_assessments(request).get(pk=made.pk)).data, status=201)


@allow(*STAFF)
class AssessmentResults(ApiView):
    scopes = {"POST": RESULTS_WRITE}
    parser_classes = [BatchParser]

    @extend_schema(request=BatchToAssessmentSerializer, responses={200: StoredSerializer}, examples=[EXAMPLE_LEVELS])
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Send results of one assessment: all are stored, or none. Sent twice they are stored once."""
        found = get_object_or_404(Assessment.objects.visible_to(request.user).select_related("section"), pk=pk)
        if found.section.archived_at is not None:
            raise Http404
        sent = read_as(BatchToAssessmentSerializer, request.data)["results"]
        return _store(request, rows_of_assessment(sent, found), found.section, of=found)


@allow(*STAFF)
class SectionResults(ApiView):
    scopes = {"POST": RESULTS_WRITE}
    parser_classes = [BatchParser]

    @extend_schema(request=BatchToSectionSerializer, responses={200: StoredSerializer}, examples=[EXAMPLE_SECTION])
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Send results of several assessments of a section, as a file of results would: all are stored, or none.

        An assessment that the section does not have of that title and day is made; a standard that one does not have
        yet is added to it.
        """
        section = open_section(request, pk)
        sent = read_as(BatchToSectionSerializer, request.data)["results"]
        return _store(request, rows_of_section(sent), section)


def open_section(request: Request, pk: int) -> Section:
    """A section that the asker teaches or administers and that goes on. Raises Http404."""
    sections = Section.objects.visible_to(request.user).select_related("session", "roster")
    return get_object_or_404(sections, pk=pk, archived_at__isnull=True)


def _standards(request: Request, ids: list[int]) -> list[Standard]:
    found = Standard.objects.visible_to(request.user).in_force().in_bulk(ids)
    unknown = ErrorDetail(_("No standard in force has this id."), "no_standard")
    if missing := {place: [unknown] for place, pk in enumerate(ids) if pk not in found}:
        raise ValidationError({"standards": missing})
    return [found[pk] for pk in dict.fromkeys(ids)]


def _store(request: Request, file: ResultsFile, section: Section, of: Assessment | None = None) -> Response:
    try:
        plan = import_results(file, section=section, by=request.user, of=of, source=Evidence.Source.API)
    except ResultsFileRefused as refused:
        day = "given_on" if of is None else "observed_at"
        raise refusal_of(refused.plan.file.blocking, day=day) from refused
    except ResultsRefused as refused:
        said = _("Somebody stored a result for one of these in the same moment. Nothing was stored. Read, then send.")
        raise Conflict(said, code="taken") from refused
    looked_at(request, plan.learners)
    stored = {
        "stored": plan.count(NEW),
        "unchanged": plan.count(SAME),
        "assessments": sorted(sitting.assessment.pk for sitting in plan.sittings if sitting.assessment is not None),
    }
    return Response(StoredSerializer(stored).data)
