"""Groups of a section: running and ended, one of them, and closing one."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.group_facts import Facts, learners_in, tell_groups, told_to_system
from assessments.api.serializers import GroupQuerySerializer, GroupSerializer
from assessments.models import Group
from assessments.running_page import running_groups
from assessments.services import closings
from lrm.api.scopes import GROUPS_READ, GROUPS_WRITE, MASTERY_READ, ROSTERS_READ, opened_by
from lrm.api.views import ApiView, ListView
from lrm.looked import looked_at
from lrm.policy import SYSTEM, TEACHER, allow
from profiles.models import Section


@allow(TEACHER, SYSTEM)
class SectionGroups(ListView):
    query = GroupQuerySerializer
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=GroupSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Groups of a section that you teach, the newest first. A system reads those of the schools that it reaches."""
        section = get_object_or_404(Section.objects.grouped_for(request.user), pk=pk)
        find = running_groups if self.asked["state"] == "running" else closings.ended_groups
        found = find(section, on=timezone.localdate()).select_related("focus").prefetch_related("tasks")
        return self.answer_page(request, found, lambda groups: _told(request, groups, section), GroupSerializer)


@allow(TEACHER, SYSTEM)
class OneGroup(ApiView):
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=GroupSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One group; its closure from its last day on."""
        return answer_group(request, find_group(Section.objects.grouped_for(request.user), pk))


@allow(TEACHER)
class GroupClose(ApiView):
    scopes = {"POST": GROUPS_WRITE}

    @extend_schema(request=None, responses={200: GroupSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """End a group today. One that is closed already stays as it is."""
        taught = Section.objects.taught_by(request.user)
        group = find_group(taught, pk)
        closings.close_groups(section=group.section, group_ids=[group.pk], by=request.user)
        return answer_group(request, find_group(taught, pk))


def find_group(sections: QuerySet[Section], pk: int) -> Group:
    """A group of one of these sections. Raises Http404."""
    groups = Group.objects.filter(section__in=sections).select_related("focus", "section").prefetch_related("tasks")
    return get_object_or_404(groups, pk=pk)


def answer_group(request: Request, group: Group) -> Response:
    return Response(GroupSerializer(_told(request, [group], group.section)[0]).data)


def _told(request: Request, groups: list[Group], section: Section) -> list[Facts]:
    told = tell_groups(groups, section=section, on=timezone.localdate())
    looked_at(request, learners_in(told))
    if request.user.access.is_system:
        opened = opened_by(request.auth.scopes if request.auth else [])
        told_to_system(told, names=ROSTERS_READ in opened, levels=MASTERY_READ in opened)
    return told
