"""A binder to take along: a page to read, a table for each part, all of it as JSON, and the files of the work."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from defusedcsv import csv
from django.template.loader import render_to_string
from django.utils import timezone

from lrm.file_store import WORK
from paths.models import Artifact
from paths.services import learner_reading
from paths.services.binders.tables import Table, read_tables
from profiles.models import Account, Learner

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Piece:
    """file: its name in the folder `files`, "" without one or where it is not on the disk."""

    artifact: Artifact
    file: str


def write_binder(learner: Learner, account: Account, into: IO[bytes], *, today: date) -> None:
    """The zip. learner: found by `visible_to`, which is what gives the right to read on."""
    about = learner_reading.read_about(learner, account, on=today)
    pieces = list(_pieces(learner, account))
    found = [(piece.artifact, piece.file) for piece in pieces]
    tables = read_tables(learner, account, about, found, today=today)
    with ZipFile(into, "w", ZIP_DEFLATED) as folder:
        packed = {file for _artifact, file in found if file}  # words that look like one are no link
        context = {"learner": learner, "tables": tables, "files": packed, "now": timezone.now(), "by": account.name}
        folder.writestr("index.html", render_to_string("paths/binder_file.html", context))
        folder.writestr("binder.css", render_to_string("components/taken_along.css"))
        for table in tables:
            folder.writestr(f"tables/{table.name}.csv", _csv(table))
        folder.writestr("binder.json", _json(learner, tables))
        for piece in pieces:
            if piece.file:
                _copy(folder, piece)


def _pieces(learner: Learner, account: Account) -> Iterator[Piece]:
    rows = Artifact.objects.visible_to(account).filter(learner=learner).handed_in()
    rows = rows.select_related("goal", "step").prefetch_related("replies__by").order_by("created_at", "pk")
    for number, artifact in enumerate(rows, 1):
        yield Piece(artifact, f"files/{number:03d}-{artifact.name}" if _is_here(artifact) else "")


def _is_here(artifact: Artifact) -> bool:
    if artifact.stored is None:
        return False
    try:
        WORK.open(artifact.stored).close()
    except FileNotFoundError:
        return False
    return True


def _copy(folder: ZipFile, piece: Piece) -> None:
    """Pictures and recordings are packed already: packing them again would take long and save nothing."""
    stored = piece.artifact.stored
    assert stored is not None
    entry = ZipInfo(piece.file, timezone.localtime(piece.artifact.created_at).timetuple()[:6])
    entry.compress_type = ZIP_STORED
    with WORK.open(stored) as file, folder.open(entry, "w") as target:
        while chunk := file.read(CHUNK):
            target.write(chunk)


def _csv(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([table.headings, *table.rows])
    return "\ufeff" + text.getvalue()


def _json(learner: Learner, tables: list[Table]) -> str:
    found = {"student": learner.name, "made": timezone.now().isoformat(timespec="seconds")}
    parts = {table.name: table.records() for table in tables}
    return json.dumps(found | {"tables": parts}, ensure_ascii=False, indent=1, default=str)
