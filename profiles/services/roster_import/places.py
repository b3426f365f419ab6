"""The tables that an import writes, and the columns by which it is kept and put back."""

from dataclasses import dataclass

from django.db import models

from profiles.models import AdminRole, Enrollment, Guardianship, RosterStamp
from profiles.services.roster_import.entities import ENTITIES


@dataclass(frozen=True)
class Place:
    """columns: as the database names them, everything that an import may change."""

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def row(self, alias: str) -> str:
        """SQL of a row of the kept columns."""
        return f"ROW({', '.join(f'{alias}.{column}' for column in self.columns)})"

    def fingerprint(self, alias: str) -> str:
        """SQL of a number that is another one as soon as one of the columns is."""
        return f"hashtextextended({self.row(alias)}::text, 0)"

    def image(self, alias: str) -> str:
        """SQL of the kept columns as jsonb."""
        return f"(SELECT to_jsonb(s) FROM (SELECT {', '.join(f'{alias}.{column}' for column in self.columns)}) s)"


_MORE = {"accounts": ("key",), "learners": ("number",)}
"""Columns that an import changes beside those of its lines."""
PLACES = {
    **{
        name: Place(
            name,
            entity.model,
            (*entity.columns, *(f"{column}_id" for column in entity.links), *_MORE.get(name, ())),
        )
        for name, entity in ENTITIES.items()
    },
    "enrollments": Place(
        "enrollments", Enrollment, ("key", "roster_id", "learner_id", "account_id", "role", "starts_on", "ends_on")
    ),
    "admin_roles": Place("admin_roles", AdminRole, ("account_id", "kind", "school_id", "starts_on", "ends_on")),
    "guardianships": Place(
        "guardianships",
        Guardianship,
        ("account_id", "learner_id", "relation", "starts_on", "ends_on", "invited_at", "confirmed_at"),
    ),
    "stamps": Place("stamps", RosterStamp, ("modified_at",)),
}
"""In the order in which they are written; taken back in the other."""
