"""The files of a package, from a folder or a zip; sizes bounded by what is really unpacked, never by what it
claims.
"""

import io
import stat
import zipfile
from pathlib import Path, PurePosixPath

from profiles.oneroster.package import PackageRefused
from profiles.oneroster.words import roster_problem

LIMIT_BYTES = 256 * 1024 * 1024
LIMIT_FILES = 200
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
        return _from_folder(source)
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
            return _unpack(archive, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError):
        # a broken zip, a compression that nobody uses, or no zip at all
        raise PackageRefused(roster_problem("not_a_zip", file=name)) from None


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
        content = _read(archive, entry, left)
        if content is None:
            raise PackageRefused(roster_problem("too_big", file=name, params={"limit": LIMIT_BYTES // 2**20}))
        left -= len(content)
        folders.add(path.parent)
        if path.name in files or len(folders) > 1:
            raise PackageRefused(roster_problem("two_folders", file=name))
        files[path.name] = content
    return files


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
