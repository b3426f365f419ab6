"""How rows of a package become rows of ours: which columns, and which links by key."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.models import AcademicSession, Account, Course, Learner, Roster, School, Section


@dataclass(frozen=True)
class Entity:
    """columns: written as they are. links: column -> entity whose key it names."""

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    links: dict[str, str]

    @property
    def written(self) -> list[str]:
        return [*self.columns, *self.links]


ENTITIES = {
    entity.name: entity
    for entity in (
        Entity("schools", School, ("name", "kind", "left_on"), {}),
        Entity(
            "sessions",
            AcademicSession,
            ("title", "kind", "starts_on", "ends_on", "school_year"),
            {"parent": "sessions"},
        ),
        Entity("courses", Course, ("title", "code", "subject", "grade"), {"school": "schools"}),
        Entity("rosters", Roster, ("title", "is_homeroom", "grade"), {"school": "schools", "session": "sessions"}),
        Entity(
            "sections",
            Section,
            ("title", "archived_at"),
            {"roster": "rosters", "course": "courses", "session": "sessions"},
        ),
        Entity("accounts", Account, ("kind", "email", "given_name", "family_name", "is_active"), {}),
        Entity(
            "learners",
            Learner,
            ("given_name", "family_name", "preferred_name", "grade", "left_on"),
            {"home_school": "schools", "account": "accounts"},
        ),
    )
}
LABELS: dict[str, Any] = {
    "name": _("name"),
    "kind": _("kind"),
    "left_on": _("left on"),
    "title": _("title"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "school_year": _("school year"),
    "parent": _("part of"),
    "code": _("code"),
    "subject": _("subject"),
    "grade": _("grade"),
    "school": _("school"),
    "is_homeroom": _("homeroom"),
    "session": _("term"),
    "archived_at": _("closed"),
    "roster": _("class list"),
    "course": _("course"),
    "email": _("e-mail"),
    "given_name": _("given name"),
    "family_name": _("family name"),
    "is_active": _("may sign in"),
    "preferred_name": _("called"),
    "home_school": _("home school"),
    "account": _("account"),
    "role": _("role"),
    "key": _("ID"),
    "place": _("place on the class list"),
}
"""What a changed column is called on the page."""
