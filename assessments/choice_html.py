"""Rows of a wall with a box in each cell, as lean as the wall itself (wall_html.py); every text is escaped."""

from collections.abc import Collection, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.services.standing import Pair
from assessments.services.walls import NO_RESULT, Column, Row, say_cell


def choice_cells(row: Row, columns: list[Column], *, seen: Mapping[Pair, int], ticked: Collection[Pair]) -> SafeString:
    """The cells of a row as boxes to tick.

    seen: (learner, standard) to the record of the override in force; a cell that is not in it has none.
    """
    name, parts = escape(row.learner.name), []
    for column, cell in zip(columns, row.cells, strict=True):
        pair = (row.learner.pk, column.standard.pk)
        said = escape(say_cell(cell, column.policy))
        first = " data-first" if column.starts_domain else ""
        level = f" data-level={cell.level}" if cell.level != NO_RESULT else ""
        by = " data-by=teacher" if cell.by_teacher else ""
        checked = " checked" if pair in ticked else ""
        parts.append(
            f"<td{first}><label{level}{by}><input type=checkbox name=cell value={pair[0]}.{pair[1]}.{seen.get(pair, 0)}"
            f'{checked} aria-label="{name}, {escape(column.standard.label)}, {said}">'
            f"{cell.level if level else said}</label>"
        )
    return mark_safe("".join(parts))  # noqa: S308  every text in it went through escape()
