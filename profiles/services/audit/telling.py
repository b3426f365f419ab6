"""Entries of the audit in words: names instead of ids, what was and what is, as a district says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from lrm import days
from profiles.models import Account, AuditEntry, Learner
from profiles.services.audit.words import COLUMNS, POINTERS, UNSAID

HIDDEN = "…"
Names = dict[tuple[type[models.Model], int], str]


@dataclass(frozen=True)
class Change:
    """before, after: "" for nothing.    is_hidden: it was changed, and neither is said."""

    column: str
    before: str
    after: str
    is_hidden: bool


@dataclass(frozen=True)
class Told:
    """by: "" for nobody.    about: who and what, without `learner`, which is the student it is about."""

    entry: AuditEntry
    by: str
    learner: Learner | None
    about: str
    changes: list[Change]


def tell(entries: Sequence[AuditEntry]) -> list[Told]:
    """As many statements as there are kinds of things in them, at most eight."""
    names, learners = _names(entries), _learners(entries)
    return [_told(entry, names, learners) for entry in entries]


def model_of(entry: AuditEntry) -> type[models.Model]:
    return apps.get_model("profiles", entry.place)


def _told(entry: AuditEntry, names: Names, learners: dict[int, Learner]) -> Told:
    by = "" if entry.by_id is None else names.get((Account, entry.by_id), _("somebody whose account is gone"))
    learner = learners.get(entry.learner_id or 0)
    row = {**(entry.before or {}), **(entry.after or {})}
    about = [
        names.get((model, pk), "")
        for model, pk in _pointers(entry, {"account_id": entry.account_id, "roster_id": entry.roster_id})
    ]
    if entry.act != AuditEntry.Act.CHANGED:
        whole = " ".join(filter(None, (row.get("given_name"), row.get("family_name"))))
        about.append(str(row.get("title") or row.get("name") or whole))
    others = [name for name in dict.fromkeys(about) if name and not (learner and name == learner.name)]
    changes = [] if entry.before is None and entry.after is None else list(_changes(entry, names))
    return Told(entry, by, learner, ", ".join(others), changes)


def _changes(entry: AuditEntry, names: Names) -> Iterable[Change]:
    before, after = entry.before or {}, entry.after or {}
    fields = {field.attname: field for field in model_of(entry)._meta.concrete_fields}
    unsaid = UNSAID if entry.act == AuditEntry.Act.CHANGED else UNSAID | POINTERS
    for column in sorted({*before, *after} - unsaid, key=lambda name: str(COLUMNS.get(name, name))):
        was, now = before.get(column), after.get(column)
        if HIDDEN in (was, now):
            yield Change(str(COLUMNS.get(column, column)), "", "", True)
        elif (said := (_say(was, fields.get(column), names), _say(now, fields.get(column), names))) != ("", ""):
            yield Change(str(COLUMNS.get(column, column)), *said, False)


def _say(value: Any, field: models.Field | None, names: Names) -> str:
    """field: None for a column that there is no more."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if field is None:
        return str(value)
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, int(value)), _("what is not here any more"))
    if isinstance(field, models.DateTimeField):
        at = parse_datetime(str(value))
        return said_at(at) if at else str(value)
    if isinstance(field, models.DateField):
        day = parse_date(str(value))
        return days.said_short(day) if day else str(value)
    return str(dict(field.flatchoices).get(value, value))


def said_at(at: datetime | date) -> str:
    """ "Oct 9 14:05" """
    if not isinstance(at, datetime):
        return days.said_short(at)
    return f"{days.said_short(at)} {timezone.localtime(at):%H:%M}"


def _pointers(entry: AuditEntry, row: dict[str, Any]) -> Iterable[tuple[type[models.Model], int]]:
    fields = {field.attname: field for field in AuditEntry._meta.concrete_fields} | {
        field.attname: field for field in model_of(entry)._meta.concrete_fields
    }
    for column, value in row.items():
        field = fields.get(column)
        if isinstance(field, models.ForeignKey) and isinstance(value, int):
            yield field.related_model, value


def _learners(entries: Sequence[AuditEntry]) -> dict[int, Learner]:
    ids = {entry.learner_id for entry in entries} - {None}
    return Learner.objects.named().in_bulk(ids)


def _names(entries: Sequence[AuditEntry]) -> Names:
    """Of all that entries point at, one statement for each kind of thing."""
    wanted: dict[type[models.Model], set[int]] = {}
    for entry in entries:
        columns = {"by_id": entry.by_id, "account_id": entry.account_id, "roster_id": entry.roster_id}
        for row in (columns, entry.before or {}, entry.after or {}):
            for model, pk in _pointers(entry, row):
                wanted.setdefault(model, set()).add(pk)
    return {
        (model, pk): _name(row)
        for model, ids in wanted.items()
        for pk, row in model._default_manager.in_bulk(ids).items()
    }


def _name(row: models.Model) -> str:
    for attribute in ("name", "title"):
        if isinstance(said := getattr(row, attribute, None), str) and said:
            return said
    return str(row)
