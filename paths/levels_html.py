"""The cells of a learner's levels as lean HTML: forty rows of a template would take half of the page's time.

The markup is that of templates/components/level.html and spark.html; every text is escaped.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lrm.addresses import address
from paths.services.mastery_rows import StandardRow

NOTHING = '<td><span class="hint">–</span></td>'


def level_cells(row: StandardRow, learner_id: int, *, own: bool, compared: bool, query: str = "") -> SafeString:
    """The <td>s of a row: line, level, and where wished what the learner (own) and the teacher say (compared).

    compared: the level column is what results say, and a teacher's level has one of its own.
    query: what the addresses of receipts keep, "?as_of=2026-10-03" or "".
    """
    receipt = escape(address("receipt", learner_id, row.standard_id) + query)
    parts = [f"<td>{_spark(row)}</td>"]
    if compared:
        parts.append(_chip(row.results, receipt, row.results_label) if row.results else NOTHING)
    else:
        parts.append(_chip(row.level, receipt, row.chip_label, by_teacher=row.by_teacher))
    if own:
        parts.append(f'<td><span class="level" data-level="{row.own}">{row.own}</span></td>' if row.own else NOTHING)
    if compared:
        parts.append(_chip(row.level, receipt, row.chip_label, by_teacher=True) if row.by_teacher else NOTHING)
    return mark_safe("".join(parts))  # noqa: S308  every text in it went through escape()


def _chip(level: int | None, receipt: str, label: str, *, by_teacher: bool = False) -> str:
    by = ' data-by="teacher"' if by_teacher else ""
    return (
        f'<td><a href="{receipt}" class="level" data-level="{level}"{by} aria-label="{escape(label)}">{level}</a></td>'
    )


def _spark(row: StandardRow) -> str:
    if not row.days:
        return ""
    drawing = row.spark
    lines = "".join(f'<polyline points="{points}" />' for points in drawing["lines"])
    last = drawing["last"]
    dot = f'<circle cx="{last["x"]}" cy="{last["y"]}" r="2.2" />' if last else ""
    box = f"0 0 {drawing['width']} {drawing['height']}"
    return f'<svg class="spark" viewBox="{box}" role="img" aria-label="{escape(row.spark_label)}">{lines}{dot}</svg>'
