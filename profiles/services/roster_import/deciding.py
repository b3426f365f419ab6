"""What a person has decided about a package, as it is kept with the file."""

from typing import Any

from profiles.models import Upload
from profiles.oneroster.package import Options
from profiles.oneroster.reader import read_roster
from profiles.services import uploads
from profiles.services.roster_import.planning import RosterPlan, plan_import


def options_of(upload: Upload) -> Options:
    held = upload.decisions
    return Options(
        date_order=held.get("date_order", ""),
        by_name=bool(held.get("by_name")),
        repairs={(file, line, field): value for file, line, field, value in held.get("repairs", [])},
        left_out=frozenset((file, line) for file, line in held.get("left_out", [])),
    )


def plan_of(upload: Upload, *, today: Any) -> RosterPlan:
    """Read the file as decided and compare it with the district. Raises PackageRefused."""
    roster = read_roster(uploads.content(upload), options=options_of(upload), name=upload.name)
    return plan_import(roster, district=upload.district, today=today)


def put_right(upload: Upload, *, file: str, line: int, field: str, value: str) -> None:
    """Read this value where the file says another; a second one for the same cell replaces the first."""
    repairs = [one for one in upload.decisions.get("repairs", []) if one[:3] != [file, line, field]]
    uploads.decide(upload, repairs=[*repairs, [file, line, field, value]])


def leave_out(upload: Upload, *, file: str, line: int) -> None:
    """Pass a line over; line 0 is the whole file."""
    left = upload.decisions.get("left_out", [])
    if [file, line] not in left:
        uploads.decide(upload, left_out=[*left, [file, line]])


def summary_of(plan: RosterPlan) -> dict[str, int]:
    counts = {name: plan.count(name) for name in ("new", "changed", "same")}
    return {**counts, "leaving": len(plan.leaving), "left_out": plan.roster.left_out}
