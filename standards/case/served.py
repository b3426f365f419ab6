"""Objects as the read endpoints of CASE 1.0 and 1.1 give them: fields and types of the specification and no others.

What is stored stays as it was sent. Here a value of another type is brought to the one that is asked for where it says
the same; what the version has no place for is left out of 1.0, and stands under "extensions" in 1.1.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from standards.case.values import (
    LINKED,
    Value,
    address,
    day,
    identifier,
    integer,
    link,
    links,
    moment,
    number,
    text,
    texts,
)

V1P0, V1P1 = "v1p0", "v1p1"
Json = dict[str, Any]
Fields = Mapping[str, Value]

_STATUS: Fields = {"statusStartDate": day, "statusEndDate": day, "licenseURI": link, "notes": text, "language": text}
FIELDS: dict[str, Fields] = {
    "CFDocument": {
        **dict.fromkeys(("publisher", "description", "version", "adoptionStatus"), text),
        **{"officialSourceURL": address, "subject": texts, "subjectURI": links, **_STATUS},
    },
    "CFItem": {
        **dict.fromkeys(("alternativeLabel", "CFItemType", "humanCodingScheme", "listEnumeration"), text),
        **{"abbreviatedStatement": text, "conceptKeywords": texts, "conceptKeywordsURI": link},
        **{"educationLevel": texts, "CFItemTypeURI": link, **_STATUS},
    },
    "CFAssociation": {"sequenceNumber": integer, "CFAssociationGroupingURI": link},
    "CFSubjects": {"description": text},
    "CFConcepts": {"description": text, "keywords": text},
    "CFItemTypes": {"typeCode": text},
    "CFLicenses": {"description": text},
    "CFAssociationGroupings": {"description": text},
    "CFRubrics": {"title": text, "description": text},
    "CFRubricCriteria": {
        **{"category": text, "description": text, "CFItemURI": link, "weight": number, "position": integer},
        "rubricId": identifier,
    },
    "CFRubricCriterionLevels": {
        **{"description": text, "quality": text, "score": number, "feedback": text, "position": integer},
        "rubricCriterionId": identifier,
    },
}
ADDED_IN_1_1: dict[str, Fields] = {
    "CFDocument": {"frameworkType": text},
    "CFItem": {"subject": texts, "subjectURI": links},
    "CFAssociation": {"notes": text},
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "CFSubjects": ("title", "hierarchyCode"),
    "CFConcepts": ("title", "hierarchyCode"),
    "CFItemTypes": ("title", "hierarchyCode", "description"),
    "CFLicenses": ("title", "licenseText"),
    "CFAssociationGroupings": ("title",),
}
DEFINITIONS = tuple(REQUIRED)
BELOW = {"CFRubrics": "CFRubricCriteria", "CFRubricCriteria": "CFRubricCriterionLevels"}
# Keys that say the same elsewhere, or are written by us: never an extension.
_OURS = {
    *("identifier", "uri", "lastChangeDateTime", "title", "creator", "fullStatement", "associationType", "extensions"),
    *("originNodeURI", "destinationNodeURI", "CFDocumentURI", "CFPackageURI", "caseVersion", "hierarchyCode"),
    *("licenseText", "description", "CFRubricCriteria", "CFRubricCriterionLevels"),
}
KINDS_1_0 = {
    *("isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar"),
    "hasSkillLevel",
}
KINDS_1_1 = KINDS_1_0 | {"isTranslationOf"}


def shaped(kind: str, source: Json, given: Json, version: str) -> Json:
    """One object. given: what is known better than it was sent (identifier, uri, title, ends, ..), and comes first."""
    fields = {**FIELDS[kind], **(ADDED_IN_1_1.get(kind, {}) if version == V1P1 else {})}
    found, left = dict(given), {}
    for key, value in source.items():
        if key in found or value is None:
            continue
        said = fields[key](value) if key in fields else None
        if said is not None:
            found[key] = said
        elif key not in _OURS:
            left[key] = value
    if version == V1P1:
        sent = source.get("extensions")
        extensions = left | (sent if isinstance(sent, dict) else {"sent": sent} if sent else {})
        if extensions:
            found["extensions"] = [extensions] if kind == "CFRubricCriterionLevels" else extensions
    return found


def stamp(source: Json, otherwise: str) -> str:
    return moment(source.get("lastChangeDateTime")) or otherwise


def made_for(source: Json) -> str:
    """An identifier for what has none that is a UUID: the same for the same content."""
    return str(uuid5(LINKED, json.dumps(source, sort_keys=True)))


def definition(kind: str, source: Json, *, own_address: str, changed_at: str, version: str) -> Json:
    """An entry of CFDefinitions. changed_at: of the framework, where it says nothing of its own."""
    known = identifier(source.get("identifier")) or made_for(source)
    given = {
        "identifier": known,
        "uri": address(source.get("uri")) or own_address + known,
        "lastChangeDateTime": stamp(source, changed_at),
    }
    for name in REQUIRED.get(kind, ()):
        given[name] = text(source.get(name)) or ""
    return shaped(kind, source, given, version)


def rubric(source: Json, *, own_address: str, changed_at: str, version: str, kind: str = "CFRubrics") -> Json:
    """A rubric with its criteria and their levels."""
    found = definition(kind, source, own_address=own_address, changed_at=changed_at, version=version)
    below = BELOW.get(kind)
    inner = source.get(below) if below else None
    if below and isinstance(inner, list):
        found[below] = [
            rubric(entry, own_address=own_address, changed_at=changed_at, version=version, kind=below)
            for entry in inner
            if isinstance(entry, dict)
        ]
    return found


def kind_of(written: str, version: str) -> str:
    """The type of an association: 1.1 lets others stand with a prefix, for 1.0 they are related."""
    if version == V1P0:
        return written if written in KINDS_1_0 else "isRelatedTo"
    if written in KINDS_1_1 or written.startswith("ext:"):
        return written
    return "ext:" + ("".join(letter for letter in written if letter.isascii() and letter.isalnum()) or "unnamed")
