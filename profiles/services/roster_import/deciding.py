"""A roster file between "chosen" and "decided": looked at, settled line by line, taken over."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from defusedcsv import csv
from django.utils import timezone

from profiles.models import Account, RosterImport, Upload
from profiles.oneroster.package import Options
from profiles.oneroster.reader import read_roster
from profiles.services import uploads
from profiles.services.roster_import import policy
from profiles.services.roster_import.applying import import_roster, summary_of
from profiles.services.roster_import.plan import RosterPlan
from profiles.services.roster_import.planning import plan_import
from profiles.services.roster_import.previewing import HEADINGS, preview_of, report_rows

Tell = Callable[[str, float], None]
"""Told what is done, "read" or one of applying.Say, and the share of it, 0 to 1."""


def _silent(what: str, share: float) -> None:
    pass


def options_of(upload: Upload) -> Options:
    held = upload.decisions
    return Options(
        date_order=held.get("date_order", ""),
        by_name=bool(held.get("by_name")),
        repairs={(file, line, field): value for file, line, field, value in held.get("repairs", [])},
        left_out=frozenset((file, line) for file, line in held.get("left_out", [])),
    )


def look(upload: Upload, *, tell: Tell = _silent) -> RosterPlan:
    """Read the file as decided, compare it with the district, and note what a person has to see; `keep` stores it.

    Raises PackageRefused.
    """
    roster = read_roster(
        uploads.content(upload), options=options_of(upload), name=upload.name, tell=lambda share: tell("read", share)
    )
    tell("compare", 0)
    plan = plan_import(
        roster,
        district=upload.district,
        today=timezone.localdate(),
        brake_percent=policy.brake_percent(upload.district),
    )
    note(upload, plan)
    return plan


def note(upload: Upload, plan: RosterPlan) -> None:
    upload.checked, upload.report = preview_of(plan), packed(report_rows(plan))


def keep(upload: Upload) -> bool:
    """Store what was noted and the job that is at the file; False where the file is not kept any more.

    An erasure drops the files that wait: what was read of one before may not come back after it.
    """
    noted = {"checked": upload.checked, "report": upload.report, "job": upload.job}
    return bool(Upload.objects.waiting().filter(pk=upload.pk).update(**noted))


def take_over(
    upload: Upload, *, by: Account | None, expect: str, release_brake: bool, tell: Tell = _silent
) -> RosterImport | None:
    """Apply the file as it was looked at; None where nothing was to be changed. In the caller's transaction.

    Raises RosterRefused, RosterMoved, DemoRefused, PackageRefused.
    """
    roster = read_roster(
        uploads.content(upload), options=options_of(upload), name=upload.name, tell=lambda share: tell("read", share)
    )
    plan = import_roster(
        roster,
        district=upload.district,
        release_brake=release_brake,
        expect=expect,
        by=by,
        name=upload.name,
        say=lambda what: tell(what, 0),
    )
    uploads.done(upload, summary=summary_of(plan))
    return plan.kept_as


def packed(rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV as spreadsheets open it, UTF-8 with a mark and formulas defused, packed with gzip."""
    store = io.BytesIO()
    with gzip.open(store, "wt", compresslevel=3, encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows)
    return store.getvalue()


def report_of(upload: Upload, *, only: str = "") -> Iterator[str]:
    """The report as text, line by line; only: "refused" for the lines that somebody has to settle."""
    with gzip.open(io.BytesIO(upload.report or packed([])), "rt", encoding="utf-8", newline="") as file:
        if not only:
            yield from file
            return
        reader, store = csv.reader(file), io.StringIO()
        writer = csv.writer(store)
        yield "\ufeff"
        for number, row in enumerate(reader):
            if number == 0 or row[0] == only:
                writer.writerow(cell.removeprefix("\ufeff") for cell in row)
                yield store.getvalue()
                store.seek(0)
                store.truncate()


def put_right(upload: Upload, *, file: str, line: int, field: str, value: str) -> None:
    """Read this value where the file says another; a second one for the same cell replaces the first."""
    repairs = [one for one in upload.decisions.get("repairs", []) if one[:3] != [file, line, field]]
    decide(upload, repairs=[*repairs, [file, line, field, value]])


def leave_out(upload: Upload, *, file: str, line: int) -> None:
    """Pass a line over; line 0 is the whole file."""
    left = upload.decisions.get("left_out", [])
    if [file, line] not in left:
        decide(upload, left_out=[*left, [file, line]])


def decide(upload: Upload, **decisions: Any) -> None:
    """Note how to read the file; what was seen of it before does not hold any more."""
    uploads.decide(upload, **decisions)
    upload.checked = upload.report = upload.job = None
    keep(upload)
