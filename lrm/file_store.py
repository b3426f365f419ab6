"""Files that people sent, in a folder that no web server serves.

A file is named by an id that nobody chose. It comes first under a temporary name, and gets its own once the row that
names it is committed, so that a row never waits for a file that was not written, and a file without a row is
recognized: `sweep` takes away what no row names after a day, and finishes what a crash left between the two.
"""

import os
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from errno import errorcode
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import structlog
from django.conf import settings

log = structlog.get_logger()

COMING = ".coming"
PREVIEW = ".preview"
BLOCK = 500


class StorageTrouble(Exception):
    """The folder of files cannot be written: full, read-only, or not there. Nothing was kept."""


@dataclass(frozen=True)
class FileStore:
    """`folder`: below MEDIA_ROOT; each kind of thing has one of its own."""

    folder: str

    @property
    def root(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.folder

    def put(self, data: bytes, *, preview: bytes = b"") -> UUID:
        """Write under a temporary name, down to the disk. Raises StorageTrouble."""
        stored = uuid4()
        try:
            self._write(self._coming(stored, ""), data)
            if preview:
                self._write(self._coming(stored, PREVIEW), preview)
        except OSError as trouble:
            log.error("file not stored", error=errorcode.get(trouble.errno or 0), bytes=len(data))
            self.discard(stored)
            raise StorageTrouble from trouble
        return stored

    def put_written(self, write: Callable[[BinaryIO], None]) -> tuple[UUID, int]:
        """What `write` writes into a file, which may be larger than memory; and how many bytes. Raises StorageTrouble.

        Under a temporary name, down to the disk. What `write` raises goes on, and nothing is kept.
        """
        stored = uuid4()
        path = self._coming(stored, "")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(path, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                return stored, file.seek(0, os.SEEK_END)
        except OSError as trouble:
            log.error("file not stored", error=errorcode.get(trouble.errno or 0))
            self.discard(stored)
            raise StorageTrouble from trouble
        except BaseException:
            self.discard(stored)
            raise

    def settle(self, stored: UUID) -> None:
        """Give it its own name; to be called once its row is committed. Twice equals once."""
        for part in ("", PREVIEW):
            coming = self._coming(stored, part)
            if coming.exists():
                os.replace(coming, self._path(stored, part))

    def discard(self, stored: UUID) -> None:
        """Take it away, whatever its name is by now."""
        for part in ("", PREVIEW):
            for path in (self._coming(stored, part), self._path(stored, part)):
                try:
                    path.unlink(missing_ok=True)
                except OSError as trouble:  # the sweep tries again
                    log.warning("file not removed", error=errorcode.get(trouble.errno or 0))

    def open(self, stored: UUID, *, preview: bool = False) -> BinaryIO:
        """Raises FileNotFoundError."""
        part = PREVIEW if preview else ""
        try:
            return open(self._path(stored, part), "rb")
        except FileNotFoundError:
            # The row is committed and the file not yet renamed, or the process ended between the two.
            return open(self._coming(stored, part), "rb")

    def sweep(self, *, known: Callable[[Collection[UUID]], Collection[UUID]], older_than_seconds: float) -> int:
        """Remove what no row names and is older than that; settle the rest. Returns how many were removed.

        known: of these ids, those that a row names.
        """
        removed, before = 0, time.time() - older_than_seconds
        for block in self._old(before):
            named = set(known(block))
            for stored in block:
                if stored in named:
                    self.settle(stored)
                else:
                    self.discard(stored)
                    removed += 1
        return removed

    def _old(self, before: float) -> Iterator[list[UUID]]:
        """Ids of files that were last written before that time, in blocks."""
        block: list[UUID] = []
        for path in self.root.glob("??/*"):
            try:
                stored = UUID(path.name.partition(".")[0])
                is_old = path.stat().st_mtime < before
            except (ValueError, FileNotFoundError):  # not ours, or just gone
                continue
            if is_old and stored not in block:
                block.append(stored)
            if len(block) >= BLOCK:
                yield block
                block = []
        if block:
            yield block

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _path(self, stored: UUID, part: str) -> Path:
        return self.root / stored.hex[:2] / f"{stored}{part}"

    def _coming(self, stored: UUID, part: str) -> Path:
        return self.root / stored.hex[:2] / f"{stored}{part}{COMING}"


WORK = FileStore("work")
"""What learners hand in, or answer a poll with."""
COPIES = FileStore("copies")
"""Copies of everything about one learner, for seven days (profiles/services/copies/)."""
