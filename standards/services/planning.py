"""What a package would change: compared with what is stored, nothing written."""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from standards.case.package import Association as Link
from standards.case.package import Item, Package
from standards.case.package import Link as End
from standards.models import Association, Framework, Standard, Subject
from standards.services.text import plain_text

NEW, CHANGED, RESTORED, RETIRED = "new", "changed", "restored", "retired"
GRADE_WIDTH, CODE_WIDTH, TITLE_WIDTH = 16, 255, 255
DEEPEST = 2**15 - 1
"""What is below that is said to be there: the column holds no more, and nobody reads so far down."""
BRAKE_SHARE, BRAKE_LEAST = 0.2, 5
"""A person confirms an import that would retire more than this share of the standards, and at least so many."""

Field = tuple[str, str, str]
"""(name, before, after), as text. name: a column, "parent", "subject", or a key of the JSON."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One standard or association that would not be as before. standard: primary key, where it is stored.

    kind, other: of an association, its type and the label of its destination; label is that of its origin.
    """

    what: str
    label: str
    fields: tuple[Field, ...] = ()
    standard: int | None = None
    kind: str = ""
    other: str = ""


@dataclass(slots=True)
class Counts:
    new: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0

    @property
    def total(self) -> int:
        """How many there are in the package."""
        return self.new + self.changed + self.same

    @property
    def touched(self) -> int:
        return self.new + self.changed + self.retired


@dataclass(slots=True)
class Plan:
    """framework: the stored one, None where it is new. in_force: how many of its standards were in force before.

    write_items and write_links are what must be written, links with the identifier and occurrence under which they
    are stored; retire_* are primary keys. shared: (title of another framework here, how many identifiers of standards
    both have).
    """

    package: Package
    framework: Framework | None
    standards: Counts = field(default_factory=Counts)
    associations: Counts = field(default_factory=Counts)
    differences: list[Difference] = field(default_factory=list)
    link_differences: list[Difference] = field(default_factory=list)
    document_fields: tuple[Field, ...] = ()
    shared: list[tuple[str, int]] = field(default_factory=list)
    in_force: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    write_items: list[Item] = field(default_factory=list)
    write_links: list[tuple[Link, tuple[uuid.UUID, int]]] = field(default_factory=list)
    retire_standards: list[int] = field(default_factory=list)
    retire_links: list[int] = field(default_factory=list)
    document_changed: bool = False

    @property
    def is_unchanged(self) -> bool:
        return not (
            self.write_items or self.write_links or self.retire_standards or self.retire_links or self.document_changed
        )

    @property
    def retires_many(self) -> bool:
        """Whether so much would be retired that the file may be cut off, or another one than was meant."""
        gone = self.standards.retired
        return gone >= BRAKE_LEAST and gone > self.in_force * BRAKE_SHARE

    @property
    def drawn_from(self) -> str:
        """What it was compared with: another value means that somebody has imported meanwhile."""
        at = self.framework.imported_at if self.framework else None
        return at.isoformat() if at else ""


def plan_import(package: Package, *, district_id: int) -> Plan:
    """Compare a package with the framework of the same identifier in this district; five statements at most."""
    framework = Framework.objects.filter(district_id=district_id, uuid=package.document.uuid).first()
    plan = Plan(package, framework)
    wanted = document_fields(package)
    plan.document_changed = framework is None or any(getattr(framework, name) != wanted[name] for name in wanted)
    if framework is not None:
        plan.document_fields = _source_differences(framework.source, package.document.source)
    _compare_items(plan)
    _compare_links(plan)
    plan.shared = _shared(plan, district_id)
    return plan


def _shared(plan: Plan, district_id: int) -> list[tuple[str, int]]:
    """Other frameworks that hold standards under identifiers of the package. They stay apart, each with its results."""
    rows = Standard.objects.in_force().filter(
        framework__district_id=district_id, uuid__in=[item.uuid for item in plan.package.items]
    )
    rows = rows.exclude(framework__uuid=plan.package.document.uuid).order_by("framework__title")
    return list(rows.values("framework").annotate(count=Count("pk")).values_list("framework__title", "count"))


def document_fields(package: Package) -> dict[str, Any]:
    """Columns of the framework, from the document."""
    document = package.document
    return {
        "uri": document.uri,
        "title": document.title,
        "creator": document.creator,
        "case_version": case_version(package),
        "status": document.adoption_status[:50],
        "language": document.language[:16],
        "source": document.source,
        "definitions": definitions(package),
        "retired_at": None,
    }


def case_version(package: Package) -> str:
    """ "1.1" or "1.0", as the document or its addresses say; "" where nothing says it."""
    written = str(package.document.source.get("caseVersion") or "")
    if written:
        return written[:8]
    for version, mark in (("1.1", "/v1p1/"), ("1.0", "/v1p0/")):
        if mark in package.document.uri:
            return version
    return ""


REST = "package"
"""Under this key of Framework.definitions stands what was at the top of the package beside its parts."""


def definitions(package: Package) -> dict[str, Any]:
    """CFDefinitions as sent, and whatever else stood at the top."""
    return package.defined | ({REST: package.rest} if package.rest else {})


def item_fields(item: Item) -> dict[str, Any]:
    """Columns of the standard that come from the item alone."""
    return {
        "uri": item.uri,
        "code": item.code[:CODE_WIDTH],
        "statement": item.statement,
        "short_title": item.abbreviated_statement[:TITLE_WIDTH],
        "kind": item.item_type[:TITLE_WIDTH],
        "grades": [grade[:GRADE_WIDTH] for grade in item.education_levels],
        "position": item.position,
        "depth": min(item.depth, DEEPEST),
        "is_leaf": item.is_leaf,
        "source": item.source,
    }


_PLACE = ("position", "depth", "is_leaf")  # moves of others shift these; nobody would call that a change
_IN_COLUMNS = {"uri", "humanCodingScheme", "fullStatement", "abbreviatedStatement", "CFItemType", "educationLevel"}
_STAMP = "lastChangeDateTime"


def _compare_items(plan: Plan) -> None:
    stored: dict[uuid.UUID, Standard] = {}
    if plan.framework is not None:
        stored = _stored_with_parents(plan.framework)
    plan.in_force = sum(row.retired_at is None for row in stored.values())
    plan.labels = {row.pk: row.label for row in stored.values()}
    labels = {item.uuid: item_label(item) for item in plan.package.items}
    for item in plan.package.items:
        row = stored.pop(item.uuid, None)
        if row is None:
            plan.standards.new += 1
            plan.write_items.append(item)
            label = item_label(item)
            text = plain_text(item.statement)
            told: tuple[Field, ...] = () if text.startswith(label) else (("statement", "", item.statement),)
            plan.differences.append(Difference(NEW, label, told))
            continue
        fields = _item_differences(item, row, labels)
        was_retired = row.retired_at is not None
        if fields or was_retired:
            plan.standards.changed += 1
            what = RESTORED if was_retired else CHANGED
            plan.differences.append(Difference(what, item_label(item), fields, row.pk))
        else:
            plan.standards.same += 1
        wanted = item_fields(item)
        if fields or was_retired or any(getattr(row, name) != wanted[name] for name in _PLACE):
            plan.write_items.append(item)
    for row in stored.values():
        if row.retired_at is None:
            plan.standards.retired += 1
            plan.retire_standards.append(row.pk)
            plan.differences.append(Difference(RETIRED, row.label, (), row.pk))


def _stored_with_parents(framework: Framework) -> dict[uuid.UUID, Standard]:
    """Each parent and each subject is one object: joined, every row would bring its own."""
    rows = list(Standard.objects.filter(framework=framework).defer("search").prefetch_related("subject"))
    by_pk = {row.pk: row for row in rows}
    for row in rows:
        if row.parent_id in by_pk:
            row.parent = by_pk[row.parent_id]
    return {row.uuid: row for row in rows}


def item_label(item: Item) -> str:
    return item.code or item.abbreviated_statement or plain_text(item.statement)[:60]


def _item_differences(item: Item, row: Standard, labels: Mapping[uuid.UUID, str]) -> tuple[Field, ...]:
    found = []
    for name, wanted in item_fields(item).items():
        before = getattr(row, name)
        if name in _PLACE or name == "source" or before == wanted:
            continue
        found.append((name, _as_text(before), _as_text(wanted)))
    if row.subject.key != Subject.key_for(item.subject):
        found.append(("subject", row.subject.title, item.subject[:120]))
    if (row.parent.uuid if row.parent else None) != item.parent:
        after = labels.get(item.parent, "") if item.parent else ""
        found.append(("parent", row.parent.label if row.parent else "", after))
    rest = _source_differences(row.source, item.source, but=_IN_COLUMNS if found else frozenset())
    return (*found, *(field for field in rest if field[0] != _STAMP or not found))


def _source_differences(before: Mapping, after: Mapping, but: Collection[str] = ()) -> tuple[Field, ...]:
    """What differs between two JSON objects, key by key."""
    names = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key) and key not in but)
    return tuple((name, _as_text(before.get(name)), _as_text(after.get(name))) for name in names)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _compare_links(plan: Plan) -> None:
    stored: dict[tuple[uuid.UUID, int], Association] = {}
    if plan.framework is not None:
        stored = {(row.uuid, row.occurrence): row for row in Association.objects.filter(framework=plan.framework)}
    labels = {item.uuid: item_label(item) for item in plan.package.items}
    links = sorted(plan.package.associations, key=lambda link: not link.has_own_id)
    unmatched = []
    for link in links:
        row = stored.pop((link.uuid, link.occurrence), None)
        if row is None:
            unmatched.append(link)
        else:
            _compare_link(plan, link, row, labels)
    # Publishers leave identifiers away in one export and give them in the next: the ends and the kind tell.
    by_ends = _by_ends(stored.values())
    for link in unmatched:
        rows = by_ends.get(_ends(link.source), []) if not link.has_own_id else []
        if rows:
            row = rows.pop()
            del stored[row.uuid, row.occurrence]
            _compare_link(plan, link, row, labels)
        else:
            plan.associations.new += 1
            plan.write_links.append((link, (link.uuid, link.occurrence)))
            plan.link_differences.append(_link_difference(NEW, link, labels))
    for row in stored.values():
        if row.retired_at is None:
            plan.associations.retired += 1
            plan.retire_links.append(row.pk)
            origin = plan.labels.get(row.origin_id or 0, row.origin_uri)
            other = plan.labels.get(row.destination_id or 0, row.destination_uri)
            plan.link_differences.append(Difference(RETIRED, origin, kind=row.kind, other=other))


def _compare_link(plan: Plan, link: Link, row: Association, labels: Mapping[uuid.UUID, str]) -> None:
    if row.source == link.source and row.retired_at is None:
        plan.associations.same += 1
        return
    plan.associations.changed += 1
    plan.write_links.append((link, (row.uuid, row.occurrence)))
    what = CHANGED if row.retired_at is None else RESTORED
    plan.link_differences.append(_link_difference(what, link, labels, _source_differences(row.source, link.source)))


def _link_difference(
    what: str, link: Link, labels: Mapping[uuid.UUID, str], fields: tuple[Field, ...] = ()
) -> Difference:
    return Difference(
        what, _end_label(link.origin, labels), fields, kind=link.kind, other=_end_label(link.destination, labels)
    )


def _end_label(end: End, labels: Mapping[uuid.UUID, str]) -> str:
    known = labels.get(end.uuid) if end.uuid else None
    return known or end.title or end.uri or end.identifier


def _by_ends(rows: Iterable[Association]) -> dict[tuple, list[Association]]:
    found: dict[tuple, list[Association]] = {}
    for row in rows:
        found.setdefault(_ends(row.source), []).append(row)
    return found


def _ends(source: Mapping[str, Any]) -> tuple:
    kind = str(source.get("associationType"))
    return (_end(source.get("originNodeURI")), kind, _end(source.get("destinationNodeURI")))


def _end(node: Any) -> str:
    if isinstance(node, Mapping):
        return str(node.get("identifier") or node.get("uri") or "")
    return str(node or "").rstrip("/").rsplit("/", 1)[-1]
