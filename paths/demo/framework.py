"""The demo school's own frameworks, read from the CASE packages beside this file."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILES = {
    "Mathematics": Path(__file__).parent / "framework_math.case.json",
    "English": Path(__file__).parent / "framework_english.case.json",
}


@dataclass(frozen=True)
class Taught:
    """A standard of one grade. prerequisites: codes that come before it, of this grade or an earlier one."""

    code: str
    title: str
    i_can: str
    domain: str
    domain_title: str
    prerequisites: tuple[str, ...]


@cache
def case_package(subject: str) -> dict[str, Any]:
    """The CASE 1.0 package as it would be uploaded. Raises KeyError: no such subject."""
    return json.loads(FILES[subject].read_text(encoding="utf-8"))


@cache
def taught_in(subject: str, grade: int) -> tuple[Taught, ...]:
    """What a grade is taught, in the order of the document."""
    package = case_package(subject)
    items = {item["identifier"]: item for item in package["CFItems"]}
    domains: dict[str, str] = {}
    before: dict[str, list[str]] = {}
    for link in package["CFAssociations"]:
        origin, destination = link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"]
        if link["associationType"] == "precedes":
            before.setdefault(destination, []).append(items[origin]["humanCodingScheme"])
        elif destination in items:
            domains[origin] = items[destination]["abbreviatedStatement"]
    return tuple(
        Taught(
            code=item["humanCodingScheme"],
            title=item["abbreviatedStatement"],
            i_can=item["alternativeLabel"],
            domain=item["humanCodingScheme"].split(".")[1],
            domain_title=domains[key],
            prerequisites=tuple(before.get(key, ())),
        )
        for key, item in items.items()
        if item["CFItemType"] == "Standard" and item["educationLevel"] == [f"{grade:02d}"]
    )
