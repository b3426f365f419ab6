"""What the district has already, by the keys of the student information system."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from profiles.models import Account, District, Enrollment
from profiles.services.roster_import.entities import ENTITIES, Entity
from profiles.services.roster_import.known import Known


@dataclass(slots=True)
class Kept:
    """A stored row: its primary key, its values by column with links as keys, and the links as primary keys too."""

    pk: int
    values: dict[str, Any]
    link_ids: dict[str, int | None]


@dataclass(slots=True)
class KeptEnrollment:
    pk: int
    key: str | None
    roster: str | None
    person: str | None
    is_learner: bool
    role: str
    starts_on: date
    ends_on: date | None


@dataclass(slots=True)
class Stored:
    """rows: entity -> key -> row. loose: open enrollments without a key, by (roster, person).

    open_places: all open enrollments of learners, by the same.

    addresses: lower-case address -> (primary key, key, kind) of the account that has it; key None and kind "" where
    the account is another district's.
    """

    rows: dict[str, dict[str, Kept]] = field(default_factory=dict)
    enrollments: dict[str, KeptEnrollment] = field(default_factory=dict)
    loose: dict[tuple[str | None, str | None], KeptEnrollment] = field(default_factory=dict)
    open_places: dict[tuple[str | None, str | None], list[KeptEnrollment]] = field(default_factory=dict)
    addresses: dict[str, tuple[int, str | None, str]] = field(default_factory=dict)

    def __getitem__(self, entity: str) -> dict[str, Kept]:
        return self.rows.get(entity, {})

    def known(self) -> Known:
        leads: dict[str, set[str]] = {}
        for key, row in self.enrollments.items():
            if row.role == Enrollment.Role.TEACHER and row.ends_on is None and row.roster:
                leads.setdefault(row.roster, set()).add(key)
        closed = {key for key, kept in self["sections"].items() if kept.values["archived_at"] is not None}
        return Known(
            schools=self._in_force("schools"),
            courses=frozenset(self["courses"]),
            rosters=frozenset(self["rosters"]) - closed,
            learners=self._in_force("learners"),
            sessions={key: (kept.values["parent"], kept.values["starts_on"]) for key, kept in self["sessions"].items()},
            kinds={key: kept.values["kind"] for key, kept in self["accounts"].items() if kept.values["is_active"]},
            leads=leads,
        )

    def _in_force(self, entity: str) -> frozenset[str]:
        return frozenset(key for key, kept in self[entity].items() if kept.values["left_on"] is None)


def read_stored(district: District, *, addresses: list[str]) -> Stored:
    """Everything with a key in this district, in ten statements; and who signs in with these addresses anywhere."""
    stored = Stored(rows={name: _read(entity, district) for name, entity in ENTITIES.items()})
    for row in _enrollments(district):
        if row.key is not None:
            stored.enrollments[row.key] = row
        elif row.ends_on is None:
            stored.loose[row.roster, row.person] = row
        if row.is_learner and row.ends_on is None:
            stored.open_places.setdefault((row.roster, row.person), []).append(row)
    lowered = [address.lower() for address in addresses]
    # Addresses are unique over all districts, and so is this look: it tells that one is taken, not by whom.
    rows = Account.objects.extra(where=["lower(email) = ANY(%s)"], params=[lowered])
    for pk, owner, key, kind, email in rows.values_list("pk", "district_id", "key", "kind", "email"):
        stored.addresses[(email or "").lower()] = (
            pk,
            key if owner == district.pk else None,
            kind if owner == district.pk else "",
        )
    return stored


def _read(entity: Entity, district: District) -> dict[str, Kept]:
    links = [f"{column}__key" for column in entity.links]
    rows = entity.model._base_manager.filter(district=district, key__isnull=False)
    found = {}
    ids = [f"{column}_id" for column in entity.links]
    width = len(entity.written)
    for pk, key, *values in rows.values_list("pk", "key", *entity.columns, *links, *ids):
        link_ids = dict(zip(entity.links, values[width:], strict=True))
        found[key] = Kept(pk, dict(zip(entity.written, values[:width], strict=True)), link_ids)
    return found


def _enrollments(district: District) -> list[KeptEnrollment]:
    rows = Enrollment._base_manager.filter(roster__district=district).values_list(
        "pk",
        "key",
        "roster__key",
        "learner__key",
        "account__key",
        "learner_id",
        "role",
        "starts_on",
        "ends_on",
    )
    return [
        KeptEnrollment(pk, key, roster, learner or account, learner_id is not None, role, starts_on, ends_on)
        for pk, key, roster, learner, account, learner_id, role, starts_on, ends_on in rows
    ]
