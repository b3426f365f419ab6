"""manifest.csv: which version, which files, complete or changes only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lrm.csvfiles import Undecodable, read_table
from lrm.problems import Problem
from profiles.oneroster.fields import FILES, V1P1, V1P2
from profiles.oneroster.package import ABSENT, BULK, DELTA, PackageRefused
from profiles.oneroster.words import roster_problem

NAME = "manifest.csv"
_VERSIONS = {"1.1": V1P1, "1p1": V1P1, "1.2": V1P2, "1p2": V1P2}
"""By what a manifest says without a leading v; a third number tells editions of the text apart, not of the files."""
_THIRD = re.compile(r"[.p][0-9]$")
_PREFIXES = ("source.", "manifest.", "metadata.")


@dataclass(slots=True)
class Manifest:
    """modes: file name without .csv -> "bulk", "delta" or "absent". lines: the same names -> line in manifest.csv.

    unsaid: name -> line, of files of which a 1.1 manifest has the name and nothing behind it.
    """

    version: str
    modes: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unsaid: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_manifest(data: bytes) -> Manifest:
    """Raises PackageRefused: unreadable, or another version."""
    try:
        table = read_table(data)
    except Undecodable:
        raise PackageRefused(roster_problem("not_text", file=NAME)) from None
    heading = [name for name in table.heading if name]
    if heading != ["propertyName", "value"]:
        value = ",".join(table.heading)
        raise PackageRefused(roster_problem("manifest_heading", file=NAME, line=1, value=value))
    for line, code in table.broken.items():
        raise PackageRefused(roster_problem(code, file=NAME, line=line))
    properties = {}
    for line, cells in table.rows:
        name, value = (cells[0].strip(), cells[1].strip()) if len(cells) > 1 else (cells[0].strip(), "")
        properties[name] = (line, value)
    version_line, written = properties.get("oneroster.version", (1, ""))
    version = _version_of(written)
    if not version:
        details = {"line": version_line, "field": "oneroster.version", "value": written}
        raise PackageRefused(
            roster_problem("unknown_version", file=NAME, params={"version": written or "?"}, **details)
        )
    manifest = Manifest(version=version)
    _read_modes(manifest, properties)
    return manifest


def _version_of(written: str) -> str:
    """ "" of any other. 1.2.1 is 1.2, and v1p1 is 1.1."""
    plain = written.lower().removeprefix("v")
    return _VERSIONS.get(plain) or _VERSIONS.get(_THIRD.sub("", plain), "")


def _read_modes(manifest: Manifest, properties: Mapping[str, tuple[int, str]]) -> None:
    for name, (line, value) in properties.items():
        file = name.removeprefix("file.")
        details = {"file": NAME, "line": line, "field": name, "value": value}
        if file == name or file not in FILES[manifest.version]:
            if not name.startswith(_PREFIXES) and name != "oneroster.version":
                manifest.problems.append(roster_problem("unknown_property", blocking=False, **details))
        elif value.lower() in (BULK, DELTA, ABSENT):
            manifest.modes[file], manifest.lines[file] = value.lower(), line
        elif not value and manifest.version == V1P1:
            manifest.unsaid[file] = line
        else:
            manifest.problems.append(roster_problem("unknown_mode", **details))
