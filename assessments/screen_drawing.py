"""The marks of the class screen as coordinates: a stack for each standard, all to one scale."""

from collections.abc import Sequence
from math import ceil

from assessments.services.class_screen import Mark, ScreenColumn

UNIT = 24
"""Width and height that one mark takes, in units of the drawing."""
ROWS_AT_MOST = 14
LEAST_WIDE = 2
NUMERAL = 26


def draw_columns(columns: Sequence[ScreenColumn]) -> list[dict]:
    """Dicts standard, word, total, new, and the drawing: width, height, marks (level, is_new, x, y), numeral_x and
    numeral_y.

    Every drawing has the same width and height, so that equal marks are equal on the wall; marks stand on the
    ground, in more columns where a class is too large for ROWS_AT_MOST rows.
    """
    tallest = max((len(column.marks) for column in columns), default=0)
    wide = max(LEAST_WIDE, ceil(tallest / ROWS_AT_MOST))
    rows = ceil(tallest / wide)
    width, height = wide * UNIT, rows * UNIT + NUMERAL
    return [
        {
            "standard": column.standard,
            "word": column.word,
            "total": len(column.marks),
            "new": column.new,
            "width": width,
            "height": height,
            "numeral_x": width / 2,
            "numeral_y": height - ceil(len(column.marks) / wide) * UNIT - 8,
            "marks": [_place(mark, number, wide, height) for number, mark in enumerate(column.marks)],
        }
        for column in columns
    ]


def _place(mark: Mark, number: int, wide: int, height: int) -> dict:
    row, column = divmod(number, wide)
    return {
        "level": mark.level,
        "is_new": mark.is_new,
        "x": column * UNIT + UNIT / 2,
        "y": height - row * UNIT - UNIT / 2,
    }
