"""Holds what the tables were and are against what the audit and the ledger say of it."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from profiles.models import AuditEntry

TABLES = [str(place) for place in AuditEntry.Place.values]
SECRET, CLOCK = {"password", "digest", "class_code", "number"}, {"last_login", "last_used_on"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """people: (place, id) -> row as JSON.    evidence: id -> row.    newest: of the audit."""

    people: dict[tuple[str, int], Row]
    evidence: dict[int, Row]
    newest: int


def snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        parts = [f"SELECT '{table}', id, to_jsonb(t)::text FROM profiles_{table} t" for table in TABLES]
        cursor.execute(" UNION ALL ".join(parts))
        people = {(place, pk): json.loads(row) for place, pk, row in cursor.fetchall()}
        cursor.execute("SELECT id, to_jsonb(t)::text FROM assessments_evidence t")
        evidence = {pk: json.loads(row) for pk, row in cursor.fetchall()}
        cursor.execute("SELECT coalesce(max(id), 0) FROM profiles_auditentry")
        return Snapshot(people, evidence, cursor.fetchone()[0])


def entries_since(before: Snapshot) -> list[AuditEntry]:
    return list(AuditEntry._base_manager.filter(pk__gt=before.newest).order_by("pk"))


def unaccounted(before: Snapshot, after: Snapshot, *, way: str, what: str, by: int | None) -> list[str]:
    """What has changed and is not written down so, or is written down and has not happened; [] where all fits."""
    found, told, entries = [], dict(before.people), entries_since(before)
    said: dict[tuple[str, int], set[str]] = {}
    for entry in entries:
        said.setdefault((entry.place, entry.row), set()).update(_columns(entry))
        name = f"{entry.place} {entry.row}"
        if (entry.way, entry.what, entry.by_id) != (way, what, by):
            found.append(f"{name}: said to be {entry.way} {entry.what} by {entry.by_id}, was {way} {what} by {by}")
        found += [f"{name}: {fault}" for fault in _replay(entry, told)]
    for key in sorted({*told, *after.people}):
        was, now = told.get(key), after.people.get(key)
        if _open(was) != _open(now):
            found.append(f"{key[0]} {key[1]}: is {_open(now)}, told {_open(was)}")
        first = before.people.get(key)
        if first and now:
            found += [
                f"{key}: {column} unsaid"
                for column in SECRET
                if first.get(column) != now.get(column) and column not in said.get(key, ())
            ]
    return found + _evidence(before, after, by)


def _replay(entry: AuditEntry, told: dict[tuple[str, int], Row]) -> list[str]:
    key = (entry.place, entry.row)
    standing = told.get(key)
    if entry.act == "made":
        told[key] = entry.after
        return ["made twice"] if standing is not None or entry.before is not None else []
    if standing is None:
        return [f"{entry.act}, and was not there"]
    if entry.act == "removed":
        del told[key]
        return [] if _open(standing) == _open(entry.before) else ["removed as something else"]
    if set(entry.before) != set(entry.after) or not entry.before:
        return ["changed in other columns before than after"]
    told[key] = standing | entry.after
    wrong = [name for name, value in entry.before.items() if name not in SECRET and standing.get(name) != value]
    shown = [name for name in SECRET & set(entry.after) if entry.after[name] not in (None, "…")]
    return [f"{', '.join(wrong)} were something else"] * bool(wrong) + [f"shows {', '.join(shown)}"] * bool(shown)


def _columns(entry: AuditEntry) -> set[str]:
    return {*(entry.before or {}), *(entry.after or {})}


def _open(row: Row | None) -> Row | None:
    """What the audit shows of a whole row."""
    if row is None:
        return None
    return {name: value for name, value in row.items() if value is not None and name not in {"id", *SECRET, *CLOCK}}


def _evidence(before: Snapshot, after: Snapshot, by: int | None) -> list[str]:
    """The ledger is its own audit: nothing in it changes, and what is new says who, when, how, and instead of what."""
    found = [f"evidence {pk} was rewritten" for pk, row in before.evidence.items() if after.evidence.get(pk) != row]
    for pk in sorted(after.evidence.keys() - before.evidence.keys()):
        row = after.evidence[pk]
        if row["recorded_by_id"] != by or not row["recorded_at"] or not row["source"]:
            found.append(f"evidence {pk} says neither who nor how: {row['recorded_by_id']}, was {by}")
        if row["supersedes_id"] and row["supersedes_id"] not in after.evidence:
            found.append(f"evidence {pk} stands instead of nothing")
    return found
