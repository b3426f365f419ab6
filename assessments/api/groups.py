"""Groups of a section: running and ended, one of them, and closing one."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.group_facts import Facts, learners_in, tell_groups
from assessments.api.serializers import GroupQuerySerializer, GroupSerializer
from assessments.models import Group
from assessments.running_page import running_groups
from assessments.services import closings
from lrm.api.scopes import GROUPS_READ, GROUPS_WRITE
from lrm.api.views import ApiView, ListView
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section


@allow(TEACHER)
class SectionGroups(ListView):
    query = GroupQuerySerializer
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=GroupSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Groups of a section, the newest first."""
        section = get_object_or_404(Section.objects.taught_by(request.user), pk=pk)
        state = self.asked["state"]
        today = timezone.localdate()
        find = running_groups if state == "running" else closings.ended_groups

        def tell(groups: list[Group]) -> list[Facts]:
            told = tell_groups(groups, section=section, on=today)
            looked_at(request, learners_in(told))
            return told

        found = find(section, on=today).select_related("focus").prefetch_related("tasks")
        return self.answer_page(request, found, tell, GroupSerializer)


@allow(TEACHER)
class OneGroup(ApiView):
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=GroupSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One group; its closure from its last day on."""
        return answer_group(request, taught_group(request, pk))


@allow(TEACHER)
class GroupClose(ApiView):
    scopes = {"POST": GROUPS_WRITE}

    @extend_schema(request=None, responses={200: GroupSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """End a group today. One that is closed already stays as it is."""
        group = taught_group(request, pk)
        closings.close_groups(section=group.section, group_ids=[group.pk], by=request.user)
        return answer_group(request, taught_group(request, pk))


def taught_group(request: Request, pk: int) -> Group:
    """A group of a section that the asker teaches today. Raises Http404."""
    taught = Section.objects.taught_by(request.user)
    groups = Group.objects.filter(section__in=taught).select_related("focus", "section").prefetch_related("tasks")
    return get_object_or_404(groups, pk=pk)


def answer_group(request: Request, group: Group) -> Response:
    told = tell_groups([group], section=group.section, on=timezone.localdate())
    looked_at(request, learners_in(told))
    return Response(GroupSerializer(told[0]).data)
