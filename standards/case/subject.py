"""Which subject a standard belongs to: its learner trait hangs on it (engine.md 2.3)."""

from collections.abc import Mapping
from uuid import UUID

from standards.case.package import Document, Item


def resolve_subjects(items: Mapping[UUID, Item], document: Document) -> None:
    """Set `subject` of every item: its own, else the nearest ancestor's, else the document's, else the title.

    Of a list the first counts. Parents must be resolved and free of cycles.
    """
    fallback = document.subjects[0] if document.subjects else document.title
    known: dict[UUID, str] = {}
    for item in items.values():
        trail = []
        at: Item | None = item
        while at is not None and at.uuid not in known and not at.subjects:
            trail.append(at)
            at = items.get(at.parent) if at.parent else None
        if at is None:
            subject = fallback
        else:
            subject = known.get(at.uuid) or at.subjects[0]
            known[at.uuid] = subject
        for below in trail:
            known[below.uuid] = subject
        item.subject = known[item.uuid]
