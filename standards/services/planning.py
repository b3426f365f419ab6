"""What a package would change: compared with what is stored, nothing written."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from standards.case.package import Association as Link
from standards.case.package import Item, Package
from standards.models import Association, Framework, Standard
from standards.services.text import plain_text

NEW, CHANGED, RESTORED, RETIRED = "new", "changed", "restored", "retired"
GRADE_WIDTH, CODE_WIDTH, TITLE_WIDTH = 16, 255, 255


@dataclass(frozen=True, slots=True)
class Difference:
    """One standard or association that would not be as before. fields: (name, before, after), as text."""

    what: str
    label: str
    fields: tuple[tuple[str, str, str], ...] = ()


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
    """framework: the stored one, None where it is new. moved: same standards whose place in the walk is another.

    write_items and write_links are what must be written, links with the identifier and occurrence under which they
    are stored; retire_* are primary keys.
    """

    package: Package
    framework: Framework | None
    standards: Counts = field(default_factory=Counts)
    associations: Counts = field(default_factory=Counts)
    differences: list[Difference] = field(default_factory=list)
    write_items: list[Item] = field(default_factory=list)
    write_links: list[tuple[Link, tuple[uuid.UUID, int]]] = field(default_factory=list)
    retire_standards: list[int] = field(default_factory=list)
    retire_links: list[int] = field(default_factory=list)
    retired_labels: list[str] = field(default_factory=list)
    document_changed: bool = False

    @property
    def is_unchanged(self) -> bool:
        return not (
            self.write_items or self.write_links or self.retire_standards or self.retire_links or self.document_changed
        )


def plan_import(package: Package, *, district_id: int) -> Plan:
    """Compare a package with the framework of the same identifier in this district; four statements at most."""
    framework = Framework.objects.filter(district_id=district_id, uuid=package.document.uuid).first()
    plan = Plan(package, framework)
    plan.document_changed = framework is None or _document_fields(package) != {
        name: getattr(framework, name) for name in _document_fields(package)
    }
    _compare_items(plan)
    _compare_links(plan)
    return plan


def _document_fields(package: Package) -> dict[str, Any]:
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


document_fields = _document_fields


def case_version(package: Package) -> str:
    """ "1.1" or "1.0", as the document or its addresses say; "" where nothing says it."""
    written = str(package.document.source.get("caseVersion") or "")
    if written:
        return written[:8]
    for version, mark in (("1.1", "/v1p1/"), ("1.0", "/v1p0/")):
        if mark in package.document.uri:
            return version
    return ""


def definitions(package: Package) -> dict[str, Any]:
    """CFDefinitions as sent, and under "package" whatever else stood at the top."""
    held: dict[str, Any] = {}
    for entry in package.definitions:
        held.setdefault(entry.kind, []).append(entry.source)
    if package.rest:
        held["package"] = package.rest
    return held


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
        "depth": item.depth,
        "is_leaf": item.is_leaf,
        "source": item.source,
    }


_PLACE = ("position", "depth", "is_leaf")  # moves of others shift these; nobody would call that a change


def _compare_items(plan: Plan) -> None:
    stored: dict[uuid.UUID, Standard] = {}
    if plan.framework is not None:
        rows = Standard.objects.filter(framework=plan.framework).select_related("parent", "subject")
        stored = {row.uuid: row for row in rows.defer("search")}
    for item in plan.package.items:
        row = stored.pop(item.uuid, None)
        if row is None:
            plan.standards.new += 1
            plan.write_items.append(item)
            plan.differences.append(Difference(NEW, _item_label(item)))
            continue
        fields = _item_differences(item, row)
        was_retired = row.retired_at is not None
        if fields or was_retired:
            plan.standards.changed += 1
            plan.differences.append(Difference(RESTORED if was_retired else CHANGED, _item_label(item), fields))
        else:
            plan.standards.same += 1
        wanted = item_fields(item)
        if fields or was_retired or any(getattr(row, name) != wanted[name] for name in _PLACE):
            plan.write_items.append(item)
    for row in stored.values():
        if row.retired_at is None:
            plan.standards.retired += 1
            plan.retire_standards.append(row.pk)
            plan.differences.append(Difference(RETIRED, row.label))


def _item_label(item: Item) -> str:
    return item.code or item.abbreviated_statement or plain_text(item.statement)[:60]


def _item_differences(item: Item, row: Standard) -> tuple[tuple[str, str, str], ...]:
    found = []
    for name, wanted in item_fields(item).items():
        before = getattr(row, name)
        if name in _PLACE or name == "source" or before == wanted:
            continue
        found.append((name, _as_text(before), _as_text(wanted)))
    if row.subject.title != item.subject[:120]:
        found.append(("subject", row.subject.title, item.subject[:120]))
    if (row.parent.uuid if row.parent else None) != item.parent:
        found.append(("parent", row.parent.label if row.parent else "", str(item.parent or "")))
    if not found and row.source != item.source:
        names = sorted(
            key for key in row.source.keys() | item.source.keys() if row.source.get(key) != item.source.get(key)
        )
        found.append(("source", "", ", ".join(names)))
    return tuple(found)


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _compare_links(plan: Plan) -> None:
    stored: dict[tuple[uuid.UUID, int], Association] = {}
    if plan.framework is not None:
        stored = {(row.uuid, row.occurrence): row for row in Association.objects.filter(framework=plan.framework)}
    links = sorted(plan.package.associations, key=lambda link: not link.has_own_id)
    unmatched = []
    for link in links:
        row = stored.pop((link.uuid, link.occurrence), None)
        if row is None:
            unmatched.append(link)
        else:
            _compare_link(plan, link, row)
    # Publishers leave identifiers away in one export and give them in the next: the ends and the kind tell.
    by_ends = _by_ends(stored.values())
    for link in unmatched:
        rows = by_ends.get(_ends(link.source), []) if not link.has_own_id else []
        if rows:
            row = rows.pop()
            del stored[row.uuid, row.occurrence]
            _compare_link(plan, link, row)
        else:
            plan.associations.new += 1
            plan.write_links.append((link, (link.uuid, link.occurrence)))
    for row in stored.values():
        if row.retired_at is None:
            plan.associations.retired += 1
            plan.retire_links.append(row.pk)


def _compare_link(plan: Plan, link: Link, row: Association) -> None:
    if row.source == link.source and row.retired_at is None:
        plan.associations.same += 1
    else:
        plan.associations.changed += 1
        plan.write_links.append((link, (row.uuid, row.occurrence)))


def _by_ends(rows: Iterable[Association]) -> dict[tuple, list[Association]]:
    found: dict[tuple, list[Association]] = {}
    for row in rows:
        found.setdefault(_ends(row.source), []).append(row)
    return found


def _ends(source: Mapping[str, Any]) -> tuple:
    return (_end(source.get("originNodeURI")), source.get("associationType"), _end(source.get("destinationNodeURI")))


def _end(node: Any) -> str:
    if isinstance(node, Mapping):
        return str(node.get("identifier") or node.get("uri") or "")
    return str(node or "").rstrip("/").rsplit("/", 1)[-1]
