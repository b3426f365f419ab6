"""What a plan of an import is said in: for its page and for the file with every difference."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.services.planning import CHANGED, NEW, RESTORED, RETIRED, Difference, Plan
from standards.services.reading import OUTWARD
from standards.services.text import plain_text

SHOWN = 100
WHAT: dict[str, Any] = {
    NEW: gettext_lazy("New"),
    CHANGED: gettext_lazy("Changed"),
    RESTORED: gettext_lazy("Back again"),
    RETIRED: gettext_lazy("Retired"),
}
# Columns, and those keys of CASE that people meet; all others go by their own names, as in the file.
FIELDS: dict[str, Any] = {
    "code": gettext_lazy("Code"),
    "statement": gettext_lazy("Statement"),
    "short_title": gettext_lazy("Short title"),
    "kind": gettext_lazy("Kind"),
    "grades": gettext_lazy("Grades"),
    "uri": gettext_lazy("Address"),
    "subject": gettext_lazy("Subject"),
    "parent": gettext_lazy("Stands below"),
    "title": gettext_lazy("Title"),
    "notes": gettext_lazy("Notes"),
    "description": gettext_lazy("Description"),
    "sequenceNumber": gettext_lazy("Place"),
    "lastChangeDateTime": gettext_lazy("Last changed there"),
}


def taken_over(plan: Plan) -> str:
    """What has come of it, for whoever took the package over."""
    if plan.is_unchanged:
        return _("No change: everything was so already.")
    said = _("%(title)s is here: %(standards)s standards, %(associations)s associations.")
    counts = {"standards": plan.standards.total, "associations": plan.associations.total}
    return said % {"title": plan.package.document.title, **counts}


def field_rows(difference: Difference) -> list[dict[str, str]]:
    """What is different about one, each with what stood before and what would stand after."""
    return [
        {"name": str(FIELDS.get(name, name)), "before": plain_text(before), "after": plain_text(after)}
        for name, before, after in difference.fields
    ]


def _below() -> str:
    return _("%(one)s stands below %(other)s")


def _title(difference: Difference, below: str) -> str:
    """below: the words of `_below`."""
    if not difference.kind:
        return difference.label
    if difference.kind == "isChildOf":
        return below % {"one": difference.label, "other": difference.other}
    return f"{difference.label}: {OUTWARD.get(difference.kind, difference.kind)} {difference.other}"


def lists(plan: Plan, in_use: Mapping[int, int]) -> list[dict[str, Any]]:
    """Standards and associations that would not be as before, by what would become of them, the first hundred of each.

    in_use: standard id -> how many students have evidence on it; those stand first among the retired.
    """
    found, below = [], _below()
    for of_links, differences in ((False, plan.differences), (True, plan.link_differences)):
        for what, title in WHAT.items():
            rows = [one for one in differences if one.what == what]
            if not rows:
                continue
            if what == RETIRED and not of_links:
                rows.sort(key=lambda one: -in_use.get(one.standard or 0, 0))
            found.append(
                {
                    "title": title,
                    "of_links": of_links,
                    "total": len(rows),
                    "rows": [
                        {
                            "title": _title(one, below),
                            "fields": field_rows(one),
                            "in_use": in_use.get(one.standard or 0, 0),
                        }
                        for one in rows[:SHOWN]
                    ],
                    "more": max(0, len(rows) - SHOWN),
                }
            )
    return found


def table(plan: Plan, in_use: Mapping[int, int]) -> list[list[object]]:
    """Every difference as rows of a file, the heading first; one row a field where something is changed.

    Words are translated once, not for each of thousands of rows.
    """
    heading = [_("What"), _("Of"), _("Which"), _("Field"), _("Before"), _("After"), _("Students with results")]
    rows: list[list[object]] = [[*heading]]
    whats = {what: str(words) for what, words in WHAT.items()}
    names = {name: str(words) for name, words in FIELDS.items()}
    below = _below()
    for of, differences in ((_("Standard"), plan.differences), (_("Association"), plan.link_differences)):
        for one in differences:
            start: list[object] = [whats[one.what], of, _title(one, below)]
            students = in_use.get(one.standard or 0, 0) or ""
            for name, before, after in one.fields or [("", "", "")]:
                rows.append([*start, names.get(name, name), plain_text(before), plain_text(after), students])
    return rows
