"""What a CASE package holds, as plain objects.

`source` is always the JSON object as it was sent, nothing left out.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

IS_CHILD_OF = "isChildOf"
KINDS = (
    *(IS_CHILD_OF, "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar"),
    *("hasSkillLevel", "isTranslationOf"),
)
"""Types of associations that the specification has."""
LAST = 2**31 - 1
"""Sequence of what has none: after everything that has one."""


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to something, in this package or elsewhere. uuid: None where the identifier is no UUID."""

    identifier: str = ""
    uri: str = ""
    title: str = ""
    uuid: UUID | None = None


@dataclass(slots=True)
class Document:
    uuid: UUID
    identifier: str
    uri: str
    title: str
    creator: str
    publisher: str
    description: str
    version: str
    language: str
    adoption_status: str
    notes: str
    official_source_url: str
    licence: Link
    subjects: tuple[str, ...]
    last_changed: str
    source: dict[str, Any]


@dataclass(slots=True)
class Item:
    """One standard, or a heading over standards.

    parent: the item above it, None at the top and where it has no place. depth: 1 at the top. position: place
    in a walk of the whole tree, 0 first. is_placed: reached from the document through isChildOf. domain is
    the parent, engine.md 2.3.
    """

    uuid: UUID
    identifier: str
    uri: str
    code: str
    statement: str
    abbreviated_statement: str
    alternative_label: str
    list_enumeration: str
    item_type: str
    education_levels: tuple[str, ...]
    subjects: tuple[str, ...]
    keywords: tuple[str, ...]
    language: str
    notes: str
    licence: Link
    status_starts_on: str
    status_ends_on: str
    last_changed: str
    source: dict[str, Any]
    parent: UUID | None = None
    subject: str = ""
    depth: int = 1
    position: int = 0
    is_leaf: bool = True
    is_placed: bool = False

    @property
    def domain(self) -> UUID | None:
        return self.parent


@dataclass(slots=True)
class Association:
    """kind: the type as written, also where the specification has no such type. sequence: None where none is
    given.

    occurrence: 0, or 1, 2, .. where the package repeats an identifier. has_own_id: False where the identifier
    was made here, from both ends and the kind.
    """

    uuid: UUID
    identifier: str
    uri: str
    kind: str
    origin: Link
    destination: Link
    sequence: int | None
    grouping: Link
    last_changed: str
    source: dict[str, Any]
    has_own_id: bool = True
    occurrence: int = 0


@dataclass(slots=True)
class Definition:
    """An entry of CFDefinitions.

    kind: "CFSubjects", "CFItemTypes", "CFLicenses", "CFConcepts", ..., as written.
    """

    kind: str
    identifier: str
    uri: str
    title: str
    description: str
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something unusual that cost nothing; code: a key of problems.WORDS."""

    code: str
    params: dict[str, Any]


@dataclass(slots=True)
class Package:
    """defined: CFDefinitions as sent.    rest: what else stood at the top level (rubrics, extensions), as sent."""

    document: Document
    items: list[Item]
    associations: list[Association]
    definitions: list[Definition]
    rest: dict[str, Any]
    defined: dict[str, Any] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)

    def item_by_uuid(self) -> dict[UUID, Item]:
        return {item.uuid: item for item in self.items}

    def is_inside(self, link: Link) -> bool:
        """Whether a link points at the document or an item of this package."""
        return link.uuid == self.document.uuid or link.uuid in {item.uuid for item in self.items}
