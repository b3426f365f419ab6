"""`manage.py import_results FILE --section KEY`: results as CSV, from the terminal."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.models import Assessment
from assessments.results_csv.reader import read_results
from assessments.services.results_file import NEW, SAME, ResultsFileRefused, ResultsPlan, import_results, plan_results
from lrm.dates import ORDERS
from lrm.districts import add_district_argument, district_of
from lrm.problems import Problem
from lrm.scope import district_scope
from profiles.models import Section

SHOWN = 200


class Command(BaseCommand):
    help = "Import results of one section from a CSV file, all or nothing. Again: no change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--section", required=True, metavar="KEY", help="key or number (id) of the section")
        add_district_argument(parser)
        parser.add_argument("--dry-run", action="store_true", help="tell what would be stored, and store nothing")
        parser.add_argument("--date-order", choices=ORDERS, default="", help="how 1/05/2023 is meant")
        parser.add_argument(
            "--kind", choices=Assessment.Kind.values, default="formative", help="where the file has none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        district = district_of(options["district"])
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        file = read_results(data, date_order=options["date_order"], default_kind=options["kind"])
        with timezone.override(ZoneInfo(district.time_zone)), district_scope(district.pk):
            section = _section(options["section"])
            if options["dry_run"]:
                plan = plan_results(file, section=section)
                self._tell(plan)
                if file.blocking:
                    raise CommandError("Nothing was stored, and nothing could be: correct the lines above.")
                self.stdout.write("Nothing was stored, this was a dry run.")
                return
            try:
                plan = import_results(file, section=section, by=None)
            except ResultsFileRefused as refused:
                self._tell(refused.plan)
                raise CommandError("Nothing was stored: correct the lines marked ! first.") from refused
            self._tell(plan)
            self.stdout.write("Imported." if plan.count(NEW) else "No change.")

    def _tell(self, plan: ResultsPlan) -> None:
        for problem in plan.file.problems[:SHOWN]:
            self.stdout.write(f"{'!' if problem.blocking else ' '} {_line(problem)}")
        if len(plan.file.problems) > SHOWN:
            self.stdout.write(f"  ... and {len(plan.file.problems) - SHOWN} more")
        self.stdout.write(
            f"{plan.section.title}: {plan.need_you:,} lines to correct, {plan.count(NEW):,} new, "
            f"{plan.count(SAME):,} same, {len(plan.sittings):,} assessments ({len(plan.new_assessments):,} new), "
            f"{len(plan.learners):,} learners, {len(plan.standards):,} standards"
        )


def _section(written: str) -> Section:
    sections = Section.objects.select_related("roster", "session")
    found = sections.filter(key=written).first()
    if found is None and written.isdecimal():
        found = sections.filter(pk=int(written)).first()
    if found is None:
        raise CommandError(f"This district has no section {written}.")
    return found


def _line(problem: Problem) -> str:
    place = f"line {problem.line} {problem.field}".strip() if problem.line else problem.field
    value = f" {problem.value!r}" if problem.value else ""
    who = f" ({problem.who})" if problem.who else ""
    likely = f" Likely meant: {problem.suggestion}." if problem.suggestion else ""
    return f"{place}{value}{who}: {problem.why} {problem.fix}{likely}"
