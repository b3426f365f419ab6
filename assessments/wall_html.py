"""Rows of a wall as lean HTML: a template would spend most of the page's time on its 1,200 cells.

The markup of a cell is the one of docs/design.md; every text is escaped. That the wall is one stop for the tab key is
the script's doing: without it, every cell must be within reach.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.services.walls import NO_RESULT, Column, Row, say_cell

TRENDS = {1: " data-trend=up", -1: " data-trend=down", 0: ""}


def row_cells(row: Row, columns: list[Column], words: tuple, *, opened: str) -> SafeString:
    """The cells of a row. opened: "learner.standard" of the cell whose receipt is open, or ""."""
    name, parts, nothing = row.learner.name, [], escape(_("no result"))
    for column, cell in zip(columns, row.cells, strict=True):
        at = f"{row.learner.pk}.{column.standard.pk}"
        label = escape(say_cell(name, column.standard.label, cell, words))
        first = " data-first" if column.starts_domain else ""
        current = " aria-current=true" if at == opened else ""
        if cell.level == NO_RESULT:
            inner = f'<button name=at value={at}{current} aria-label="{label}">{nothing}</button>'
        else:
            by = " data-by=teacher" if cell.by_teacher else ""
            inner = (
                f"<button name=at value={at} data-level={cell.level}{TRENDS[cell.trend]}{by}{current}"
                f' aria-label="{label}">{cell.level}</button>'
            )
        parts.append(f"<td{first}>{inner}")
    return mark_safe("".join(parts))  # noqa: S308  every text in it went through escape()
