"""Import a CASE package: everything in one transaction, again without a change, retired rather than deleted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from psycopg2.extras import execute_values

from lrm.changes import standards_changed
from standards.case.package import Item, Link, Package
from standards.models import Association, Framework, Standard, Subject
from standards.services import indexing
from standards.services.planning import Plan, document_fields, item_fields, plan_import

BATCH = 500
MANY = 1000
"""Rows after which PostgreSQL's idea of the tables is out of date. Without a new one the tree of a framework of 12,000
standards took a minute to open, until autovacuum came by."""
Progress = Callable[[int, int], None]
"""(written so far, to write in all)."""

ITEM_COLUMNS = [
    *("uri", "code", "statement", "short_title", "kind", "grades", "position", "depth", "is_leaf", "source"),
    *("subject", "retired_at"),
]
LINK_COLUMNS = [
    *("kind", "origin", "origin_uri", "destination", "destination_uri", "sequence", "source", "retired_at"),
]


class ImportRefused(ValueError):
    """Nothing was written. code: "stale", somebody has imported since the plan that was looked at; "many", it would
    retire more than a person has confirmed."""

    def __init__(self, code: str, plan: Plan):
        super().__init__(code)
        self.code, self.plan = code, plan


@transaction.atomic
def import_package(
    package: Package,
    *,
    district_id: int,
    progress: Progress | None = None,
    drawn_from: str | None = None,
    may_retire_many: bool = True,
) -> Plan:
    """Store the package in this district and return what was changed.

    drawn_from: of the plan that a person has seen; None where nobody looked. may_retire_many: that it is right to
    retire as much as `Plan.retires_many` asks about. Raises ImportRefused.

    A second import of the same package writes nothing. Standards and associations that the package no longer has
    are retired: evidence on them stays readable. Links to other frameworks are resolved in both directions.
    """
    # One import of a framework at a time, also of one that is not there yet.
    with connection.cursor() as cursor:
        key = f"import {district_id} {package.document.uuid}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    plan = plan_import(package, district_id=district_id)
    if drawn_from is not None and drawn_from != plan.drawn_from:
        raise ImportRefused("stale", plan)
    if plan.retires_many and not may_retire_many:
        raise ImportRefused("many", plan)
    if plan.is_unchanged:
        return plan
    now = timezone.now()
    total = len(plan.write_items) + len(plan.write_links)
    tell = progress or (lambda done, of: None)
    framework = _write_framework(plan, district_id, now)
    places_before = _places(framework)
    _write_items(plan, framework, district_id, lambda done: tell(done, total))
    Standard.objects.filter(pk__in=plan.retire_standards).update(retired_at=now)
    ids = dict(Standard.objects.filter(framework=framework).values_list("uuid", "pk"))
    _write_parents(package, framework, ids)
    _write_index(plan, framework, ids)
    _write_links(plan, framework, ids, lambda done: tell(len(plan.write_items) + done, total))
    Association.objects.filter(pk__in=plan.retire_links).update(retired_at=now)
    _resolve_links_from_elsewhere(framework)
    _tell_moved(framework, places_before)
    if total >= MANY:
        transaction.on_commit(_analyze, robust=True)
    return plan


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT analyze_standards()")  # as the owner of the tables: the site's role may not


def _write_framework(plan: Plan, district_id: int, now: datetime) -> Framework:
    fields = document_fields(plan.package)
    if plan.framework is None:
        return Framework.objects.create(
            district_id=district_id, uuid=plan.package.document.uuid, imported_at=now, **fields
        )
    for name, value in fields.items():
        setattr(plan.framework, name, value)
    plan.framework.imported_at = now
    plan.framework.save(update_fields=[*fields, "imported_at"])
    return plan.framework


def _subjects(items: Sequence[Item], district_id: int) -> dict[str, Subject]:
    """Subject by its title as the package writes it; the first writing of a new one names it."""
    titles = {item.subject[:120]: Subject.key_for(item.subject) for item in items}
    Subject.objects.bulk_create(
        [
            Subject(district_id=district_id, key=key, title=title)
            for key, title in {key: title for title, key in sorted(titles.items(), reverse=True)}.items()
        ],
        ignore_conflicts=True,
    )
    known = {s.key: s for s in Subject.objects.filter(district_id=district_id, key__in=titles.values())}
    return {title: known[key] for title, key in titles.items()}


def _write_items(plan: Plan, framework: Framework, district_id: int, tell: Callable[[int], None]) -> None:
    subjects = _subjects(plan.write_items, district_id)
    for start in range(0, len(plan.write_items), BATCH):
        Standard.objects.bulk_create(
            [
                Standard(framework=framework, uuid=item.uuid, subject=subjects[item.subject[:120]], **item_fields(item))
                for item in plan.write_items[start : start + BATCH]
            ],
            update_conflicts=True,
            unique_fields=["framework", "uuid"],
            update_fields=ITEM_COLUMNS,
        )
        tell(min(start + BATCH, len(plan.write_items)))


def _places(framework: Framework) -> dict[UUID, tuple[int | None, int]]:
    """uuid -> (domain, subject) before the import."""
    rows = Standard.objects.filter(framework=framework).values_list("uuid", "domain_id", "subject_id")
    return {uuid: (domain, subject) for uuid, domain, subject in rows}


def _write_parents(package: Package, framework: Framework, ids: Mapping[UUID, int]) -> None:
    """Once every standard has its key: the parent, which is the domain too (engine.md 2.3)."""
    values = [(ids[item.uuid], ids[item.parent] if item.parent else None) for item in package.items]
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE standards_standard AS s SET parent_id = v.parent, domain_id = v.parent"
            " FROM (VALUES %s) AS v(id, parent) WHERE s.id = v.id"
            " AND (s.parent_id IS DISTINCT FROM v.parent OR s.domain_id IS DISTINCT FROM v.parent)",
            values,
            template="(%s::bigint, %s::bigint)",
            page_size=1000,
        )


def _write_index(plan: Plan, framework: Framework, ids: Mapping[UUID, int]) -> None:
    indexing.index(
        (
            ids[item.uuid],
            item.language or framework.language,
            item.code,
            item.abbreviated_statement,
            item.statement,
        )
        for item in plan.write_items
    )


def _write_links(plan: Plan, framework: Framework, ids: Mapping[UUID, int], tell: Callable[[int], None]) -> None:
    ends = {link.uuid for one, _ in plan.write_links for link in (one.origin, one.destination) if link.uuid}
    known = _standards_elsewhere(ends - ids.keys(), framework) | {end: ids[end] for end in ends if end in ids}
    rows = [
        Association(
            framework=framework,
            uuid=identifier,  # of what is stored, where the package names it by its ends only
            occurrence=occurrence,
            kind=link.kind[:255],
            origin_id=known.get(link.origin.uuid) if link.origin.uuid else None,
            origin_uri=_address(link.origin),
            destination_id=known.get(link.destination.uuid) if link.destination.uuid else None,
            destination_uri=_address(link.destination),
            sequence=link.sequence,
            source=link.source,
        )
        for link, (identifier, occurrence) in plan.write_links
    ]
    for start in range(0, len(rows), BATCH):
        Association.objects.bulk_create(
            rows[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["framework", "uuid", "occurrence"],
            update_fields=LINK_COLUMNS,
        )
        tell(min(start + BATCH, len(rows)))


def _address(link: Link) -> str:
    return link.uri or link.identifier


def _standards_elsewhere(uuids: set[UUID], framework: Framework) -> dict[UUID, int]:
    """Standards of other frameworks of the district; where several have the identifier, one that is in force, of the
    framework that was imported first."""
    rows = Standard.objects.filter(framework__district_id=framework.district_id, uuid__in=uuids)
    rows = rows.exclude(framework=framework).order_by(F("retired_at").desc(nulls_last=True), "-framework_id", "-pk")
    return dict(rows.values_list("uuid", "pk"))  # the last of each identifier stays


def _resolve_links_from_elsewhere(framework: Framework) -> None:
    """Associations of other frameworks that point into this one, and could not be resolved before."""
    with connection.cursor() as cursor:
        for end, node in (("origin", "originNodeURI"), ("destination", "destinationNodeURI")):
            cursor.execute(
                f"UPDATE standards_association a SET {end}_id = s.id"
                " FROM standards_standard s, standards_framework f"
                f" WHERE a.{end}_id IS NULL AND f.id = a.framework_id AND f.district_id = %s AND f.id <> %s"
                f" AND s.framework_id = %s AND s.uuid::text = lower(a.source->'{node}'->>'identifier')",
                [framework.district_id, framework.pk, framework.pk],
            )


def _tell_moved(framework: Framework, before: Mapping[UUID, tuple[int | None, int]]) -> None:
    """Standards that now have another domain or subject: what was computed from them is stale."""
    now = Standard.objects.filter(framework=framework).values_list("pk", "uuid", "domain_id", "subject_id")
    moved = [pk for pk, uuid, domain, subject in now if uuid in before and before[uuid] != (domain, subject)]
    if moved:
        standards_changed.tell(moved)
