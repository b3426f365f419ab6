"""Read a CASE 1.0 or 1.1 CFPackage: bytes in, plain objects out, nothing lost, nothing guessed silently."""

import json
import math
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from lrm.csvfiles import Undecodable, decode
from standards.case.package import KINDS, LAST, Association, Definition, Document, Item, Link, Oddity, Package
from standards.case.problems import NotAPackage
from standards.case.rings import rings
from standards.case.subject import resolve_subjects
from standards.case.tree import resolve_tree

LIMIT_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 100_000
"""Standards and associations together. The largest framework that we know has a tenth; of more, a page that shows what
would change would take longer than anybody waits."""
MOST_OCCURRENCES = 2**15 - 1
"""Of one identifier: the column that tells them apart holds no more."""
MOST_DEEP = 200
"""Levels of objects and lists; a package has six, and extensions a few more. PostgreSQL stops at some thousands."""
MOST_NAMED = 12
MADE_HERE = UUID("7c0e8f0a-5c0e-5d52-9d0b-6f3f6a1d9e11")
"""Namespace of identifiers made from content, so that the same file gives the same ones again."""
_KINDS = {
    list: "list",
    str: "text",
    int: "number",
    float: "number",
    bool: "yes or no",
    dict: "object",
    type(None): "nothing",
}
_PARTS: dict[str, type] = {"CFDocument": dict, "CFItems": list, "CFAssociations": list, "CFDefinitions": dict}
_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""How text is written that no database keeps: the letter NUL, and halves of letters."""


def read_package(data: bytes) -> Package:
    """The package in a file, with its tree and subjects resolved.

    Raises NotAPackage, with the reason and what to do, where the file is anything else.
    """
    raw = _unwrap(_parse(data))
    document = _document(_object(raw, "CFDocument"))
    oddities: list[Oddity] = []
    written_items, written_links = _objects(raw, "CFItems"), _objects(raw, "CFAssociations")
    if len(written_items) + len(written_links) > MOST_ENTRIES:
        raise NotAPackage("too_many_entries", limit=MOST_ENTRIES)
    items = _items(written_items, document, oddities)
    associations = _associations(written_links, document, oddities)
    by_uuid = {item.uuid: item for item in items}
    oddities += resolve_tree(by_uuid, associations, document)
    resolve_subjects(by_uuid, document)
    inside = by_uuid.keys() | {document.uuid}
    outside = sum(link.origin.uuid not in inside or link.destination.uuid not in inside for link in associations)
    loose = sum(not item.is_placed for item in items)
    oddities += _rings(by_uuid, associations)
    oddities += [Oddity(code, {"count": n}) for code, n in (("outside", outside), ("no_parent", loose)) if n]
    return Package(
        document=document,
        items=items,
        associations=associations,
        definitions=_definitions(raw),
        defined=raw["CFDefinitions"] if isinstance(raw.get("CFDefinitions"), dict) else {},
        # An empty part, or one of another shape, is kept as it was written: the export gives it back so.
        rest={key: value for key, value in raw.items() if not (value and isinstance(value, _PARTS.get(key, ())))},
        oddities=oddities,
    )


# The file


def _parse(data: bytes) -> Any:
    if len(data) > LIMIT_BYTES:
        raise NotAPackage("too_big", limit=LIMIT_BYTES // 2**20)
    try:
        text = decode(data)
    except Undecodable:
        raise NotAPackage("not_text") from None
    if not text.strip():
        raise NotAPackage("empty")
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        raise NotAPackage("web_page")
    try:
        # strict=False: publishers leave raw line breaks inside strings
        raw = json.loads(text, strict=False, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise NotAPackage("not_json", line=error.lineno, column=error.colno, reason=error.msg) from None
    except NotAPackage:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise NotAPackage("not_json", line="?", column="?", reason=str(error)[:100]) from None
    except RecursionError:
        raise NotAPackage("too_deep") from None
    check_depth(raw)
    if found := _UNSTORABLE.search(text):
        _check_letters(raw, line=text.count("\n", 0, found.start()) + 1)
    return raw


def check_depth(raw: Any) -> None:
    """Raises NotAPackage: JSON that is nested more deeply than can be stored."""
    level = [raw] if isinstance(raw, dict | list) else []
    for _depth in range(MOST_DEEP):
        below = (one.values() if isinstance(one, dict) else one for one in level)
        level = [value for values in below for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise NotAPackage("too_deep")


def _check_letters(raw: Any, *, line: int) -> None:
    """line: of the first place that may hold one; an escaped backslash looks alike."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NotAPackage("unstorable", line=line) from None
    if "\\u0000" in json.dumps(raw).replace("\\\\", ""):
        raise NotAPackage("unstorable", line=line)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise NotAPackage("not_json", line="?", column="?", reason=written[:40])
    return number


def _no_constant(name: str) -> None:
    raise NotAPackage("not_json", line="?", column="?", reason=name)


def _unwrap(raw: Any) -> dict[str, Any]:
    """The package object, or the reason why there is none."""
    if not isinstance(raw, dict):
        raise NotAPackage("not_an_object", kind=_KINDS[type(raw)])
    if isinstance(raw.get("CFPackage"), dict):
        raw = raw["CFPackage"]
    if "CFDocument" in raw:
        if raw.get("CFItems") is None and not raw.get("CFAssociations"):  # a crosswalk has associations alone
            raise NotAPackage("no_items")
        return raw
    if isinstance(raw.get("CFDocuments"), list):
        raise NotAPackage("documents_list", count=len(raw["CFDocuments"]))
    for key in ("imsx_description", "error_description", "error", "message", "detail"):
        if raw.get(key):
            raise NotAPackage("error_payload", reason=str(raw[key])[:300])
    if "imsx_codeMajor" in raw:
        raise NotAPackage("error_payload", reason=str(raw["imsx_codeMajor"])[:300])
    if "fullStatement" in raw:
        raise NotAPackage("single_item")
    if "creator" in raw and "title" in raw:
        raise NotAPackage("single_document")
    raise NotAPackage("no_document")


def _object(raw: dict[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise NotAPackage("wrong_shape", place=key, expected="object", found=_KINDS[type(value)])
    return value


def _objects(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotAPackage("wrong_shape", place=key, expected="list", found=_KINDS[type(value)])
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict):
            raise NotAPackage("wrong_shape", place=f"{key}[{number}]", expected="object", found=_KINDS[type(entry)])
    return value


# Values


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(value: Any) -> tuple[str, ...]:
    """A list of texts, where publishers write a list, one text or nothing; empty ones left out."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in (_text(entry).strip() for entry in values) if text)


def _sequence(value: Any) -> int | None:
    """A sequence number, where publishers write 3, 3.0, "3" or nothing."""
    try:
        number = int(float(value)) if value not in (None, "") and not isinstance(value, bool) else None
    except (ValueError, TypeError, OverflowError):
        return None
    return number if number is not None and abs(number) < LAST else None


def _uuid(identifier: str) -> UUID | None:
    try:
        return UUID(identifier)
    except ValueError:
        return None


def _link(value: Any, document: UUID | None = None) -> Link:
    """A link, where publishers write an object or only its address."""
    if isinstance(value, str):
        value = {"uri": value, "identifier": value.rstrip("/").rsplit("/", 1)[-1]}
    if not isinstance(value, dict):
        return Link()
    identifier, uri = _text(value.get("identifier")).strip(), _text(value.get("uri"))
    # An item whose identifier is no UUID was given one made from that text: links must meet it.
    known = _uuid(identifier) or (None if identifier else _uuid(uri.rstrip("/").rsplit("/", 1)[-1]))
    known = known or (_made(document, identifier or uri) if document and (identifier or uri) else None)
    return Link(identifier=identifier, uri=uri, title=_text(value.get("title")), uuid=known)


def _made(*parts: Any) -> UUID:
    return uuid.uuid5(MADE_HERE, json.dumps([str(part) for part in parts]))


def _subjects(raw: dict[str, Any]) -> tuple[str, ...]:
    named = _texts(raw.get("subject"))
    if named:
        return named
    links = raw.get("subjectURI")
    return tuple(
        title for title in (_link(link).title for link in (links if isinstance(links, list) else [links])) if title
    )


# The parts


def _document(raw: dict[str, Any]) -> Document:
    identifier, uri, title = (_text(raw.get(key)).strip() for key in ("identifier", "uri", "title"))
    if not (identifier or uri or title):
        raise NotAPackage("nameless_document")
    return Document(
        uuid=_uuid(identifier) or _made("document", identifier or uri or title),
        identifier=identifier,
        uri=uri,
        title=title or identifier or uri,
        creator=_text(raw.get("creator")),
        publisher=_text(raw.get("publisher")),
        description=_text(raw.get("description")),
        version=_text(raw.get("version")),
        language=_text(raw.get("language")),
        adoption_status=_text(raw.get("adoptionStatus")),
        notes=_text(raw.get("notes")),
        official_source_url=_text(raw.get("officialSourceURL")),
        licence=_link(raw.get("licenseURI")),
        subjects=_subjects(raw),
        last_changed=_text(raw.get("lastChangeDateTime")),
        source=raw,
    )


def _items(entries: Iterable[dict[str, Any]], document: Document, oddities: list[Oddity]) -> list[Item]:
    items, taken, unstated = [], Counter[UUID](), 0
    for raw in entries:
        item = _item(raw, document)
        if not item.identifier:
            oddities.append(Oddity("item_without_id", {}))
        taken[item.uuid] += 1
        if taken[item.uuid] > 1:
            oddities.append(Oddity("item_id_twice", {"identifier": item.identifier}))
            item.uuid = _made(document.uuid, item.uuid, taken[item.uuid])
        unstated += not _text(raw.get("fullStatement")).strip()
        items.append(item)
    if unstated:
        oddities.append(Oddity("statement_missing", {"count": unstated}))
    return items


def _item(raw: dict[str, Any], document: Document) -> Item:
    identifier, uri = _text(raw.get("identifier")).strip(), _text(raw.get("uri"))
    code, label = _text(raw.get("humanCodingScheme")).strip(), _text(raw.get("alternativeLabel"))
    short, statement = _text(raw.get("abbreviatedStatement")), _text(raw.get("fullStatement"))
    made_from = identifier or uri or json.dumps(raw, sort_keys=True, ensure_ascii=False)
    return Item(
        uuid=_uuid(identifier) or _made(document.uuid, made_from),
        identifier=identifier,
        uri=uri,
        code=code,
        statement=statement if statement.strip() else (short or label or code or identifier),
        abbreviated_statement=short,
        alternative_label=label,
        list_enumeration=_text(raw.get("listEnumeration")).strip(),
        item_type=_text(raw.get("CFItemType")) or _link(raw.get("CFItemTypeURI")).title,
        education_levels=_texts(raw.get("educationLevel") or raw.get("educationalLevel")),
        subjects=_subjects(raw),
        keywords=_texts(raw.get("conceptKeywords")),
        language=_text(raw.get("language")),
        notes=_text(raw.get("notes")),
        licence=_link(raw.get("licenseURI")),
        status_starts_on=_text(raw.get("statusStartDate")),
        status_ends_on=_text(raw.get("statusEndDate")),
        last_changed=_text(raw.get("lastChangeDateTime")),
        source=raw,
    )


def _associations(entries: list[dict[str, Any]], document: Document, oddities: list[Oddity]) -> list[Association]:
    found = [_association(raw, document) for raw in entries]
    # Which of two with one identifier comes first must not depend on the order in the file, or the next
    # import of the same package would find differences.
    taken: Counter[UUID] = Counter()
    for link in sorted(found, key=_content):
        link.occurrence = taken[link.uuid]
        if link.occurrence > MOST_OCCURRENCES:
            identifier = link.identifier or link.origin.identifier
            raise NotAPackage("id_too_often", limit=MOST_OCCURRENCES, identifier=identifier[:60])
        taken[link.uuid] += 1
    nameless = sum(not link.has_own_id for link in found)
    repeated = len(found) - nameless - len({link.identifier for link in found if link.has_own_id})
    for code, count in (("association_without_id", nameless), ("association_id_twice", repeated)):
        if count:
            oddities.append(Oddity(code, {"count": count}))
    return found


def _content(link: Association) -> tuple[str, str, str]:
    return (
        link.origin.identifier or link.origin.uri,
        link.kind,
        link.destination.identifier or link.destination.uri,
    )


def _rings(items: dict[UUID, Item], associations: Iterable[Association]) -> list[Oddity]:
    """Standards that come before each other: each ring by its codes, or by its identifiers where they lie elsewhere."""
    ends = [(a.origin, a.destination) for a in associations if a.kind == "precedes"]
    names = {link.uuid: link.title or link.identifier for pair in ends for link in pair if link.uuid}
    names |= {uuid: items[uuid].code or names[uuid] for uuid in names.keys() & items.keys()}
    found = rings([(one.uuid, other.uuid) for one, other in ends if one.uuid and other.uuid])
    return [
        Oddity("ring", {"codes": " → ".join(_shortened([names[key] for key in [*ring, ring[0]]]))}) for ring in found
    ]


def _shortened(names: list[str]) -> list[str]:
    names = [name[:60] for name in names]
    return names if len(names) <= MOST_NAMED else [*names[: MOST_NAMED - 2], "…", names[-1]]


def _association(raw: dict[str, Any], document: Document) -> Association:
    identifier, uri = _text(raw.get("identifier")).strip(), _text(raw.get("uri"))
    origin = _link(raw.get("originNodeURI"), document.uuid)
    destination = _link(raw.get("destinationNodeURI"), document.uuid)
    written = _text(raw.get("associationType"))
    kind = _KNOWN.get(_letters(written), written)
    ends = (origin.identifier or origin.uri, kind, destination.identifier or destination.uri)
    return Association(
        uuid=_uuid(identifier) or _made(document.uuid, *((identifier or uri,) if identifier or uri else ends)),
        identifier=identifier,
        uri=uri,
        kind=kind,
        origin=origin,
        destination=destination,
        sequence=_sequence(raw.get("sequenceNumber")),
        grouping=_link(raw.get("CFAssociationGroupingURI")),
        last_changed=_text(raw.get("lastChangeDateTime")),
        source=raw,
        has_own_id=bool(identifier),
    )


def _letters(kind: str) -> str:
    return "".join(kind.split()).lower()


_KNOWN = {_letters(kind): kind for kind in KINDS}
"""Some tools write IsChildOf, or "Is Child Of"."""


def _definitions(raw: dict[str, Any]) -> list[Definition]:
    if not isinstance(raw.get("CFDefinitions"), dict):
        return []
    held = raw["CFDefinitions"]
    return [
        Definition(
            kind=kind,
            identifier=_text(entry.get("identifier")),
            uri=_text(entry.get("uri")),
            title=_text(entry.get("title")),
            description=_text(entry.get("description")),
            source=entry,
        )
        for kind in held
        if isinstance(held[kind], list)
        for entry in _objects(held, kind)
    ]
