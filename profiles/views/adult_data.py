"""What is kept about an adult: for the person, and for an administrator of the district whom they have asked."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lrm.file_store import COPIES
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, GUARDIAN, STAFF, allow
from profiles.models import Account, AdultCopy
from profiles.second_step import ask_again, counted
from profiles.services.copies import adults
from profiles.services.copies.files import fetched
from profiles.services.second_step import has_second_step

MOST_SHOWN = 10


@allow(GUARDIAN, *STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: Request) -> HttpResponse:
    """What is kept about oneself. POST: make a copy."""
    return _data(request, request.user, "own_data")


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def adult_data(request: Request, pk: int) -> HttpResponse:
    """The same about somebody of the staff or a family. POST: make a copy."""
    request.nav = "staff"
    return _data(request, get_object_or_404(Account.objects.adults_of(request.user), pk=pk), "adult_data", pk)


def _data(request: Request, account: Account, page: str, *args: int) -> HttpResponse:
    if request.method == "POST":
        if again := _ask_again(request):
            return again
        adults.make(account, by=request.user)
        return redirect(page, *args)
    is_own = account.pk == request.user.pk
    context = {
        "person": account,
        "is_own": is_own,
        "shell": "staff.html" if request.user.access.is_staff else "learner.html",
        "copies": list(AdultCopy.objects.filter(account=account).select_related("made_by", "job")[:MOST_SHOWN]),
        "may_erase": not is_own,
    }
    return render(request, "profiles/adult_data.html", context)


@allow(GUARDIAN, *STAFF)
@require_safe
def adult_copy_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far it is; once it is over, the page itself is asked for again."""
    row = get_object_or_404(AdultCopy.objects.visible_to(request.user).select_related("job"), uuid=uuid)
    answer = render(request, "profiles/adult_copy_progress.html", {"row": row})
    if row.job is None or row.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@allow(GUARDIAN, *STAFF)
@require_safe
def adult_copy_zip(request: Request, uuid: UUID) -> HttpResponseBase:
    rows = AdultCopy.objects.visible_to(request.user).with_file().select_related("account")
    row = get_object_or_404(rows, uuid=uuid)
    if again := _ask_again(request):
        return again
    return counted(request, lambda: _zip(request, row))


def _zip(request: Request, row: AdultCopy) -> HttpResponseBase:
    assert row.stored is not None  # of with_file()
    try:
        file = COPIES.open(row.stored)
    except FileNotFoundError:
        messages.error(request, _("The file is not on the disk any more. Make the copy again."))
        is_own = row.account_id == request.user.pk
        return redirect("own_data") if is_own else redirect("adult_data", pk=row.account_id)
    fetched(row)
    name = f"{row.account.name} {timezone.localdate(row.made_at).isoformat()}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _ask_again(request: Request) -> HttpResponse | None:
    """Family that has no second step is asked for none: nobody has to set one up to read about themselves."""
    if not request.user.access.is_staff and not has_second_step(request.user):
        return None
    return ask_again(request)
