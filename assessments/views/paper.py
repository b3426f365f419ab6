"""An assessment on paper: a ticket for each learner, or one sheet for the teacher, in the order of the grid."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from lrm.qr import qr_drawing
from profiles.class_order import class_order
from profiles.models import Learner, Section

FORMS = ("tickets", "list")


@allow(TEACHER)
@require_safe
def assessment_paper(request: Request, pk: int) -> HttpResponse:
    """?as: tickets (the usual) or list. Each line has its number of the grid and a code that opens its cell there."""
    request.nav = "enter"
    mine = Assessment.objects.filter(section__in=Section.objects.taught_by(request.user))
    assessment = get_object_or_404(mine.select_related("section__roster"), pk=pk)
    today = timezone.localdate()
    columns = list(assessment.columns.select_related("standard"))
    on_list = assessment.section.roster.enrollments.of_learners().on(today)
    learners = sorted(Learner.objects.filter(pk__in=on_list.values("learner")), key=class_order)
    looked_at(request, [learner.pk for learner in learners])
    policies = PagePolicies(
        Policies(assessment.section.district_id), [column.standard.framework_id for column in columns], on=today
    )
    grid = request.build_absolute_uri(reverse("assessment_enter", args=[pk]))
    first = columns[0].standard_id if columns else 0
    wanted = request.GET.get("as", "")
    context = {
        "assessment": assessment,
        "section": assessment.section,
        "columns": columns,
        "lines": [
            {"number": number, "learner": learner, "code": qr_drawing(f"{grid}#c.{learner.pk}.{first}")}
            for number, learner in enumerate(learners, start=1)
        ],
        "levels": range(1, policies.levels + 1),
        "words": [policies.word(level) for level in range(1, policies.levels + 1)],
        "form": wanted if wanted in FORMS else FORMS[0],
    }
    return render(request, "assessments/paper.html", context)
