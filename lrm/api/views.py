"""The base of every view of the API: JSON only, rights as on pages, one shape of problems, an ETag on what is read."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from lrm.api.errors import MissingScope, answer_problem
from lrm.api.kinds import too_long_filters, wrong_kinds
from lrm.api.pages import NewestFirst, OldestFirst
from lrm.api.parsers import BoundedJSONParser
from lrm.api.scopes import opened_by
from lrm.api.throttles import TokenThrottle


class SignedIn(SessionAuthentication):
    """Whom the middleware has let in: by a token, or by the site's session, whose writes need its CSRF token.

    request.auth: the token (digest, scopes), or None for a session.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = getattr(request._request, "api_token", None)
        return super().authenticate(request) if token is None else (request._request.user, token)


class HasScope(BasePermission):
    """A token may be used for what it was made for; a view names its scope for each verb that it has."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.auth is None:
            return True
        needed = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if needed is None:
            raise MethodNotAllowed(request.method)
        if needed not in opened_by(request.auth.scopes):
            raise MissingScope(needed)
        return True


@method_decorator(conditional_page, name="dispatch")
class ApiView(APIView):
    """Subclasses declare their policy with lrm.policy.allow, and `scopes`: {verb: scope that a token needs}.

    query: what the address of a GET may carry behind its question mark, beside `paging`; read as `asked`. None: the
    view reads it itself.
    """

    scopes: ClassVar[dict[str, str]] = {}
    query: ClassVar[type[Serializer] | None] = Serializer
    paging: ClassVar[tuple[str, ...]] = ()
    asked: Mapping[str, Any]
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    authentication_classes = [SignedIn]
    permission_classes = [HasScope]
    throttle_classes = [TokenThrottle]
    renderer_classes = [JSONRenderer]
    parser_classes = [BoundedJSONParser]
    metadata_class = None
    versioning_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.query is not None and request.method in ("GET", "HEAD"):
            known = {*self.query().fields, *self.paging}
            if unknown := sorted(set(request.query_params) - known):
                # A filter that is misspelled and passed over would answer everything.
                said = _("There is no such filter here. There are: %(names)s.") % {
                    "names": ", ".join(sorted(known)) or _("none")
                }
                raise ValidationError(dict.fromkeys(unknown, said))
            # So would one that is empty, of which forms of the web mean that nobody has filled it in.
            if odd := [name for name, said in request.query_params.lists() if said == [""] or len(said) > 1]:
                raise ValidationError(dict.fromkeys(odd, _("Say it once, with a value, or leave it out.")))
            self.asked = read_as(self.query, request.query_params)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request, "limit_headers", {}).items():
            answer.headers[name] = value
        return answer

    def get_exception_handler(self) -> Callable:
        return answer_problem


class ListView(ApiView):
    """A view whose GET answers a page of a longer list."""

    pagination_class = NewestFirst
    paging = ("limit", "cursor")

    def answer_page(self, request: Request, rows: Any, tell: Callable[[list], Iterable], serializer: type) -> Response:
        """rows: a queryset.    tell: those of one page as what the serializer takes."""
        pages = self.pagination_class()
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(serializer(tell(shown), many=True).data)


class OldestFirstView(ListView):
    """A list that is read from its beginning: what is new comes at its end."""

    pagination_class = OldestFirst


def read_as(serializer: type[Serializer], data: Any, **context: Any) -> dict[str, Any]:
    """What was sent, checked. Raises ValidationError that names each field."""
    read = serializer(data=data, context=context)
    if wrong := (too_long_filters if isinstance(data, QueryDict) else wrong_kinds)(read, data):
        raise ValidationError(wrong)
    read.is_valid(raise_exception=True)
    return read.validated_data


def filled(said: Mapping[str, Any], *names: str, **renamed: str) -> dict[str, Any]:
    """Filters of a queryset from those that were sent.    renamed: name in the query -> name of the field."""
    wanted = {name: name for name in names} | renamed
    return {field: said[name] for name, field in wanted.items() if name in said}
