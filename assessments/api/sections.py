"""The sections that the asker teaches: where the ids for everything else come from."""

from collections.abc import Iterable

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.serializers import SectionSerializer
from lrm.api.scopes import GROUPS_READ
from lrm.api.views import ListView
from lrm.policy import TEACHER, allow
from profiles.models import Section


@allow(TEACHER)
class Sections(ListView):
    scopes = {"GET": GROUPS_READ}

    @extend_schema(responses=SectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Sections that you teach today."""
        taught = Section.objects.taught_by(request.user).filter(archived_at__isnull=True)
        return self.answer_page(request, taught.select_related("roster", "course"), _tell, SectionSerializer)


def _tell(sections: Iterable[Section]) -> list[dict]:
    return [
        {"id": row.pk, "title": row.title, "subject": row.course.subject, "roster": row.roster.title}
        for row in sections
    ]
