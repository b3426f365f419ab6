"""The school-wide page as its template shows it: words, bars and addresses, worked out beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.left_out_words import say_beside, say_left_out, say_reasons
from assessments.receipt_words import join_methods, say_method
from assessments.school_filters import SchoolFilters
from assessments.services.policies import InForce
from assessments.services.school_asked import Asked, Column, Line, Matrix, say_schools
from assessments.services.school_counts import Tally
from assessments.services.school_lists import ORDERS
from assessments.services.school_page import StandardLine
from lrm.as_of import NAME
from lrm.drawing import level_bar


@dataclass(frozen=True)
class Address:
    """Addresses of the page with what is chosen now, changed in places; an empty value takes a choice away."""

    filters: SchoolFilters

    def to(self, route: str = "school", *, at: str = "", order: str = "", **changes: object) -> str:
        query = self.filters.but(**changes).query(at=at, order=order)
        return f"{reverse(route)}?{query}" if query else reverse(route)


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
    return {"word": say_met(policy), "levels": named[mastery - 1 :], "bar": [word for _level, word in reversed(named)]}


def say_met(policy: InForce) -> str:
    """ "Secure or more", the word alone where there is no level above it."""
    level = policy.scale.mastery_level
    word = policy.word(level)
    return word if level == policy.scale.levels else _("%(word)s or more") % {"word": word}


def bar_of(tally: Tally) -> list[dict]:
    return level_bar(tally.levels, total=tally.expected)


def say_levels(tally: Tally, policy: InForce) -> str:
    """ "4 Extending 3, 3 Secure 12, 1 Starting 2, left out 4: 3 no result yet, 1 excused", to readers."""
    said = [
        f"{level} {policy.words[level - 1]} {tally.levels.get(level, 0)}" for level in range(policy.scale.levels, 0, -1)
    ]
    return ", ".join([*said, say_left_out(tally.reasons)])


@dataclass(frozen=True)
class Cell:
    """A figure of the page, of its file and of its print: one of each row and column.

    share, share_then: percent, None without a result.    points: of change, None where one is missing; change: the
    same in words.
    """

    column: Column
    tally: Tally
    share: int | None
    said: str
    url: str = ""
    is_open: bool = False
    label: str = ""
    tally_then: Tally | None = None
    share_then: int | None = None
    then: str = ""

    @property
    def points(self) -> int | None:
        return None if self.share is None or self.share_then is None else self.share - self.share_then

    @property
    def change(self) -> str:
        return "" if self.points is None else say_change(self.points)

    @property
    def results(self) -> int:
        return self.tally.results

    @property
    def of(self) -> str:
        return say_of(self.tally)

    @property
    def bar(self) -> list[dict]:
        return bar_of(self.tally)


def draw_line(line: Line, matrix: Matrix, address: Address, opened: str) -> dict:
    cells = []
    for place, (column, tally) in enumerate(zip(matrix.columns, line.tallies, strict=True)):
        at = f"{line.key}.{column.key}"
        at_standard = f"{at}.{column.standard_id}" if column.standard_id else at
        said = say_share(tally, column.mastery_level)
        cell = Cell(
            column,
            tally,
            tally.share(column.mastery_level),
            said,
            url=address.to(at=at_standard) if tally.results else "",
            is_open=opened == at_standard or opened.startswith(f"{at_standard}."),
        )
        if matrix.then_policies:
            cell = _beside(cell, line.then[place], matrix.then_policies[place].scale.mastery_level)
        words = {"row": line.name, "column": column.name, "share": said, "n": tally.results}
        label = _("%(row)s, %(column)s: %(share)s of %(n)s results, %(levels)s") % {
            **words,
            "levels": say_levels(tally, column.policy),
        }
        cells.append(replace(cell, label=f"{label}. {cell.then}" if cell.then else label))
    total = line.total
    return {
        "line": line,
        "url": _deeper(line, matrix.asked, address),
        "cells": cells,
        "left_out": number_format(total.left_out, use_l10n=True, force_grouping=True),
        "reasons": say_beside(total.reasons),
    }


def say_of(tally: Tally) -> str:
    """What stands small beside a share: "114/120", results and places."""
    return f"{tally.results}/{tally.expected}"


def _beside(cell: Cell, then: Tally, mastery_level: int) -> Cell:
    return replace(cell, tally_then=then, share_then=then.share(mastery_level), then=say_then(then, mastery_level))


def say_then(then: Tally, mastery_level: int) -> str:
    """A figure of the day that is compared with: "was 46 %, 114/120"."""
    if not then.results:
        return _("no result then")
    return _("was %(share)s, %(n)s") % {"share": say_share(then, mastery_level), "n": say_of(then)}


def say_change(points: int) -> str:
    """ "+6", "−2", "±0"; in points of percent."""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "±0"


def _deeper(line: Line, asked: Asked, address: Address) -> str:
    """Where the name of a row leads: one step nearer to the learners; "" for the row that the page is about, and for
    who has no grade, to whom the page cannot be narrowed."""
    if line.is_total:
        return ""
    if line.section is not None:
        wall = reverse("section_wall", args=[line.section.pk])
        return f"{wall}?{urlencode({NAME: asked.past.day})}" if asked.past else wall
    if asked.school is None:
        return address.to(school=line.school_ids[0])
    return address.to(grade=line.grades[0]) if line.grades[0] else ""


def draw_panel(
    line: Line,
    column: Column,
    tally: Tally,
    standards: Sequence[StandardLine],
    address: Address,
    chosen: str,
    *,
    then: str = "",
) -> dict:
    """tally: of the cell; then: of the other day, in words.

    chosen: id of the standard whose list is open, as text, or "".
    """
    return {
        "place": line.name,
        "column": column,
        "share": say_share(tally, column.mastery_level),
        "then": then,
        "tally": tally,
        "left_out": say_left_out(tally.reasons),
        "word": column.policy.words[column.mastery_level - 1],
        "counted": say_counted([column])["word"],
        "method": say_method(column.policy),
        "back": address.to(),
        "standards": [
            {
                "standard": standard,
                "url": address.to(at=f"{line.key}.{column.key}.{standard.standard_id}"),
                "is_open": chosen == str(standard.standard_id),
                "share": say_share(standard.tally, column.mastery_level),
                "bar": bar_of(standard.tally),
                "of": say_of(standard.tally),
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
    """What stands over the page: "Lantern Street School", "Both schools"."""
    if asked.section:
        return asked.section.title
    if asked.school:
        return asked.school.name
    return say_schools(len(asked.schools))


def say_figures(tally: Tally) -> dict[str, str]:
    """The counts of a whole page, in groups of thousands; reasons: why places are left out, in words."""
    counts = {"results": tally.results, "left_out": tally.left_out, "places": tally.expected}
    said = {name: number_format(n, use_l10n=True, force_grouping=True) for name, n in counts.items()}
    return said | {"reasons": say_reasons(tally.reasons)}


def say_methods(columns: Sequence[Column], policies: Sequence[InForce] = ()) -> str:
    """Every method in force on the page: "Newest counts most, 65 %"; where they differ, of which columns each is.

    policies: others than those of the columns, one a column.
    """
    methods = policies or [column.policy for column in columns]
    return join_methods((column.name, policy) for column, policy in zip(columns, methods, strict=True))
