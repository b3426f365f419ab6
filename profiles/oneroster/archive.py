"""The files of a package, from a folder or a zip; sizes bounded by what is really unpacked, never by what it
claims.
"""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from profiles.oneroster.package import PackageRefused
from profiles.oneroster.words import roster_problem

LIMIT_BYTES = 256 * 1024 * 1024
LIMIT_FILES = 200
TIMES, FREE_BYTES = 100, 8 * 1024 * 1024
"""Tables pack to a tenth or twentieth. What unpacks to more than so many times its size, and more than so much, is no
roster: it would keep a worker busy for minutes."""
_CHUNK = 1024 * 1024


def files_of(source: Path | bytes, *, name: str = "") -> dict[str, bytes]:
    """File name -> content of every file in the folder or zip that holds the package, folders above it left
    out.

    source: a folder, the path of a zip, or the bytes of one. name: what to call it in a message.
    Raises PackageRefused.
    """
    if isinstance(source, bytes):
        return _from_zip(io.BytesIO(source), name)
    name = name or source.name
    if source.is_dir():
        return _told_apart(_from_folder(source))
    if not source.is_file():
        raise PackageRefused(roster_problem("not_a_zip", file=name))
    with source.open("rb") as file:
        return _from_zip(file, name)


def _from_folder(folder: Path) -> dict[str, bytes]:
    files, total = {}, 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        total += path.stat().st_size
        if total > LIMIT_BYTES:
            raise PackageRefused(roster_problem("too_big", file=path.name, params={"limit": LIMIT_BYTES // 2**20}))
        files[path.name] = path.read_bytes()
    return files


def _from_zip(file, name: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(file) as archive:
            return _told_apart(_unpack(archive, name))
    except PackageRefused:
        raise
    except _BROKEN:
        # a broken zip, a compression that nobody uses, or no zip at all
        raise PackageRefused(roster_problem("not_a_zip", file=name)) from None


_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError),
    *(zlib.error, lzma.LZMAError, struct.error, UnicodeDecodeError, ValueError, OverflowError),
)
"""What Python's reader raises for a zip that is broken in one way or another."""


def unpacked_bytes(data: bytes) -> int:
    """How much a zip says that it holds; reading never gives more than that. 0 of what is no zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except _BROKEN:
        return 0


def line_count(data: bytes) -> int:
    """Line ends of all that a zip holds, which should be small: it is unpacked. 0 of what cannot be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            held = [archive.read(entry) for entry in archive.infolist()]
    except _BROKEN:
        return 0
    return sum(max(content.count(b"\n"), content.count(b"\r")) for content in held)


def _unpack(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > LIMIT_FILES:
        raise PackageRefused(roster_problem("too_many_files", file=name, params={"limit": LIMIT_FILES}))
    folders, files, left = set(), {}, LIMIT_BYTES
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename or is_link:
            raise PackageRefused(roster_problem("unsafe_path", file=name, value=entry.filename))
        if path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if entry.flag_bits & 1:
            raise PackageRefused(roster_problem("encrypted", file=name))
        if entry.file_size > max(FREE_BYTES, TIMES * entry.compress_size):
            raise PackageRefused(roster_problem("bomb", file=path.name, params={"times": TIMES}))
        content = _read(archive, entry, left)
        if content is None:
            raise PackageRefused(roster_problem("too_big", file=name, params={"limit": LIMIT_BYTES // 2**20}))
        left -= len(content)
        folders.add(path.parent)
        if len(folders) > 1:
            raise PackageRefused(roster_problem("two_folders", file=name))
        if path.name in files:
            raise _there_twice(path.name, path.name)
        files[path.name] = content
    return files


def _told_apart(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files; refused where users.csv and USERS.CSV are both there, of which only one could be read."""
    spelled: dict[str, str] = {}
    for name in files:
        other = spelled.setdefault(name.casefold(), name)
        if other != name:
            raise _there_twice(other, name)
    return files


def _there_twice(one: str, other: str) -> PackageRefused:
    return PackageRefused(roster_problem("same_file", file=one, params={"one": one, "other": other}))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes | None:
    """The content of an entry; None where it passes the limit, whatever its header says."""
    parts, size = [], 0
    with archive.open(entry) as file:
        while part := file.read(_CHUNK):
            size += len(part)
            if size > limit:
                return None
            parts.append(part)
    return b"".join(parts)
