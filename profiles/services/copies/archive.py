"""The zip: a page to read, a table for each kind of row, all of it as JSON, and the files."""

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from defusedcsv import csv
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.file_store import WORK
from lrm.inferences import COMPUTED
from lrm.inventory import models_with_people
from lrm.privacy import CATEGORIES
from profiles.models import Account, Learner
from profiles.services.copies.adult_tables import Counted, adult_tables, counted
from profiles.services.copies.tables import Table, left_out, read_tables

CHUNK = 256 * 1024
TABLES_OF_ADULTS = 30
"""About so many; for the progress of a copy."""
Tell = Callable[[int, int, str], None]
"""(done, of, what is being done)"""


def write_copy(learner: Learner, into: IO[bytes], *, with_notes: bool, tell: Tell) -> Counter:
    """Everything about the learner. Returns how many rows of each table there are, by label."""
    total = sum(1 for _each in models_with_people()) + 1
    tables: list[Table] = []
    for done, table in enumerate(read_tables(learner, with_notes=with_notes)):
        tell(done, total, table.title)
        if table.rows:
            tables.append(table)
    _write(into, "student", learner, tables, {"left_out": left_out(with_notes=with_notes), "computed": COMPUTED})
    return Counter({table.model._meta.label: len(table.rows) for table in tables})


def write_adult_copy(account: Account, into: IO[bytes], *, tell: Tell) -> None:
    """Everything about an adult."""
    tables: list[Table] = []
    for done, table in enumerate(adult_tables(account)):
        tell(done, TABLES_OF_ADULTS, table.title)
        if table.rows:
            tables.append(table)
    _write(into, "adult", account, tables, {"counted": counted(account)})


def _write(into: IO[bytes], kind: str, person: Learner | Account, tables: list[Table], more: dict[str, Any]) -> None:
    """kind: "student" or "adult".    more: what the page says beside the tables."""
    tables.sort(key=lambda table: (list(CATEGORIES).index(table.category), table.name))
    with ZipFile(into, "w", ZIP_DEFLATED) as folder:
        names = _write_files(folder, tables)
        context = {"person": person, "is_adult": kind == "adult", "groups": _by_category(tables), "files": names}
        page = render_to_string("profiles/copy_file.html", context | more | {"now": timezone.now()})
        folder.writestr("index.html", page)
        folder.writestr("copy.css", render_to_string("components/taken_along.css"))
        for table in tables:
            folder.writestr(f"tables/{table.name}.csv", _csv(table))
        folder.writestr("everything.json", _json({kind: person.name}, tables, names, more.get("counted", [])))


def _by_category(tables: list[Table]) -> list[tuple[str, list[Table]]]:
    found: dict[str, list[Table]] = {}
    for table in tables:
        found.setdefault(table.category_words, []).append(table)
    return list(found.items())


def _write_files(folder: ZipFile, tables: list[Table]) -> list[str]:
    """Names in the zip; a file that is not on the disk any more is named as missing, and not left out in silence."""
    names = []
    for number, (stored, said) in enumerate((each for table in tables for each in table.files), 1):
        name = f"files/{number:03d}-{said}"
        names.append(name if _copy(folder, stored, name) else f"{name} ({_('not on the disk any more')})")
    return names


def _copy(folder: ZipFile, stored: UUID, name: str) -> bool:
    """Pictures and recordings are packed already: packing them again would take long and save nothing."""
    try:
        file = WORK.open(stored)
    except FileNotFoundError:
        return False
    entry = ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.compress_type = ZIP_STORED
    with file, folder.open(entry, "w") as target:
        while chunk := file.read(CHUNK):
            target.write(chunk)
    return True


def _csv(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([table.labels, *[[_cell(value) for value in line] for line in table.lines]])
    return "\ufeff" + text.getvalue()


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _json(person: dict[str, str], tables: list[Table], names: list[str], counts: list[Counted]) -> str:
    """With names of fields as programs know them, and what people call them beside."""
    found: dict[str, Any] = person | {"made": timezone.localtime().isoformat(timespec="seconds"), "files": names}
    if counts:
        found["counted"] = [asdict(each) for each in counts]
    parts = {
        table.name: {
            "kind": table.category,
            "kept": table.kept,
            "labels": dict(zip(table.headings, table.labels, strict=True)),
            "purposes": table.declared.personal,
            "worked_out_by_a_machine": table.inferred,
            "rows": table.rows,
        }
        for table in tables
    }
    return json.dumps(found | {"tables": parts}, ensure_ascii=False, indent=1, default=str)
