"""manage.py rebuild [--check] [--workers N] [--district KEY]: projections from the ledger, or proof of equality."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.services import rebuilding, rollups
from lrm.scope import district_scope
from profiles.models import District

MOST_LINES = 50


class Command(BaseCommand):
    help = "Compute all mastery anew from the evidence ledger; --check only compares, and fails on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where something differs")
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="processes for a large district; one for each core"
        )
        parser.add_argument("--district", help="key of one district; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        districts = District.objects.order_by("key")
        if options["district"]:
            districts = districts.filter(key=options["district"])
            if not districts:
                raise CommandError(f"There is no district with the key {options['district']}.")
        failed = False
        for district in districts:
            with district_scope(district.pk):
                if options["check"]:
                    failed |= self._check(district)
                else:
                    pairs = rebuilding.rebuild(district, workers=options["workers"], progress=self._progress)
                    rollups.fold()
                    self.stdout.write(f"{district.key}: {pairs} learner and subject pairs rebuilt.")
        if failed:
            sys.exit(1)

    def _check(self, district: District) -> bool:
        found = rebuilding.check(district, progress=self._progress)
        for line in found.lines[:MOST_LINES]:
            self.stdout.write(line)
        if len(found.lines) > MOST_LINES:
            self.stdout.write(f".. and {len(found.lines) - MOST_LINES} more")
        difference = f"{len(found.lines)} differences" if found.lines else "no difference"
        self.stdout.write(f"{district.key}: {found.pairs} levels compared, {difference}, {found.rounding} by rounding.")
        return bool(found.lines)

    def _progress(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {of} ", ending="\r" if done < of else "\n")
