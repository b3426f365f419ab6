"""What is done with one framework now and then: its file, who may read it, who issued it."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, STAFF, allow
from standards.models import Framework
from standards.services.exporting import export_package


@allow(*STAFF)
@require_safe
def framework_file(request: Request, uuid: UUID) -> HttpResponse:
    """The framework as the CASE package that it came as."""
    current = get_object_or_404(Framework.objects.visible_to(request.user), uuid=uuid)
    name = slugify(current.title)[:60] or "framework"
    return HttpResponse(
        json.dumps(export_package(current), ensure_ascii=False, indent=1),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.case.json"'},
    )


@allow(DISTRICT_ADMIN)
@require_POST
def framework_public(request: Request, uuid: UUID) -> HttpResponse:
    """to: "public", anybody may read it through CASE; "district", only people and tokens of the district."""
    current = get_object_or_404(Framework.objects.visible_to(request.user), uuid=uuid)
    is_public = request.POST.get("to") == "public"
    if is_public != (current.public_since is not None):
        current.public_since = timezone.now() if is_public else None
        current.save(update_fields=["public_since"])
    said = _("Anybody may read %(title)s now.") if is_public else _("Only the district may read %(title)s now.")
    messages.success(request, said % {"title": current.title})
    return redirect("framework", current.uuid)


@allow(DISTRICT_ADMIN)
@require_POST
def framework_issuer(request: Request, uuid: UUID) -> HttpResponse:
    """issued_by: one of Framework.IssuedBy, or "" for "not said"; anything else is refused."""
    current = get_object_or_404(Framework.objects.visible_to(request.user), uuid=uuid)
    wanted = request.POST.get("issued_by", "")
    if wanted and wanted not in Framework.IssuedBy.values:
        messages.error(request, _("Nothing was changed. Choose local, state or federal."))
    else:
        current.issued_by = wanted
        current.save(update_fields=["issued_by"])
        messages.success(request, _("Saved. Coverage lists %(title)s there.") % {"title": current.title})
    return redirect("framework", current.uuid)
