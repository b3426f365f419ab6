"""What the pages about standards show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from standards.models import Association, Framework, Standard
from standards.services.text import plain_text

OUTWARD: dict[str, Any] = {
    "isPartOf": _("Part of"),
    "exactMatchOf": _("The same as"),
    "precedes": _("Comes before"),
    "isRelatedTo": _("Related to"),
    "isPeerOf": _("On a par with"),
    "replacedBy": _("Replaced by"),
    "exemplar": _("Examples"),
    "hasSkillLevel": _("Skill level"),
    "isTranslationOf": _("Translation of"),
    "isStandardAlignedTo": _("Aligned to"),
}
INWARD: dict[str, Any] = OUTWARD | {
    "isPartOf": _("Has as a part"),
    "precedes": _("Comes after"),
    "replacedBy": _("Replaces"),
    "exemplar": _("Example of"),
    "hasSkillLevel": _("Skill level of"),
    "isTranslationOf": _("Translated as"),
}
SYMMETRIC = frozenset({"exactMatchOf", "isRelatedTo", "isPeerOf", "isStandardAlignedTo"})


@dataclass(frozen=True)
class Tie:
    """One end of an association as a standard's page shows it. standard: None where it is not in this district."""

    standard: Standard | None
    label: str
    address: str


def frameworks(account) -> QuerySet:
    """Frameworks of the district with how many standards are in force, and how many are retired."""
    in_force = Count("standards", filter=Q(standards__retired_at__isnull=True))
    retired = Count("standards", filter=Q(standards__retired_at__isnull=False))
    rows = Framework.objects.visible_to(account).defer("source", "definitions")
    return rows.annotate(count=in_force, retired_count=retired)


def retired(framework: Framework) -> QuerySet:
    """Standards that a newer edition left out, those retired last first."""
    rows = Standard.objects.filter(framework=framework, retired_at__isnull=False)
    return rows.defer("source", "search", "rubric").order_by("-retired_at", "position", "pk")


def below(framework: Framework, parent: Standard | None) -> QuerySet:
    """Children in their order; for None the top, with those that have no place in the tree last."""
    rows = Standard.objects.in_force().filter(framework=framework)
    rows = (
        rows.filter(parent=parent)
        if parent
        else rows.filter(Q(parent__isnull=True) | Q(parent__retired_at__isnull=False))
    )
    counted = Count("children", filter=Q(children__retired_at__isnull=True))
    return rows.defer("source", "search", "rubric").annotate(child_count=counted).order_by("position", "pk")


def trail(standard: Standard) -> list[Standard]:
    """From the top down to the parent, in one statement; a cycle, which no import makes, would end it."""
    rows = Standard.objects.raw(
        """
        WITH RECURSIVE above AS (
          SELECT id, parent_id, 0 AS steps FROM standards_standard WHERE id = %s
          UNION ALL
          SELECT s.id, s.parent_id, above.steps + 1 FROM standards_standard s JOIN above ON s.id = above.parent_id
           WHERE above.steps < 50)
        SELECT s.id, s.code, s.short_title, s.statement, above.steps FROM above
          JOIN standards_standard s ON s.id = above.id ORDER BY above.steps DESC
        """,
        [standard.pk],
    )
    return [row for row in rows if row.pk != standard.pk]


def ties(standard: Standard) -> list[tuple[str, list[Tie]]]:
    """Every association of a standard but the tree's own, by what it says, unknown kinds under their own name."""
    rows = (
        Association.objects.filter(Q(origin=standard) | Q(destination=standard), retired_at__isnull=True)
        .exclude(kind=Association.IS_CHILD_OF)
        .select_related("origin", "destination")
        .defer("origin__source", "origin__search", "destination__source", "destination__search")
        .order_by("kind", F("sequence").asc(nulls_last=True), "pk")
    )
    found: dict[str, list[Tie]] = {}
    for row in rows:
        is_outward = row.origin_id == standard.pk
        words = OUTWARD if is_outward or row.kind in SYMMETRIC else INWARD
        other, uri = (row.destination, row.destination_uri) if is_outward else (row.origin, row.origin_uri)
        node = row.source.get("destinationNodeURI" if is_outward else "originNodeURI")
        title = str(node.get("title") or "") if isinstance(node, dict) else ""
        label = other.label if other else (title if title not in ("", "Origin", "Destination Node") else uri)
        found.setdefault(str(words.get(row.kind, row.kind)), []).append(Tie(other, plain_text(label), uri))
    return list(found.items())
