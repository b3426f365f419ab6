"""Coordinates for the small charts of the templates.

Templates do no arithmetic and pages allow no style attributes, so widths and points are worked out here and
stand in SVG attributes; colours come from the style sheets by data-level.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

LEVELS_FROM_THE_TOP = (4, 3, 2, 1)


def level_bar(counts: Mapping[int, int], *, total: int) -> list[dict]:
    """The parts of a bar of levels, Extending first, over a width of 100.

    counts: learners by level (1 to 4). total: all learners, also those without a result; what the counts leave
    open shows as hatched ground. Returns dicts level, x, width; empty where total is 0.
    Raises ValueError: more learners counted than there are.
    """
    counted = sum(counts.values())
    if counted > total:
        raise ValueError(f"{counted} learners counted, but there are only {total}")
    parts = []
    x = 0.0
    for level in LEVELS_FROM_THE_TOP:
        if count := counts.get(level, 0):
            width = 100 * count / total
            parts.append({"level": level, "x": round(x, 2), "width": round(width, 2)})
            x += width
    return parts


def small_wall(rows: Sequence[Sequence[int]]) -> dict:
    """A wall too small for numerals: one path of short upright strokes for each level, so that it stays lean.

    rows: levels of learners by standards, 0 for no result; every row has the same length.
    Returns width and height in cells, and paths (level, d): cells of a level that follow each other in a column are
    one stroke, one wide, relative to the one before.
    """
    return _small_wall(tuple(bytes(row) for row in rows))


@lru_cache(maxsize=256)
def _small_wall(rows: tuple[bytes, ...]) -> dict:
    """The same class is drawn again and again before a level changes; whoever gets the drawing leaves it as it is."""
    strokes: list[list[tuple[int, int, int]]] = [[] for _level in range(5)]
    for column, levels in enumerate(zip(*rows, strict=True)):
        start, drawn = 0, levels[0]
        for row, level in enumerate(levels):
            if level != drawn:
                strokes[drawn].append((column, start, row))
                start, drawn = row, level
        strokes[drawn].append((column, start, len(levels)))
    paths = []
    for level in LEVELS_FROM_THE_TOP[::-1]:
        if not strokes[level]:
            continue
        at_x, start, at_y = strokes[level][0]
        parts = [f"m{at_x}.5 {start}v{at_y - start}"]  # a path begins at the origin, its strokes in the middle
        for column, start, end in strokes[level][1:]:
            parts.append(f"m{column - at_x} {start - at_y}v{end - start}")
            at_x, at_y = column, end
        paths.append({"level": level, "d": "".join(parts)})
    return {"width": len(rows[0]) if rows else 0, "height": len(rows), "paths": paths}


def line(
    values: Sequence[float | None],
    *,
    low: float = 1,
    high: float = 4,
    width: float = 52,
    height: float = 16,
    margin: float = 2,
) -> dict:
    """A line of values at equal distances on the fixed scale low to high (1 to 4 for a learner).

    values: oldest first; None is a gap, never zero. Values outside the scale are drawn at its end.
    Returns width, height, lines (one "x,y x,y" string for each unbroken run of two or more), dots (x, y, value and
    is_last of every value that is not None) and last (the last of dots, or None).
    """
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    dots = []
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        x = round(margin + place * step, 1)
        y = round(height_of(value, low=low, high=high, height=height, margin=margin), 1)
        runs[-1].append(f"{x},{y}")
        dots.append({"x": x, "y": y, "value": value, "is_last": False})
    if dots:
        dots[-1]["is_last"] = True
    return {
        "width": width,
        "height": height,
        "lines": [" ".join(run) for run in runs if len(run) > 1],
        "dots": dots,
        "last": dots[-1] if dots else None,
    }


def height_of(value: float, *, low: float, high: float, height: float, margin: float) -> float:
    """The y of a value in a drawing whose top is high and whose bottom is low."""
    inside = min(max(value, low), high)
    return margin + (height - 2 * margin) * (high - inside) / (high - low)


CLIMB_WIDTH, CLIMB_HEIGHT = 384, 140


def climb(tries: Sequence[tuple[float, int, str]], *, secure_from: float, low: float = 1, high: float = 4) -> dict:
    """A learner's tries on one standard as a climb over the Secure line; a dip is drawn as it was.

    tries: (shown value after the try, its level, a short date), oldest first. secure_from: the value where
    Secure begins. Returns width, height, points (of one line), secure_y, secure_label_y and dots (x, y, level,
    label, label_x, label_y, anchor, is_last): dates stand under their dots, the newest one
    after its dot.
    """
    top, bottom, start, end = 14, CLIMB_HEIGHT - 34, 22, CLIMB_WIDTH - 58

    def y_of(value: float) -> float:
        return round(top + height_of(value, low=low, high=high, height=bottom - top, margin=0), 1)

    step = (end - start) / max(len(tries) - 1, 1)
    places = [(round(start + number * step, 1), y_of(value)) for number, (value, _, _) in enumerate(tries)]
    dots = []
    for number, ((x, y), (_, level, label)) in enumerate(zip(places, tries, strict=True)):
        is_last = number == len(tries) - 1
        dots.append(
            {
                "x": x,
                "y": y,
                "level": level,
                "label": label,
                "label_x": x + 16 if is_last else x,
                "label_y": y + 5 if is_last else y + 24,
                "anchor": "start" if is_last else "middle",
                "is_last": is_last,
            }
        )
    return {
        "width": CLIMB_WIDTH,
        "height": CLIMB_HEIGHT,
        "points": " ".join(f"{x},{y}" for x, y in places),
        "secure_y": y_of(secure_from),
        "secure_label_y": round(y_of(secure_from) - 7, 1),
        "dots": dots,
    }


STRIP_WIDTH = 200
STRIP_START = 48  # the hatched end for learners without a result lies before it
STRIP_DOT = 6.5


def dot_strip(values: Sequence[float | None], *, levels: int = 4, cuts: Sequence[float] = ()) -> dict:
    """A group on one standard: a dot for each learner over the scale 1 to `levels`, hollow dots for no result.

    values: shown values, any order; None is no result. cuts: where levels 2 and higher begin, midway if not said.
    Equal values are stacked upward, so that every learner is a dot that can be counted.
    Returns width, height, base (y of the scale), bands (level, x, width, middle), dots (x, y) and hollow (x, y).
    """
    seen = sorted(value for value in values if value is not None)
    placed: list[tuple[float, int]] = []
    for value in seen:
        x = _strip_x(value, levels)
        row = 0
        while any(taken == row and abs(x - other) < STRIP_DOT for other, taken in placed):
            row += 1
        placed.append((x, row))
    unseen = len(values) - len(seen)
    per_row = max(1, int((STRIP_START - 6) // (STRIP_DOT + 1)))
    hollow = [divmod(number, per_row) for number in range(unseen)]
    rows = max([row for _, row in placed] + [row for row, _ in hollow] + [0])
    base = 8 + rows * STRIP_DOT
    edges = [1, *(cuts or (level + 0.5 for level in range(1, levels))), levels]
    bands = []
    for level, (start, end) in enumerate(pairwise(edges), start=1):
        x, until = _strip_x(start, levels), _strip_x(end, levels)
        bands.append(
            {
                "level": level,
                "x": round(x + 0.5, 1),
                "width": round(until - x - 1, 1),
                "middle": round((x + until) / 2, 1),
            }
        )
    return {
        "width": STRIP_WIDTH,
        "height": base + 18,
        "base": base,
        "label_y": base + 15,
        "bands": bands,
        "dots": [{"x": round(x, 1), "y": base - 4.5 - row * STRIP_DOT} for x, row in placed],
        "hollow": [
            {"x": round(4 + place * (STRIP_DOT + 1), 1), "y": base - 4.5 - row * STRIP_DOT} for row, place in hollow
        ],
        "none_end": STRIP_START - 6,
    }


def _strip_x(value: float, levels: int) -> float:
    inside = min(max(value, 1), levels)
    return STRIP_START + (STRIP_WIDTH - STRIP_START) * (inside - 1) / (levels - 1)
