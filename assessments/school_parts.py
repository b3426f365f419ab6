"""The table of the school's page in the parts that sheets of paper take: all rows, as many columns as fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assessments.services.published import Published, PublishedLine
from assessments.services.school_asked import Column, Matrix

UPRIGHT, ACROSS, ACROSS_COMPARED = 4, 8, 6
"""Columns of figures that fit on a sheet that stands, on one that is turned, and there beside those of another day."""


@dataclass(frozen=True)
class SchoolPart:
    """lines: as draw_line gives them.    number: of the table on paper, 0 for the whole one of the screen.

    first, last: which of all columns, from 1.    is_last: what is left out stands beside these.
    width: cells of a row.    is_wide: the sheet is turned.
    """

    columns: Sequence[Column]
    lines: list[dict[str, Any]]
    published: list[PublishedLine]
    number: int
    first: int
    last: int
    is_last: bool
    width: int
    is_wide: bool


def draw_parts(
    matrix: Matrix, lines: list[dict[str, Any]], published: Published | None, *, has_terms: bool
) -> dict[str, Any]:
    """whole: for the screen, and for paper where it fits.    sheets: for paper where it does not, else none."""
    n, fits = len(matrix.columns), ACROSS_COMPARED if matrix.then_policies else ACROSS
    others = published.lines if published else []

    def part(number: int, start: int, end: int) -> SchoolPart:
        is_last = end == n
        return SchoolPart(
            columns=matrix.columns[start:end],
            lines=[line | {"cells": line["cells"][start:end]} for line in lines],
            published=[replace(line, cells=line.cells[start:end]) for line in others],
            number=number,
            first=start + 1,
            last=end,
            is_last=is_last,
            width=end - start + 1 + (1 + has_terms if is_last else 0),
            is_wide=n > UPRIGHT,
        )

    count = -(-n // fits)
    size = -(-n // count) if count else 1
    sheets = [part(at + 1, at * size, min((at + 1) * size, n)) for at in range(count)] if count > 1 else []
    return {"whole": part(0, 0, n), "sheets": sheets}
