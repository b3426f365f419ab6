"""Read a OneRoster 1.1 or 1.2 package, bulk or delta: a folder or a zip in, typed rows and a list of problems out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from lrm.csvfiles import Undecodable, read_table
from profiles.oneroster import manifest as manifests
from profiles.oneroster.archive import files_of
from profiles.oneroster.fields import FILES, IMPORTED, V1P1, V1P2
from profiles.oneroster.manifest import Manifest
from profiles.oneroster.package import ABSENT, BULK, DELTA, Options, PackageRefused, Roster
from profiles.oneroster.references import check
from profiles.oneroster.rows import read_rows
from profiles.oneroster.words import roster_problem

_ABOUT_PEOPLE = ("enrollments", "roles")


def read_roster(
    source: Path | bytes, *, options: Options | None = None, name: str = "", tell: Callable[[float], None] | None = None
) -> Roster:
    """Every line of the package, as a row or as a problem.

    source: a folder, a zip, or the bytes of a zip. tell: called now and then with the share that is read. Nothing is
    guessed: what cannot be read for certain is a problem with its file, line, field and value.
    Raises PackageRefused where nothing can be read at all.
    """
    options = options or Options()
    files = files_of(source, name=name)
    tables = _tables(files)
    manifest = _manifest_of(files, tables)
    roster = Roster(version=manifest.version, has_manifest=manifests.NAME in {f.lower() for f in files})
    roster.add(manifest.problems)
    _check_names(roster, files, tables, manifest, options)
    total, done = sum(len(tables[file]) for file in roster.present) or 1, 0
    for file in FILES[roster.version]:
        if file in roster.present:
            read_rows(roster, file, tables[file], FILES[roster.version][file], options)
            done += len(tables[file])
            if tell is not None:
                tell(done / total)
    check(roster)
    _tell_unused(roster)
    _name_people(roster)
    roster.problems.sort(key=lambda p: (not p.blocking, _rank(p.file), p.file, p.line or 0))
    return roster


def _tables(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Content by the standard's name without .csv, also where the letters differ in case."""
    names = {name.lower(): name for name in FILES[V1P1] | FILES[V1P2]}
    return {
        names[file[:-4].lower()]: content
        for file, content in files.items()
        if file.lower().endswith(".csv") and file[:-4].lower() in names
    }


def _manifest_of(files: Mapping[str, bytes], tables: Mapping[str, bytes]) -> Manifest:
    found = next((content for file, content in files.items() if file.lower() == manifests.NAME), None)
    if found is not None:
        return manifests.read_manifest(found)
    if not tables:
        if any(file.lower().endswith(".json") for file in files):
            raise PackageRefused(roster_problem("json", file=min(files)))
        raise PackageRefused(roster_problem("manifest_missing", file=manifests.NAME))
    headings = {name: _heading_of(content) for name, content in tables.items()}
    if _is_school_data_sync(headings):
        raise PackageRefused(roster_problem("school_data_sync", file="classes.csv", line=1))
    users = headings.get("users", [])
    version = V1P2 if "roles" in tables or "userMasterIdentifier" in users else V1P1
    guess = Manifest(version=version)
    details = {"file": manifests.NAME, "params": {"version": version}, "blocking": False}
    guess.problems.append(roster_problem("no_manifest", **details))
    return guess


def _heading_of(content: bytes) -> list[str]:
    try:
        return read_table(content).heading
    except Undecodable:
        return []


def _has_rows(content: bytes) -> bool:
    try:
        table = read_table(content)
    except Undecodable:
        return True
    return bool(table.rows or table.broken)


def _is_school_data_sync(headings: Mapping[str, list[str]]) -> bool:
    enrollments = headings.get("enrollments", ["sourcedId"])
    return "sessionSourcedIds" in headings.get("classes", []) or "sourcedId" not in enrollments


def _check_names(
    roster: Roster,
    files: Mapping[str, bytes],
    tables: Mapping[str, bytes],
    manifest: Manifest,
    options: Options,
) -> None:
    """Which files to read, and what the manifest says otherwise."""
    is_strict = roster.version == V1P2
    for name in FILES[roster.version]:
        file, mode = f"{name}.csv", manifest.modes.get(name, "")
        where = {"line": manifest.lines.get(name), "field": f"file.{name}", "value": mode}
        if (file, 0) in options.left_out:
            continue
        if name in manifest.unsaid and name in tables and name in IMPORTED:
            # Complete, or changes only? Of the two the first lets everybody leave who is not named.
            where["line"] = manifest.unsaid[name]
            roster.problems.append(roster_problem("unknown_mode", file=manifests.NAME, who=file, **where))
        if mode in (BULK, DELTA) and name not in tables:
            roster.problems.append(roster_problem("file_missing", file=manifests.NAME, who=file, **where))
        elif mode == ABSENT and name in tables:
            is_blocking = is_strict or (name in IMPORTED and _has_rows(tables[name]))
            code = "file_unexpected" if is_blocking else "file_unread"
            roster.problems.append(
                roster_problem(code, file=file, field=where["field"], value=mode, blocking=is_blocking)
            )
        elif name in tables:
            roster.present.add(name)
            if mode == DELTA:
                roster.deltas.add(name)
    known = {f"{name}.csv".lower() for name in FILES[roster.version]} | {manifests.NAME}
    for file in sorted(files):
        if file.lower() in known or not file.lower().endswith(".csv") or (file, 0) in options.left_out:
            continue
        code = "unknown_file" if is_strict else "unread_file"
        roster.problems.append(roster_problem(code, file=file, blocking=is_strict))


def _tell_unused(roster: Roster) -> None:
    for name in sorted(roster.present - set(IMPORTED)):
        if roster[name]:
            roster.problems.append(roster_problem("checked_only", file=f"{name}.csv", blocking=False))


def _name_people(roster: Roster) -> None:
    """Lines of enrollments and roles hold ids only: say whom they are about."""
    people = {row.sourced_id: row.name for row in roster["users"]}
    for (file, _line), cells in roster.refused.items():
        if file == "users.csv":
            name = f"{cells.get('givenName', '')} {cells.get('familyName', '')}".strip()
            people.setdefault(cells.get("sourcedId", ""), name)
    persons = {(row.file, row.line): row["userSourcedId"] for name in _ABOUT_PEOPLE for row in roster[name]}
    persons |= {place: cells.get("userSourcedId", "") for place, cells in roster.refused.items()}
    for number, problem in enumerate(roster.problems):
        if problem.file[:-4] in _ABOUT_PEOPLE and problem.line:
            who = people.get(persons.get((problem.file, problem.line), ""))
            if who:
                roster.problems[number] = replace(problem, who=who)


def _rank(file: str) -> int:
    name = file.removesuffix(".csv")
    return IMPORTED.index(name) if name in IMPORTED else (-1 if file == manifests.NAME else len(IMPORTED))
