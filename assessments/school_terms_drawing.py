"""The rows of the school-wide page over the terms: a line each, labelled at its end, and its figures as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.school_drawing import say_change, say_methods
from assessments.services.school_asked import Line, Matrix
from assessments.services.school_counts import Tally
from assessments.services.school_terms import Month, Point, Terms
from lrm.drawing import height_of, line

WIDTH, HEIGHT, MARGIN = 820, 220, 24
LABELS = 250
"""Room at the end for the names of rows."""
MOST_LINES = 8
"""Beyond so many rows only the first is drawn; the table has them all."""
LEAST_APART = 14


@dataclass(frozen=True)
class TermsRow:
    """now: the figure of the page itself, the last point.

    moved: points of percent from the first month with a result to it, None where one is missing; change: in words.
    """

    line: Line
    points: list[Point]
    now: Point
    moved: int | None
    spark: dict

    @property
    def change(self) -> str:
        return "" if self.moved is None else say_change(self.moved)

    @property
    def said(self) -> str:
        """The line in words, for readers."""
        shares = [_("no result") if point.share is None else f"{point.share} %" for point in (*self.points, self.now)]
        return ", ".join(shares)


def draw_terms(matrix: Matrix, terms: Terms) -> dict:
    """What stands under the matrix; "rows" is empty where no month has closed yet."""
    if not terms.months:
        return {"months": [], "rows": [], "chart": None}
    rows = [draw_row(each, terms.points[each.key], matrix) for each in matrix.lines]
    return {"months": terms.months, "rows": rows, "chart": _chart(rows, terms.months), "methods": _methods(terms)}


def _methods(terms: Terms) -> list[tuple[date, str]]:
    """(from which month on, method in words), where it has changed on the way."""
    found: list[tuple[date, str]] = []
    for month in terms.months:
        said = say_methods(terms.columns, terms.policies[month.day])
        if not found or found[-1][1] != said:
            found.append((month.day, said))
    return found if len(found) > 1 else []


def draw_row(each: Line, points: Sequence[Point], matrix: Matrix) -> TermsRow:
    reached = sum(
        tally.reached(column.mastery_level) for column, tally in zip(matrix.columns, each.tallies, strict=True)
    )
    whole = sum(each.tallies, Tally())
    now = Point(round(100 * reached / whole.results) if whole.results else None, whole, each.learners)
    shares = [point.share for point in (*points, now)]
    seen = [share for share in shares if share is not None]
    moved = seen[-1] - seen[0] if len(seen) > 1 and now.share is not None else None
    return TermsRow(each, list(points), now, moved, line(shares, low=0, high=100, width=72))


def _chart(rows: Sequence[TermsRow], months: Sequence[Month]) -> dict:
    """Lines break where another school year begins, since other learners are in the grade then."""
    drawn = rows if len(rows) <= MOST_LINES else rows[:1]
    shares = [point.share for row in drawn for point in (*row.points, row.now) if point.share is not None]
    low, high = (max(min(shares) - 5, 0) // 10 * 10, min(max(shares) + 5, 100)) if shares else (0, 100)
    high = max(-(-high // 10) * 10, low + 10)
    step = (WIDTH - LABELS - 2 * MARGIN) / len(months)
    xs = [round(MARGIN + place * step, 1) for place in range(len(months) + 1)]
    breaks = [place for place, month in enumerate(months) if month.starts_year]

    def y_of(share: float) -> float:
        return round(height_of(share, low=low, high=high, height=HEIGHT - MARGIN, margin=10), 1)

    lines = []
    for row in drawn:
        runs: list[list[str]] = [[]]
        for place, point in enumerate((*row.points, row.now)):
            if place in breaks or point.share is None:
                runs.append([])
            if point.share is not None:
                runs[-1].append(f"{xs[place]},{y_of(point.share)}")
        if row.now.share is not None:
            lines.append(
                {
                    "name": row.line.name,
                    "is_total": row.line.is_total,
                    "runs": [" ".join(run) for run in runs if len(run) > 1],
                    "share": row.now.share,
                    "x": xs[-1],
                    "y": y_of(row.now.share),
                }
            )
    _part_labels(lines)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "right": xs[-1],
        "lines": lines,
        "only_total": len(rows) > MOST_LINES,
        "label_x": xs[-1] + 8,
        "ticks": [{"y": y_of(share), "share": share} for share in range(low, high + 1, 10)],
        "months": [{"x": x, "month": month} for x, month in zip(xs, months, strict=False)],
        "now_x": xs[-1],
        "breaks": [round(xs[place] - step / 2, 1) for place in breaks if place],
        "axis_y": HEIGHT - 6,
        "low_y": HEIGHT - MARGIN,
    }


def _part_labels(lines: list[dict]) -> None:
    """In place: "label_y" of each line, far enough from the next one to be read."""
    last = -float(LEAST_APART)
    for each in sorted(lines, key=lambda each: each["y"]):
        last = max(each["y"] + 4, last + LEAST_APART)
        each["label_y"] = round(last, 1)
