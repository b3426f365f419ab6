"""Results of a school or a district as a OneRoster gradebook package, for another system."""

from tempfile import TemporaryFile

from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.forms.gradebook import GradebookForm
from assessments.services.gradebook_out import Asked, write_gradebook
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.second_step import bulk_export


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@bulk_export
def gradebook(request: Request) -> HttpResponseBase:
    """POST answers with the package."""
    request.nav = "school"
    form = GradebookForm(request.POST or None, account=request.user)
    if request.method != "POST":
        return _page(request, GradebookForm(account=request.user))
    if not form.is_valid():
        return _page(request, form, status=422)
    schools = form.school_ids()
    asked = Asked(schools, form.cleaned_data["since"], form.cleaned_data["until"])
    package = TemporaryFile()  # noqa: SIM115  the answer closes it
    with transaction.atomic():
        done = write_gradebook(package, district=request.user.district, asked=asked)
    looked_at(request, done.learners)
    package.seek(0)
    return FileResponse(package, as_attachment=True, filename=f"gradebook-{timezone.localdate()}.zip")


def _page(request: Request, form: GradebookForm, *, status: int = 200) -> HttpResponse:
    return render(request, "assessments/gradebook.html", {"form": form}, status=status)
