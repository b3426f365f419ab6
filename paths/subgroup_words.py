"""Subgroups in words, and learners put into them: schools, values of a field whose use for it is declared, or subgroups
that the district has declared."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lrm.grades import CODES, grade_name
from paths.forms.practice import BY_SCHOOL, BY_SUBGROUP, PracticeScope
from paths.services.practice import PracticeRow

UNKNOWN = ""
ALL = "all"


def say_by(by: str) -> str:
    if by == BY_SCHOOL:
        return _("School")
    if by == BY_SUBGROUP:
        return _("Subgroup")
    return _("Grade") if by == "grade" else by.replace("_", " ").capitalize()


def say_key(by: str, key: str) -> str:
    """A subgroup by its key, where that is a value and not a school."""
    if key == UNKNOWN:
        return _("Not known")
    return grade_name(key) if by == "grade" else key


def say_where(scope: PracticeScope) -> str:
    return scope.school.name if scope.school else _("All schools")


def say_compared(scope: PracticeScope) -> str:
    """By what learners may stand apart here, and for which purpose that was declared."""
    if not scope.subgroups:
        return _("by school and grade only: no use of another field has been declared.")
    declared = "; ".join(f"{one.title} ({one.purpose})" for one in scope.subgroups)
    return _("by school, grade and what the district has declared: %(declared)s. Who is in it today is meant.") % {
        "declared": declared
    }


def by_menus(scope: PracticeScope, route: str) -> list[dict]:
    """For choice_menus.html: the schools, and by what learners stand apart; menus with one thing left out."""
    found: list[dict] = []
    if len(scope.schools) > 1:
        items: list[dict] = [
            {"name": _("All schools"), "url": scope.to(route, school="", by=""), "current": not scope.school}
        ]
        items += [
            {"name": row.name, "url": scope.to(route, school=row.pk, by=""), "current": row == scope.school}
            for row in scope.schools
        ]
        found.append({"name": _("School"), "chosen": say_where(scope), "items": items})
    if len(scope.choices) > 1:
        items = [
            {
                "name": _("By %(what)s") % {"what": say_by(by).lower()},
                "url": scope.to(route, by=by),
                "current": by == scope.by,
            }
            for by in scope.choices
        ]
        chosen = next(item["name"] for item in items if item["current"])
        found.append({"name": _("Rows"), "chosen": chosen, "items": items})
    return found


def subgroups(scope: PracticeScope, rows: Sequence[PracticeRow]) -> list[tuple[str, str, list[PracticeRow]]]:
    """[(key, name, learners)] in the order of names, youngest grade first; never by a figure. Who is in several
    declared subgroups stands in each."""
    if scope.by == BY_SUBGROUP:
        return [(str(one.pk), one.title, [row for row in rows if one.pk in row.subgroups]) for one in scope.subgroups]
    names = {str(school.pk): school.name for school in scope.asked}
    found: dict[str, list[PracticeRow]] = {key: [] for key in names} if scope.by == BY_SCHOOL else {}
    for row in rows:
        key = str(row.school_id) if scope.by == BY_SCHOOL else row.values[scope.by]
        found.setdefault(key, []).append(row)
    if scope.by == BY_SCHOOL:
        return [(key, names[key], found[key]) for key in names]
    place = {code: number for number, code in enumerate(CODES)}
    keys = sorted(found, key=lambda key: (key == UNKNOWN, place.get(key.upper(), len(place)), key))
    return [(key, say_key(scope.by, key), found[key]) for key in keys]
