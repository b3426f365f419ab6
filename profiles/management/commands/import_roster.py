"""`manage.py import_roster PATH`: a OneRoster package, from the terminal or at night."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrm.dates import ORDERS
from lrm.districts import add_district_argument, district_of
from lrm.problems import Problem
from lrm.scope import district_scope
from profiles.oneroster.package import Options, PackageRefused
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import import policy
from profiles.services.roster_import.applying import DemoRefused, RosterRefused, import_roster
from profiles.services.roster_import.plan import RosterPlan
from profiles.services.roster_import.planning import plan_import

SHOWN = 200


class Command(BaseCommand):
    help = "Import a OneRoster 1.1 or 1.2 package, bulk or delta: a folder or a zip. Again: no change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="folder or zip with the CSV files")
        add_district_argument(parser)
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
        parser.add_argument("--date-order", choices=ORDERS, default="", help="how 1/05/2023 is meant")
        parser.add_argument("--by-name", action="store_true", help="read 1.2 columns by name, in whatever order")
        parser.add_argument(
            "--leave-out",
            action="append",
            default=[],
            metavar="FILE[:LINE]",
            help="pass over a line, or a whole file; may be repeated",
        )
        parser.add_argument(
            "--brake",
            type=float,
            metavar="PERCENT",
            help="stop when a larger share of people, classes or enrollments would leave (default: the district's)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        district = district_of(options["district"])
        zone = ZoneInfo(district.time_zone)
        reading = Options(
            date_order=options["date_order"],
            by_name=options["by_name"],
            left_out=frozenset(_place(text) for text in options["leave_out"]),
        )
        try:
            roster = read_roster(options["path"], options=reading)
        except PackageRefused as refused:
            raise CommandError(f"{refused.problem.place}: {refused}") from refused
        with timezone.override(zone), district_scope(district.pk):
            brake = policy.brake_percent(district) if options["brake"] is None else options["brake"]
            if options["dry_run"]:
                today = datetime.now(zone).date()
                plan = plan_import(roster, district=district, today=today, brake_percent=brake)
                self._tell(plan)
                if plan.roster.blocking:
                    raise CommandError("Nothing was changed, and nothing could be: settle the lines above.")
                self.stdout.write("Nothing was changed, this was a dry run.")
                return
            try:
                plan = import_roster(roster, district=district, brake_percent=brake, name=options["path"].name)
            except RosterRefused as refused:
                self._tell(refused.plan)
                raise CommandError(_refusal(refused)) from refused
            except DemoRefused as refused:
                way_out = "Remove the demo (manage.py demo --remove), or set DATABASE_URL or LRM_VAR to another place."
                raise CommandError(f"{refused} {way_out}") from refused
            self._tell(plan)
            self.stdout.write("No change." if plan.is_unchanged else "Imported.")

    def _tell(self, plan: RosterPlan) -> None:
        problems = plan.roster.problems
        for problem in problems[:SHOWN]:
            self.stdout.write(f"{'!' if problem.blocking else ' '} {_line(problem)}")
        if len(problems) > SHOWN:
            self.stdout.write(f"  ... and {len(problems) - SHOWN} more")
        for change in plan.changes[:SHOWN]:
            before = change.before or "-"
            self.stdout.write(f"  {change.file}:{change.line} {change.who}, {change.label}: {before} -> {change.after}")
        for one in plan.leaving[:SHOWN]:
            self.stdout.write(f"  leaves ({one.what}): {one.name}")
        self.stdout.write(
            f"OneRoster {plan.roster.version}: {plan.need_you:,} to settle, {plan.count('new'):,} new, "
            f"{plan.count('changed'):,} changed, {plan.count('same'):,} same, {len(plan.leaving):,} would leave, "
            f"{plan.roster.left_out:,} left out"
        )


def _line(problem: Problem) -> str:
    value = f" {problem.value!r}" if problem.value else ""
    who = f" ({problem.who})" if problem.who else ""
    likely = f" Likely meant: {problem.suggestion}." if problem.suggestion else ""
    return f"{problem.place}{value}{who}: {problem.why} {problem.fix}{likely}"


def _place(text: str) -> tuple[str, int]:
    file, _, line = text.partition(":")
    if line and not line.isdecimal():
        raise CommandError(f"--leave-out {text}: write FILE or FILE:LINE, like users.csv:118.")
    return file, int(line or 0)


def _refusal(refused: RosterRefused) -> str:
    if refused.brake is None:
        return "Nothing was changed: settle the lines marked ! first, or leave them out with --leave-out."
    brake = refused.brake
    return (
        f"Nothing was changed: {brake.leaving:,} of {brake.known:,} {brake.what} would leave ({brake.percent:.1f} %), "
        f"more than {brake.limit_percent:g} %. If that is right, say --brake {min(100, int(brake.percent) + 1)}."
    )
