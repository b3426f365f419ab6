"""The read endpoints of CASE 1.0 and 1.1.

Anybody may read frameworks that a district has made public; people and tokens of a district read all of its own.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from lrm import imsx
from lrm.api.errors import MissingScope
from lrm.api.scopes import STANDARDS_READ, opened_by
from lrm.api.throttles import TokenThrottle
from lrm.api.views import ApiView
from lrm.policy import ANYONE, allow
from lrm.policy import STAFF as STAFF_ROLES
from lrm.scope import unscoped
from standards.api.throttles import AddressThrottle
from standards.case import asking
from standards.case.served import ADDED_IN_1_1, FIELDS
from standards.models import Framework
from standards.services.serving import NotServed, Served

WHY = "Standards are public documents; without sign-in only frameworks that a district has made public are read."
STAFF = frozenset(STAFF_ROLES)
DOCUMENT_FIELDS = (
    *("identifier", "uri", "creator", "title", "lastChangeDateTime", "CFPackageURI"),
    *FIELDS["CFDocument"],
)


class MayRead(BasePermission):
    """A token needs its scope; whoever comes without one reads what is public."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is not None and STANDARDS_READ not in opened_by(request.auth.scopes):
            raise MissingScope(STANDARDS_READ)
        return True


def answer_status_info(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as imsx_StatusInfo. None for what is an error of ours."""
    if isinstance(exc, NotServed):
        return Response(imsx.status_info(404, _("There is no such object that you may read.")), status=404)
    if isinstance(exc, asking.Unaskable):
        return Response(imsx.status_info(400, str(exc), minor=exc.minor), status=400)
    response = exception_handler(exc, context)
    if response is None:
        return None
    said = str(exc.detail) if isinstance(exc, APIException) else _("There is nothing here for you.")
    response.data = imsx.status_info(response.status_code, said)
    return response


@allow(ANYONE, why=WHY)
class CaseView(ApiView):
    """A read of CASE; the version and the kind of object are parts of the address."""

    schema = None
    query = None  # standards/case/asking.py reads it, by the words of CASE
    scopes = {"GET": STANDARDS_READ}
    http_method_names = ["get", "head"]
    permission_classes = [MayRead]
    throttle_classes = [TokenThrottle, AddressThrottle]

    def get_exception_handler(self) -> Callable:
        return answer_status_info

    def get(self, request: Request, version: str, **asked: str) -> Response:
        home = request.build_absolute_uri(f"/ims/case/{version}/")
        with override("en"):  # documents, not pages: the same for everybody
            if request.user.is_authenticated and (request.auth or not STAFF.isdisjoint(request.user.roles)):
                return self.read(
                    Served(Framework.objects.visible_to(request.user), version=version, home=home), **asked
                )
            with unscoped("Frameworks that districts have made public, for whoever asks."):
                return self.read(Served(Framework.objects.public(), version=version, home=home), **asked)

    def read(self, served: Served, **asked: str) -> Response:
        raise NotImplementedError


@allow(ANYONE, why=WHY)
class Documents(CaseView):
    """getAllCFDocuments: limit, offset, sort, orderBy, filter, fields; X-Total-Count and Link tell of more."""

    def read(self, served: Served, **asked: str) -> Response:
        known = DOCUMENT_FIELDS
        if served.is_1_1:
            known += ("caseVersion", "extensions", *ADDED_IN_1_1["CFDocument"])
        query = asking.read({key: self.request.GET[key] for key in self.request.GET}, known)
        page, total = asking.answer(served.documents(), query)
        headers = {"X-Total-Count": str(total)}
        links = [f'<{self._address(offset)}>; rel="{name}"' for name, offset in asking.neighbours(query, total).items()]
        if links:
            headers["Link"] = ", ".join(links)
        return Response({"CFDocuments": page}, headers=headers)

    def _address(self, offset: int) -> str:
        query = self.request.GET.copy()
        query["offset"] = str(offset)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def _set_of(kind: str) -> Callable[[Served, UUID], Any]:
    return lambda served, uuid: {kind: served.definitions(kind, uuid)}


def _one_of(kind: str) -> Callable[[Served, UUID], Any]:
    return lambda served, uuid: served.definitions(kind, uuid)[0]


READS: dict[str, Callable[[Served, UUID], Any]] = {
    "CFDocuments": Served.document,
    "CFPackages": Served.package,
    "CFItems": Served.item,
    "CFItemAssociations": Served.item_associations,
    "CFAssociations": Served.association,
    "CFSubjects": _set_of("CFSubjects"),
    "CFConcepts": _set_of("CFConcepts"),
    "CFItemTypes": _set_of("CFItemTypes"),
    "CFLicenses": _one_of("CFLicenses"),
    "CFAssociationGroupings": _one_of("CFAssociationGroupings"),
    "CFRubrics": Served.rubric,
}


@allow(ANYONE, why=WHY)
class OneObject(CaseView):
    """The object with this identifier; of subjects, concepts and types a set with those below it."""

    def read(self, served: Served, **asked: str) -> Response:
        try:
            uuid = UUID(asked["uuid"])
        except ValueError:
            raise asking.Unaskable("invaliduuid", "The identifier at the end of the address is no UUID.") from None
        if asked["kind"] not in READS:
            raise NotServed
        return Response(READS[asked["kind"]](served, uuid))
