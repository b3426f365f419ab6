"""The school-wide page as its template shows it: words, bars and addresses, worked out beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.receipt_words import say_method
from assessments.services.policies import InForce
from assessments.services.school_counts import Tally
from assessments.services.school_page import ORDERS, Asked, Column, Line, Matrix, StandardLine
from lrm.as_of import NAME
from lrm.drawing import level_bar


@dataclass(frozen=True)
class Address:
    """Addresses of the page with what is chosen now, changed in places; an empty value leaves a choice out."""

    asked: Asked

    def to(self, route: str = "school", **changes: object) -> str:
        chosen = {
            "subject": self.asked.subject.pk,
            "school": self.asked.school.pk if self.asked.school and len(self.asked.schools) > 1 else "",
            "grade": self.asked.grade,
            "section": self.asked.section.pk if self.asked.section else "",
            NAME: self.asked.past.day.isoformat() if self.asked.past else "",
            **changes,
        }
        return f"{reverse(route)}?{urlencode({name: value for name, value in chosen.items() if value})}"


def say_share(tally: Tally, mastery_level: int) -> str:
    share = tally.share(mastery_level)
    return _("no result") if share is None else _("%(share)s %%") % {"share": share}


def say_counted(columns: Sequence[Column]) -> dict:
    """What the figures count. word: "Secure or more", or "Met" where columns name it in different words.

    levels: (level, word) of those that count; bar: words as the bars stand, the highest first. Both are those of the
    first column, and empty where columns differ.
    """
    scales = {(column.mastery_level, *map(str, column.policy.words)) for column in columns}
    if len(scales) != 1:
        return {"word": _("Met"), "levels": [], "bar": []}
    policy, mastery = columns[0].policy, columns[0].mastery_level
    named = [(level, policy.word(level)) for level in range(1, policy.scale.levels + 1)]
    is_top = mastery == policy.scale.levels
    word = policy.word(mastery) if is_top else _("%(word)s or more") % {"word": policy.word(mastery)}
    return {"word": word, "levels": named[mastery - 1 :], "bar": [word for _level, word in reversed(named)]}


def bar_of(tally: Tally) -> list[dict]:
    return level_bar(tally.levels, total=max(tally.places, tally.results))


def say_levels(tally: Tally, policy: InForce) -> str:
    """ "4 Extending 3, 3 Secure 12, 2 Building 9, 1 Starting 2, not assessed 4", for readers and tooltips."""
    said = [
        f"{level} {policy.words[level - 1]} {tally.levels.get(level, 0)}" for level in range(policy.scale.levels, 0, -1)
    ]
    return ", ".join([*said, _("not assessed %(n)s") % {"n": tally.not_assessed}])


def draw_line(line: Line, matrix: Matrix, address: Address, opened: str) -> dict:
    cells = []
    for column, tally in zip(matrix.columns, line.tallies, strict=True):
        at = f"{line.key}.{column.key}"
        share = say_share(tally, column.mastery_level)
        cells.append(
            {
                "url": address.to(at=at) if tally.results else "",
                "is_open": opened == at or opened.startswith(f"{at}."),
                "share": share,
                "results": tally.results,
                "label": _("%(row)s, %(column)s: %(share)s of %(n)s results, %(levels)s")
                % {
                    "row": line.name,
                    "column": column.name,
                    "share": share,
                    "n": tally.results,
                    "levels": say_levels(tally, column.policy),
                },
                "bar": bar_of(tally),
            }
        )
    return {"line": line, "url": _deeper(line, matrix.asked, address), "cells": cells}


def _deeper(line: Line, asked: Asked, address: Address) -> str:
    """Where the name of a row leads: one step nearer to the learners; "" for the row that the page is about."""
    if line.is_total:
        return ""
    if line.section is not None:
        wall = reverse("section_wall", args=[line.section.pk])
        return f"{wall}?{urlencode({NAME: asked.past.day})}" if asked.past else wall
    if asked.school is None:
        return address.to(school=line.school_ids[0])
    return address.to(grade=line.grades[0])


def draw_panel(
    line: Line, column: Column, tally: Tally, standards: Sequence[StandardLine], address: Address, chosen: str
) -> dict:
    """tally: of the cell.    chosen: id of the standard whose list is open, as text, or ""."""
    return {
        "place": line.name,
        "column": column,
        "share": say_share(tally, column.mastery_level),
        "tally": tally,
        "word": column.policy.words[column.mastery_level - 1],
        "back": address.to(),
        "standards": [
            {
                "standard": standard,
                "url": address.to(at=f"{line.key}.{column.key}.{standard.standard_id}"),
                "is_open": chosen == str(standard.standard_id),
                "share": say_share(standard.tally, column.mastery_level),
                "bar": bar_of(standard.tally),
                "levels": say_levels(standard.tally, column.policy),
            }
            for standard in standards
        ],
    }


def draw_orders(address: Address, at: str, order: str) -> list[dict]:
    """The headings of the list, each an address that sorts by it."""
    names = {"name": _("Student"), "class": _("Class"), "level": _("Level"), "newest": _("Newest")}
    return [
        {
            "key": key,
            "name": names[key],
            "url": address.to(at=at, order=key),
            "sorted": ("descending" if key == "newest" else "ascending") if key == order else "",
        }
        for key in ORDERS
    ]


def say_scope(asked: Asked) -> str:
    """What stands over the page: "Lantern Street School", "All 6 schools"."""
    if asked.section:
        return asked.section.title
    if asked.school:
        return asked.school.name
    n = len(asked.schools)
    return ngettext("%(n)s school", "All %(n)s schools", n) % {"n": n}


def say_figures(tally: Tally) -> dict[str, str]:
    """The counts of a whole page, in groups of thousands."""
    counts = {"results": tally.results, "not_assessed": tally.not_assessed, "places": tally.places}
    return {name: number_format(n, use_l10n=True, force_grouping=True) for name, n in counts.items()}


def say_methods(columns: Sequence[Column]) -> str:
    """Every method in force on the page, once: "Newest counts most, 65 %"."""
    said = []
    for column in columns:
        words = say_method(column.policy)
        if words not in said:
            said.append(words)
    return "; ".join(said)
