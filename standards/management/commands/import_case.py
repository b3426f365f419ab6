"""`manage.py import_case FILE`: a CASE package, from the terminal."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.districts import add_district_argument, district_of
from lrm.scope import district_scope
from standards.case.package import Package
from standards.case.problems import NotAPackage, sentence
from standards.case.reader import read_package
from standards.services.importing import ImportRefused, import_package
from standards.services.planning import Plan, plan_import
from standards.tables.reading import as_package
from standards.tables.words import TableRefused


class Command(BaseCommand):
    help = "Import a 1EdTech CASE 1.0 or 1.1 package (JSON), or a table of Canvas or OpenSALT. Again: no change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the CFPackage as JSON, or a CSV of Canvas outcomes or OpenSALT")
        add_district_argument(parser)
        parser.add_argument("--retire-many", action="store_true", help="it is right that many standards are gone")
        parser.add_argument("--title", default="", help="of the framework, for a table; else the file's name")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        district = district_of(options["district"])
        path: Path = options["file"]
        try:
            package = read_package(as_package(path.read_bytes(), name=path.name, title=options["title"]))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except TableRefused as refused:
            lines = "\n".join(f"  {one.place}: {one.value} {one.why} {one.fix}" for one in refused.problems)
            raise CommandError(f"{path.name}: nothing was read.\n{lines}") from refused
        except NotAPackage as refused:
            raise CommandError(f"{path.name}: {refused}") from refused
        for oddity in package.oddities:
            self.stdout.write(f"  {sentence(oddity.code, oddity.params)}")
        with district_scope(district.pk):
            if options["dry_run"]:
                self._report(plan_import(package, district_id=district.pk), is_done=False)
            else:
                self._report(self._import(package, district.pk, options["retire_many"]), is_done=True)

    def _import(self, package: Package, district_id: int, may_retire_many: bool) -> Plan:
        try:
            return import_package(
                package, district_id=district_id, progress=self._progress, may_retire_many=may_retire_many
            )
        except ImportRefused as refused:
            raise CommandError(
                f"{refused.plan.standards.retired:,} of {refused.plan.in_force:,} standards would be retired, so"
                " nothing was imported. Where that is right, add --retire-many."
            ) from refused

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r  {done:,} of {total:,}", ending="" if done < total else "\n")
            self.stdout.flush()

    def _report(self, plan: Plan, *, is_done: bool) -> None:
        title = plan.package.document.title
        if plan.is_unchanged:
            self.stdout.write(f"{title}: no change.")
            return
        for name, counts in (("standards", plan.standards), ("associations", plan.associations)):
            self.stdout.write(
                f"  {name}: {counts.new:,} new, {counts.changed:,} changed, {counts.same:,} same, "
                f"{counts.retired:,} retired"
            )
        self.stdout.write(f"{title}: {'imported' if is_done else 'nothing changed, this was a dry run'}.")
