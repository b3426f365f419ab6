"""Frameworks as other systems read them: rows to the objects of CASE (standards/case/served.py)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from standards.case import served
from standards.case.served import V1P1, Json
from standards.case.values import address, identifier, link, text
from standards.models import Association, Framework, Standard
from standards.services.planning import REST
from standards.services.text import plain_text


class NotServed(LookupError):
    """There is no such object among the frameworks that may be read."""


class Served:
    """frameworks: those that may be read. version: "v1p0" or "v1p1". home: address of the service, with a slash."""

    def __init__(self, frameworks: QuerySet[Framework], *, version: str, home: str) -> None:
        self._frameworks = frameworks.order_by("pk")
        self._version = version
        self._home = home

    @property
    def is_1_1(self) -> bool:
        return self._version == V1P1

    def documents(self) -> list[Json]:
        return [self._document(row) for row in self._frameworks.defer("definitions")]

    def document(self, uuid: UUID) -> Json:
        return self._document(self._framework(uuid))

    def package(self, uuid: UUID) -> Json:
        """Everything of one framework that is in force. Four statements."""
        framework = self._framework(uuid)
        standards = list(
            Standard.objects.in_force().filter(framework=framework).defer("search").order_by("position", "pk")
        )
        links = Association.objects.filter(framework=framework, retired_at__isnull=True)
        for one in standards:
            one.framework = framework
        found: Json = {
            "CFDocument": self._document(framework, in_package=True),
            "CFItems": [self._item(one, in_package=True) for one in standards],
            "CFAssociations": self._associations(links, in_package=True),
            "CFDefinitions": self._definitions(framework),
        }
        rubrics = [self._rubric(framework, source) for source in _rubrics(framework)]
        if rubrics:
            found["CFRubrics"] = rubrics
        return found

    def item(self, uuid: UUID) -> Json:
        return self._item(self._standard(uuid))

    def association(self, uuid: UUID) -> Json:
        rows = Association.objects.filter(framework__in=self._frameworks, uuid=uuid, retired_at__isnull=True)
        found = self._associations(rows.order_by("framework", "occurrence")[:1])
        if not found:
            raise NotServed
        return found[0]

    def item_associations(self, uuid: UUID) -> Json:
        """An item with every association of which it is an end, also those of other frameworks."""
        standard = self._standard(uuid)
        ends = Q(origin=standard) | Q(destination=standard)
        rows = Association.objects.filter(ends, framework__in=self._frameworks, retired_at__isnull=True)
        return {"CFItem": self._item(standard), "CFAssociations": self._associations(rows, in_package=True)}

    def definitions(self, kind: str, uuid: UUID) -> list[Json]:
        """The entry of this kind, and for subjects, concepts and types those below it by their hierarchy code."""
        for framework, source in self._defined(kind):
            found = self._definition(framework, kind, source)
            if found["identifier"] != str(uuid):
                continue
            code = text(source.get("hierarchyCode"))
            below = [
                self._definition(framework, kind, other)
                for other in framework.definitions[kind]
                if code and isinstance(other, dict) and str(other.get("hierarchyCode", "")).startswith(code + ".")
            ]
            return [found, *below]
        raise NotServed

    def rubric(self, uuid: UUID) -> Json:
        for framework in self._frameworks:
            for source in _rubrics(framework):
                found = self._rubric(framework, source)
                if found["identifier"] == str(uuid):
                    return found
        raise NotServed

    def _framework(self, uuid: UUID) -> Framework:
        found = self._frameworks.filter(uuid=uuid).first()
        if found is None:
            raise NotServed
        return found

    def _standard(self, uuid: UUID) -> Standard:
        """The one in force where several frameworks have the identifier, of the framework that came first."""
        rows = Standard.objects.filter(framework__in=self._frameworks, uuid=uuid).select_related("framework")
        found = rows.defer("search", "framework__definitions").order_by("framework", "pk")
        standard = next((one for one in found if one.retired_at is None), found.first())
        if standard is None:
            raise NotServed
        return standard

    def _own(self, kind: str, identifier: object = "") -> str:
        return f"{self._home}{kind}/{identifier}"

    def _changed_at(self, framework: Framework) -> str:
        imported = (framework.imported_at or timezone.now()).replace(microsecond=0).isoformat()
        return served.stamp(framework.source, imported)

    def _document(self, framework: Framework, *, in_package: bool = False) -> Json:
        given: Json = {
            "identifier": str(framework.uuid),
            "uri": self._uri_of_framework(framework),
            "creator": framework.creator or text(framework.source.get("publisher")) or "",
            "title": framework.title,
            "lastChangeDateTime": self._changed_at(framework),
        }
        if self._version == V1P1:
            given["caseVersion"] = "1.1"
        if not in_package:
            given["CFPackageURI"] = {
                "title": framework.title,
                "identifier": str(framework.uuid),
                "uri": self._own("CFPackages", framework.uuid),
            }
        return served.shaped("CFDocument", framework.source, given, self._version)

    def _uri_of_framework(self, framework: Framework) -> str:
        return address(framework.uri) or self._own("CFDocuments", framework.uuid)

    def _link_to_framework(self, framework: Framework) -> Json:
        return {
            "title": framework.title,
            "identifier": str(framework.uuid),
            "uri": self._uri_of_framework(framework),
        }

    def _item(self, standard: Standard, *, in_package: bool = False) -> Json:
        framework = standard.framework
        given: Json = {
            "identifier": str(standard.uuid),
            "fullStatement": standard.statement,
            "uri": self._uri_of(standard),
            "lastChangeDateTime": served.stamp(standard.source, self._changed_at(framework)),
        }
        if standard.grades:
            given["educationLevel"] = standard.grades
        if standard.retired_at is not None:
            given["statusEndDate"] = timezone.localdate(standard.retired_at).isoformat()
        if not in_package:
            given["CFDocumentURI"] = self._link_to_framework(framework)
        return served.shaped("CFItem", standard.source, given, self._version)

    def _uri_of(self, standard: Standard) -> str:
        return address(standard.uri) or self._own("CFItems", standard.uuid)

    def _associations(self, rows: QuerySet[Association], *, in_package: bool = False) -> list[Json]:
        rows = rows.select_related("origin", "destination", "framework").defer(
            *(f"{end}__{name}" for end in ("origin", "destination") for name in ("source", "search", "rubric")),
            "framework__definitions",
        )
        return [self._association(row, in_package=in_package) for row in rows]

    def _association(self, row: Association, *, in_package: bool) -> Json:
        given: Json = {
            "identifier": str(row.uuid),
            "associationType": served.kind_of(row.kind, self._version),
            "uri": address(row.source.get("uri")) or self._own("CFAssociations", row.uuid),
            "originNodeURI": self._end(row, row.origin, "originNodeURI", row.origin_uri),
            "destinationNodeURI": self._end(row, row.destination, "destinationNodeURI", row.destination_uri),
            "lastChangeDateTime": served.stamp(row.source, self._changed_at(row.framework)),
        }
        if not in_package:
            given["CFDocumentURI"] = self._link_to_framework(row.framework)
        return served.shaped("CFAssociation", row.source, given, self._version)

    def _end(self, row: Association, standard: Standard | None, node: str, written: str) -> Json:
        if standard is not None:
            label = plain_text(standard.label) or str(standard.uuid)
            return {"title": label, "identifier": str(standard.uuid), "uri": self._uri_of(standard)}
        framework = row.framework
        sent = row.source.get(node)
        named = text(sent.get("identifier")) if isinstance(sent, dict) else None
        if identifier(named or written) == str(framework.uuid):
            return self._link_to_framework(framework)
        found = link(sent) or {"title": written, "identifier": "", "uri": address(written) or "urn:unknown"}
        found["identifier"] = named or found["identifier"] or written  # of an end it need not be a UUID
        if self._version == V1P1 and isinstance(sent, dict) and sent.get("targetType") == "CASE":
            found["targetType"] = "CASE"
        return found

    def _definitions(self, framework: Framework) -> Json:
        found: Json = {}
        for kind in served.DEFINITIONS:
            entries = _entries(framework, kind)
            if entries:
                found[kind] = [self._definition(framework, kind, source) for source in entries]
        if self._version == V1P1 and isinstance(framework.definitions.get("extensions"), dict):
            found["extensions"] = framework.definitions["extensions"]
        return found

    def _defined(self, kind: str) -> Iterable[tuple[Framework, Json]]:
        for framework in self._frameworks.filter(definitions__has_key=kind):
            for source in _entries(framework, kind):
                yield framework, source

    def _definition(self, framework: Framework, kind: str, source: Json) -> Json:
        own, at = self._own(kind), self._changed_at(framework)
        return served.definition(kind, source, own_address=own, changed_at=at, version=self._version)

    def _rubric(self, framework: Framework, source: Json) -> Json:
        own, at = self._own("CFRubrics"), self._changed_at(framework)
        return served.rubric(source, own_address=own, changed_at=at, version=self._version)


def _entries(framework: Framework, kind: str) -> Sequence[Json]:
    held: Any = framework.definitions.get(kind)
    return [source for source in held if isinstance(source, dict)] if isinstance(held, list) else []


def _rubrics(framework: Framework) -> Sequence[Json]:
    held: Any = framework.definitions.get(REST, {}).get("CFRubrics")
    return [source for source in held if isinstance(source, dict)] if isinstance(held, list) else []
