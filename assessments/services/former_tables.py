"""What earlier publications of a domain have shown: a new one is held against it too, not against the last alone.

A former table is {"day": .., "rows": {school or "d": {grade or "": results, or None where it was hidden}}}; a figure
that is not in it was zero. It is kept until a newer table shows everything that it showed: from then on whatever is no
small change since the newer one is none since this one either, as long as results only come.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.services.published import NOBODY


def of(before: dict | None) -> list[dict]:
    """The former tables that the next one is held against, newest first. before: the last publication's table."""
    return [] if before is None else [_plain(before), *before.get("former", [])]


def together(one: Sequence[dict], other: Sequence[dict]) -> list[dict]:
    """Former tables of the same learners under two names, newest first; of the same day what either has shown."""
    found = {each["day"]: dict(each["rows"]) for each in other}
    for each in one:
        rows = found.setdefault(each["day"], {})
        for key, figures in each["rows"].items():
            known = {name: n for name, n in figures.items() if n is not None}
            rows[key] = figures | rows.get(key, {}) | known
    return [{"day": day, "rows": found[day]} for day in sorted(found, reverse=True)]


def still_needed(earlier: Sequence[dict], made: dict) -> list[dict]:
    """Those that have shown something which no single newer one shows, newest first. made: the table of today."""
    newer, kept = [_shown(_plain(made))], []
    for each in earlier:
        shown = _shown(each)
        if not any(shown <= other for other in newer):
            kept.append(each)
            newer.append(shown)
    return kept


def have_shown(table: dict) -> bool:
    """Whether a stored table, or one that is still held against new ones with it, shows anything."""
    return any(_shown(each) for each in of(table))


def as_array(each: dict, rows: Sequence[str], columns: Sequence[str]) -> NDArray[np.float64]:
    """(rows, columns) results; NaN where they were hidden."""
    found = np.zeros((len(rows), len(columns)))
    for row, key in enumerate(rows):
        figures = each["rows"].get(key, {})
        for column, grade in enumerate(columns):
            if grade in figures:
                found[row, column] = np.nan if figures[grade] is None else figures[grade]
    return found


def _plain(table: dict) -> dict:
    rows: dict[str, dict[str, int | None]] = {}
    for key, figures in table["rows"].items():
        for grade, figure in figures.items():
            if figure != NOBODY:
                rows.setdefault(key, {})[grade] = figure[0] if isinstance(figure, list) else None
    return {"day": table["day"], "rows": rows}


def _shown(each: dict) -> set[tuple[str, str]]:
    return {(key, grade) for key, row in each["rows"].items() for grade, n in row.items() if n is not None}
