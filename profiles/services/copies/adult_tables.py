"""Every table that holds something about an adult: rows that are theirs, and what they did for the school, counted.

Rows about students are the students' and stand in their copies, so that nobody takes a class along as their own record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Max, Min
from django.utils import timezone

from lrm.inventory import models_with_people
from lrm.privacy import OWN, privacy_of
from lrm.records import rows_of_adult, ways_to_adult
from profiles.models import Account, AuditEntry
from profiles.services.copies.labels import label_of
from profiles.services.copies.tables import Table, table_of
from profiles.services.copies.values import plain
from profiles.services.copies.words import words_of

ALSO = {"profiles.Enrollment.account", "profiles.BulkExport.account", "profiles.RosterImport.account"}
"""Rows of the school that are told one by one: they are about nobody else."""
NOT_SHOWN = {"profiles.KeptAnswer", "profiles.AdultCopy", "profiles.Upload", "standards.PackageUpload"}
"""Files and answers on the way, which are about others, and copies like this one."""
SECRET = frozenset({"password", "data", "session_data", "token", "digest", "secret"})


@dataclass(frozen=True)
class Counted:
    """What somebody did for the school: rows of a kind in which a field names them. first, last: "" where unknown."""

    title: str
    field: str
    n: int
    first: str
    last: str


def adult_tables(account: Account) -> Iterator[Table]:
    """One after another, tables without a row too. Whoever asks has opened the district's scope."""
    yield table_of(Account, privacy_of(Account), Account.objects.filter(pk=account.pk), account, hidden=SECRET)
    for model, way in ways_to_adult():
        if (_is_own(model, way) and model._meta.label not in NOT_SHOWN) or str(way) in ALSO:
            yield table_of(model, privacy_of(model), rows_of_adult(model, way, account.pk), account, hidden=SECRET)
    looks = models_by_label()["profiles.AccessLog"]
    rows = looks._base_manager.filter(account=account).order_by("at", "pk").values("at", "route").iterator()
    yield Table(looks, privacy_of(looks), [{"at": plain(row["at"]), "page": row["route"]} for row in rows])
    yield Table(AuditEntry, privacy_of(AuditEntry), list(_changes(account)))


def counted(account: Account) -> list[Counted]:
    found: list[Counted] = []
    for model, way in ways_to_adult():
        is_told = str(way) in ALSO or model._meta.label in ("profiles.AccessLog", "profiles.AuditEntry")
        if not is_told and not _is_own(model, way):
            found += _count(model, way, account)
    return sorted(found, key=lambda each: (each.title, each.field))


def _count(model: type[models.Model], way: models.Field, account: Account) -> Iterator[Counted]:
    at = _date_of(model)
    asked = {"first": Min(at), "last": Max(at)} if at else {}
    said = rows_of_adult(model, way, account.pk).aggregate(n=models.Count("pk"), **asked)
    if said["n"]:
        title, field = words_of(model), label_of(model, way.name)
        yield Counted(title, field, said["n"], _day(said.get("first")), _day(said.get("last")))


def _changes(account: Account) -> Iterator[dict[str, Any]]:
    """What was changed about the person; of what they changed about others, nothing."""
    for entry in AuditEntry.objects.filter(account=account).order_by("pk").select_related("by").iterator(500):
        yield {
            "at": plain(entry.at),
            "way": entry.get_way_display(),
            "place": entry.get_place_display(),
            "act": entry.get_act_display(),
            "before": entry.before or {},
            "after": entry.after or {},
        }


def _is_own(model: type[models.Model], way: models.Field) -> bool:
    return privacy_of(model).way_of_adult(way) == OWN


def _date_of(model: type[models.Model]) -> str:
    """When a row was made: the first of its days and times."""
    return next((each.name for each in model._meta.concrete_fields if isinstance(each, models.DateField)), "")


def _day(at: datetime | date | None) -> str:
    if isinstance(at, datetime):
        at = timezone.localtime(at).date() if timezone.is_aware(at) else at.date()
    return at.isoformat() if at else ""


@cache
def models_by_label() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for model, _declared in models_with_people()}
