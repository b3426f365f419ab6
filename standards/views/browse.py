"""Standards: frameworks, the tree of one, one standard, and finding them."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import DISTRICT_ADMIN, EVERYBODY, STAFF, allow
from standards.models import Framework, Standard
from standards.services import reading
from standards.services.searching import search

MOST_FOUND = 30
MOST_RETIRED = 300


@allow(*STAFF)
@require_safe
def standards(request: Request) -> HttpResponse:
    found = list(reading.frameworks(request.user))
    if len(found) == 1:
        return _tree(request, found[0], frameworks=found)
    return _page(request, "standards/frameworks.html", {"frameworks": found})


@allow(*STAFF)
@require_safe
def framework(request: Request, uuid: UUID) -> HttpResponse:
    found = list(reading.frameworks(request.user))
    current = next((one for one in found if one.uuid == uuid), None)
    if current is None:
        raise Http404
    return _tree(request, current, frameworks=found)


@allow(*STAFF)
@require_safe
def standard(request: Request, pk: int) -> HttpResponse:
    """One standard; for htmx only the list of what is below it."""
    rows = Standard.objects.visible_to(request.user).select_related("framework", "subject", "parent")
    current = get_object_or_404(rows.defer("search", "framework__source", "framework__definitions"), pk=pk)
    children = reading.below(current.framework, current)
    if request.htmx:
        return render(request, "standards/branch.html", {"standards": children})
    context = {
        "standard": current,
        "trail": reading.trail(current),
        "children": children,
        "ties": reading.ties(current),
        "notes": str(current.source.get("notes") or ""),
    }
    return _page(request, "standards/standard.html", context)


@allow(*EVERYBODY)
@require_safe
def standards_search(request: Request) -> HttpResponse:
    """q: code or words; framework: its uuid, "" for all. as=options gives the list of the picker."""
    query = request.GET.get("q", "").strip()
    found = _found(request, query, request.GET.get("framework", ""))
    context = {"query": query, "found": found, "is_cut": len(found) == MOST_FOUND}
    if request.GET.get("as") == "options":
        return render(request, "standards/options.html", context)
    return _page(request, "standards/search.html", context | {"shell": _shell(request)})


@allow(*EVERYBODY)
@require_POST
def standards_pick(request: Request) -> HttpResponse:
    """The picker without script: what was typed into a form is carried along while standards are chosen."""
    name = request.POST.get("picker", "")[:100]
    query = request.POST.get(f"{name}-q", "").strip()
    chosen = [pk for pk in map(whole_number, request.POST.getlist(name)) if pk]
    rows = Standard.objects.visible_to(request.user).in_force().defer("source", "search")
    carried = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key not in (name, f"{name}-q", "picker", "picker-back", "csrfmiddlewaretoken")
    ]
    context = {
        "name": name,
        "query": query,
        "chosen": rows.filter(pk__in=chosen),
        "found": [row for row in _found(request, query, "") if row.pk not in chosen],
        "carried": carried,
        "back": _back(request),
        "shell": _shell(request),
    }
    return _page(request, "standards/pick.html", context)


def _found(request: Request, query: str, framework_uuid: str) -> list[Standard]:
    rows = Standard.objects.visible_to(request.user).in_force().select_related("framework")
    if framework_uuid:
        try:
            rows = rows.filter(framework__uuid=UUID(framework_uuid))
        except ValueError:
            return []
    rows = rows.defer("source", "search", "rubric", "framework__source", "framework__definitions")
    return list(search(rows, query)[:MOST_FOUND])


def _back(request: Request) -> str:
    """The page with the form: where the request says that it comes from, if that is here."""
    address = request.POST.get("picker-back") or request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _shell(request: Request) -> str:
    return "staff.html" if request.user.roles & set(STAFF) else "learner.html"


def _tree(request: Request, current: Framework, *, frameworks: list[Framework]) -> HttpResponse:
    context = {
        "framework": current,
        "frameworks": frameworks,
        "standards": reading.below(current, None),
        "retired": reading.retired(current)[:MOST_RETIRED],
        "issuers": Framework.IssuedBy.choices,
        "address": request.build_absolute_uri(f"/ims/case/v1p1/CFPackages/{current.uuid}"),
    }
    return _page(request, "standards/framework.html", context)


def _page(request: Request, template: str, context: dict) -> HttpResponse:
    request.nav = "standards"
    may_import = DISTRICT_ADMIN in request.user.roles
    return render(request, template, context | {"may_import": may_import})
