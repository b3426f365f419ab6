"""Rows of a wall as lean HTML: a template would spend most of the page's time on its 1,200 cells.

The markup of a cell is the one of docs/design.md; every text is escaped. That the wall is one stop for the tab key is
the script's doing: without it, every cell must be within reach.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.services.policies import InForce
from assessments.services.walls import NO_RESULT, Cell, Column, Row, say_cell

_Drawn = dict[Cell, tuple[str, str, str]]
TRENDS = {1: " data-trend=up", -1: " data-trend=down", 0: ""}


class WallCells:
    """Draws the cells of one wall: what a level looks like and is called is worked out once for all cells that have it.

    opened: "learner.standard" of the cell whose receipt is open, or "".
    more: what a cell's address keeps of the page's: "" or "&sort=7".

    Cells are links, not buttons: a form's buttons cost a browser the square of their number.
    """

    def __init__(self, columns: list[Column], *, opened: str, more: str = ""):
        drawn: dict[int, _Drawn] = {}  # by framework, whose policy names the levels
        self._columns = [
            (
                f"{column.standard.pk}",
                escape(column.standard.label),
                " data-first" if column.starts_domain else "",
                column.policy,
                drawn.setdefault(column.standard.framework_id, {}),
            )
            for column in columns
        ]
        self._opened = opened
        self._more = escape(more)

    def of(self, row: Row) -> SafeString:
        """The <td>s of a row."""
        learner, name = row.learner.pk, escape(row.learner.name)
        opened, more = self._opened, self._more
        parts = []
        for (standard, code, first, policy, drawn), cell in zip(self._columns, row.cells, strict=True):
            attributes, said, text = drawn.get(cell) or drawn.setdefault(cell, _draw(cell, policy))
            at = f"{learner}.{standard}"
            current = " aria-current=true" if at == opened else ""
            parts.append(
                f'<td{first}><a href="?at={at}{more}"{attributes}{current}'
                f' aria-label="{name}, {code}, {said}">{text}</a>'
            )
        return mark_safe("".join(parts))  # noqa: S308  every text in it went through escape()


def _draw(cell: Cell, policy: InForce) -> tuple[str, str, str]:
    """Attributes, accessible words and text of a cell."""
    said = escape(say_cell(cell, policy))
    if cell.level == NO_RESULT:
        return "", said, said
    by = " data-by=teacher" if cell.by_teacher else ""
    by += " data-newer" if cell.newer_disagree else ""
    return f" data-level={cell.level}{TRENDS[cell.trend]}{by}", said, str(cell.level)
