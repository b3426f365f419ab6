"""The folder of a backup: what lies in it, and whether all of it is still as it was written."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from lrm.backups.errors import BackupError, said_by_disk
from lrm.backups.prints import Prints

FORMAT = 1
SUMS, MANIFEST, DATABASE, FILES = "SHA256SUMS", "manifest.json", "database.dump", "files"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """made_at: of the moment in the database, ISO with offset.    postgresql: version of the server.

    migrations: "app.name", all that were applied.    key: a print of SECRET_KEY, which tells whether it is the same
    and nothing else.
    """

    made_at: str
    postgresql: str
    key: str
    migrations: list[str]
    tables: Prints
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupError: no backup, or one that this LRM does not read."""
    try:
        values = json.loads((folder / MANIFEST).read_text())
        kind = values.get("format")
        if kind != FORMAT:
            raise BackupError(f"{folder} is a backup of format {kind}; this LRM reads format {FORMAT}.")
        values["tables"] = {table: (count, total) for table, (count, total) in values["tables"].items()}
        return Manifest(**values)
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup: it holds no {MANIFEST}.") from None
    except OSError as trouble:
        raise BackupError(f"{folder} is no backup that can be read: {said_by_disk(trouble)}.") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read ({error}). Take another backup.") from None


def write_sums(folder: Path) -> int:
    """Returns how many bytes the backup has."""
    size = 0
    with (folder / SUMS).open("w") as sums:
        for path in contents(folder):
            sums.write(f"{sum_of(folder / path)}  {path}\n")
            size += (folder / path).stat().st_size
    return size


def check_sums(folder: Path) -> None:
    """Raises BackupError naming what is missing, changed or was never in the backup."""
    try:
        lines = (folder / SUMS).read_text().splitlines()
    except FileNotFoundError:
        raise BackupError(f"{folder} holds no {SUMS}: the backup was not finished. Take another one.") from None
    if found := links(folder):
        raise BackupError(f"{folder} holds links, which no backup has: {some(found)}. Take another backup.")
    wanted = {path: found for found, _gap, path in (line.partition("  ") for line in lines)}
    there = set(contents(folder))
    wrong = [f"{path} is missing" for path in sorted(wanted.keys() - there)]
    wrong += [f"{path} was not in the backup" for path in sorted(there - wanted.keys())]
    wrong += [f"{path} has changed" for path in sorted(wanted.keys() & there) if sum_of(folder / path) != wanted[path]]
    if wrong:
        raise BackupError(f"{folder} is damaged: {some(wrong)}. Nothing was restored; take another backup.")


def contents(folder: Path) -> Iterator[str]:
    """Paths of all files of a backup but its sums, in order."""
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink() and path.is_file() and path.relative_to(folder).as_posix() != SUMS:
            yield path.relative_to(folder).as_posix()


def links(folder: Path) -> list[str]:
    """Links in it, wherever they lead: what lies behind them is neither read nor written."""
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_symlink()]


def sum_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def some(lines: list[str]) -> str:
    more = f", and {len(lines) - 5} more" if len(lines) > 5 else ""
    return ", ".join(lines[:5]) + more
