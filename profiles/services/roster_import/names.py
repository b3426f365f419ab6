"""Rows of a roster by the names that people know them by."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from profiles.models import AdminRole, Course, Enrollment, Guardianship
from profiles.services.roster_import.places import PLACES
from profiles.services.roster_import.undo_plan import CHANGED, GONE, IN_THE_WAY


def named_rows(rows: Iterable[Sequence[Any]]) -> list[dict[str, str]]:
    """rows: (place, primary key) or (place, primary key, why). Gives dicts of name, what and why, in the same order."""
    rows = list(rows)
    ids: dict[str, list[int]] = {}
    for place, pk, *_why in rows:
        ids.setdefault(place, []).append(pk)
    names = {place: _names(place, pks) for place, pks in ids.items()}
    kinds, whys = _kinds(), _whys()
    return [
        {
            "name": names[place].get(pk) or _("no longer here"),
            "what": kinds.get(place, place),
            "why": whys.get(why[0], "") if why else "",
        }
        for place, pk, *why in rows
    ]


def _names(place: str, ids: list[int]) -> dict[int, str]:
    if place == "enrollments":
        places = Enrollment._base_manager.filter(pk__in=ids).select_related("learner", "account", "roster")
        return {row.pk: f"{row.learner or row.account}, {row.roster}" for row in places}
    if place == "guardianships":
        families = Guardianship._base_manager.filter(pk__in=ids).select_related("account", "learner")
        return {row.pk: f"{row.account}, {row.learner}" for row in families}
    if place == "admin_roles":
        return {row.pk: str(row.account) for row in AdminRole.objects.filter(pk__in=ids).select_related("account")}
    if place == "courses":
        return dict(Course._base_manager.filter(pk__in=ids).values_list("pk", "title"))
    return {row.pk: str(row) for row in PLACES[place].model._base_manager.filter(pk__in=ids)}


def _kinds() -> dict[str, str]:
    return {
        "schools": _("school"),
        "sessions": _("term"),
        "courses": _("course"),
        "rosters": _("class list"),
        "sections": _("class"),
        "accounts": _("account"),
        "learners": _("student"),
        "enrollments": _("place on a class list"),
        "admin_roles": _("administrator"),
        "guardianships": _("family"),
    }


def _whys() -> dict[str, str]:
    return {
        CHANGED: _("changed since"),
        GONE: _("what it belonged to is gone"),
        IN_THE_WAY: _("something newer is in its place"),
    }
