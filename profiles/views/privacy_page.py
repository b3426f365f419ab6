"""What LRM does with what it knows, in plain words, for anybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lrm.http import Request
from lrm.inferences import COMPUTED
from lrm.policy import ANYONE, allow
from lrm.scope import district_scope
from profiles.models import District
from profiles.services import keeping
from profiles.services.copies.asking import ANSWER_DAYS


@allow(ANYONE, why="Families read it before they have an account; it names nobody.")
@require_safe
def privacy(request: Request) -> HttpResponse:
    """The days are those of the reader's own school or district, of the only one, or as LRM comes."""
    district = getattr(request.user, "district", None)
    if district is None:
        districts = list(District.objects.all()[:2])
        district = districts[0] if len(districts) == 1 else None
    kinds, school, varies = keeping.shipped_kinds(), None, False
    if district is not None:
        with district_scope(district.pk):  # nobody has opened it for somebody who is not signed in
            today = timezone.localdate()
            school = keeping.one_school(request.user) if request.user.is_authenticated else None
            kinds = keeping.kinds(district, on=today, school_id=school.pk if school else None)
            varies = school is None and bool(keeping.kept_on(district, on=today).own)
    context = {
        "kinds": kinds,
        "school": school,
        "varies": varies,
        "district": district,
        "computed": COMPUTED,
        "answer_days": ANSWER_DAYS,
    }
    return render(request, "profiles/privacy.html", context)
