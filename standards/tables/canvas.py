"""Canvas outcomes (outcome import CSV): groups and outcomes become items, groups above them parents."""

import math
import re
from typing import Any

from lrm.csvfiles import Table
from lrm.problems import Problem
from standards.tables.words import TableRefused, at

Json = dict[str, Any]
METHODS = {
    # method: lowest and highest calculation_int, None where it has none
    "": None,
    "decaying_average": (1, 99),
    "standard_decaying_average": (50, 99),
    "weighted_average": (1, 99),
    "n_mastery": (1, 10),
    "latest": None,
    "highest": None,
    "average": None,
}
COLUMNS = {
    *("canvas_id", "vendor_guid", "object_type", "title", "description", "display_name", "calculation_method"),
    *("calculation_int", "workflow_state", "parent_guids", "ratings", "mastery_points", "friendly_description"),
    *("course_id", "outcome_group_id"),
}
LATER = 1_000_000
_CODE = re.compile(r"[^\s]{1,40}")
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{1,2}$)")
"""As spreadsheets of many countries write points; 1,000 could be a thousand."""


def is_canvas(table: Table) -> bool:
    return {"vendor_guid", "object_type"} <= {name.lower() for name in table.heading}


def items_of(table: Table) -> tuple[list[Json], list[Json]]:
    """(items, associations) in CASE, parents by identifier. What is deleted in Canvas is left out.

    Calculation and levels are kept as an extension: which method counts here is for the policy to say.
    Raises TableRefused.
    """
    heading = [name.lower() for name in table.heading]
    problems: list[Problem] = [at(code, line, "") for line, code in sorted(table.broken.items())]
    lines: dict[str, int] = {}
    names = {_name(dict(zip(heading, cells, strict=False))): line for line, cells in reversed(table.rows)}
    items: list[Json] = []
    links: list[Json] = []
    for line, cells in table.rows:
        row = {name: cell.strip() for name, cell in zip(heading, cells, strict=False) if name}
        found = _checked(row, line, problems)
        name = _name(row)
        if name in lines:
            problems.append(at("twice", line, "vendor_guid", name, first=lines[name]))
            continue
        ratings = _ratings(heading, cells, line, problems)
        if row.get("workflow_state", "").lower() == "deleted" or not found:
            continue
        lines[name] = line
        items.append(_item(row, name, ratings))
        parents = row.get("parent_guids", "").split()
        for parent in parents:
            if parent == name:
                problems.append(at("own_parent", line, "parent_guids", parent))
            elif parent not in lines:
                later = names.get(parent, 0) > line
                problems.append(at("parent_later" if later else "no_parent", line, "parent_guids", parent))
        # The first group named is the one under which it stands in the tree.
        links += [
            {"child": name, "parent": parent, "sequence": len(items) + at_place * LATER}
            for at_place, parent in enumerate(parents or [""])
        ]
    if problems:
        raise TableRefused(problems)
    return items, links


def _name(row: Json) -> str:
    return (row.get("vendor_guid") or "").strip() or f"canvas_outcome:{(row.get('canvas_id') or '').strip()}"


def _checked(row: Json, line: int, problems: list[Problem]) -> bool:
    before = len(problems)
    kind = row.get("object_type", "").lower()
    if kind not in ("group", "outcome"):
        problems.append(at("not_one_of", line, "object_type", kind, known="group, outcome"))
    if not row.get("vendor_guid") and not row.get("canvas_id"):
        problems.append(at("empty", line, "vendor_guid"))
    if not row.get("title"):
        problems.append(at("empty", line, "title"))
    if (state := row.get("workflow_state", "").lower()) not in ("", "active", "deleted"):
        problems.append(at("not_one_of", line, "workflow_state", state, known="active, deleted"))
    method = row.get("calculation_method", "").lower()
    if method not in METHODS:
        problems.append(at("not_one_of", line, "calculation_method", method, known=", ".join(filter(None, METHODS))))
    elif (bounds := METHODS[method]) and (written := row.get("calculation_int", "")) and not _is_in(written, bounds):
        problems.append(at("not_a_number", line, "calculation_int", written, least=bounds[0], most=bounds[1]))
    return len(problems) == before


def _is_in(written: str, bounds: tuple[int, int]) -> bool:
    return written.isascii() and written.isdecimal() and bounds[0] <= int(written[:9]) <= bounds[1]


def _ratings(heading: list[str], cells: list[str], line: int, problems: list[Problem]) -> list[Json]:
    """Pairs of points and words from the column "ratings" on, in the columns without a name after it."""
    if "ratings" not in heading:
        return []
    start = heading.index("ratings")
    end = next((at for at in range(start + 1, len(heading)) if heading[at]), len(heading))
    rest = cells[start:] if end == len(heading) else cells[start:end]
    pairs = [(rest[at].strip(), rest[at + 1].strip() if at + 1 < len(rest) else "") for at in range(0, len(rest), 2)]
    found: list[Json] = []
    for points, words in pairs:
        if not points and not words:
            continue
        try:
            value = float(_DECIMAL_COMMA.sub(".", points))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            problems.append(at("ratings", line, "ratings", f"{points}, {words}"))
            return []
        found.append({"points": value, "description": words})
    return found


def _item(row: Json, name: str, ratings: list[Json]) -> Json:
    title, said = row["title"], row.get("description", "")
    canvas = {key: row[key] for key in sorted(COLUMNS & row.keys()) if row[key] and key not in _SAID}
    extra = {key: row[key] for key in row.keys() - COLUMNS if row[key]}
    item: Json = {
        "identifier": name,
        "fullStatement": said or title,
        "abbreviatedStatement": row.get("display_name") or title,
        "CFItemType": "Outcome" if row["object_type"].lower() == "outcome" else "Group",
        "extensions": {"canvas": canvas | extra | ({"ratings": ratings} if ratings else {})},
    }
    if _CODE.fullmatch(title):
        item["humanCodingScheme"] = title
    return item


_SAID = {"vendor_guid", "object_type", "title", "description", "display_name", "parent_guids", "ratings"}
