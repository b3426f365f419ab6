"""manage.py export_gradebook DISTRICT FILE: results as a OneRoster 1.2 gradebook package."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from assessments.services.gradebook_out import Asked, write_gradebook
from lrm.dates import DateRefused, parse_date
from lrm.scope import district_scope
from profiles.models import District, School


class Command(BaseCommand):
    help = "Write the results of a district as a OneRoster 1.2 gradebook package (zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("district", help="key of the district")
        parser.add_argument("file", type=Path, help="the zip to write; one that stands is not overwritten")
        parser.add_argument("--school", action="append", default=[], help="key of a school; may be given several times")
        parser.add_argument("--since", default="", help="first day of assessments: 2026-08-01")
        parser.add_argument("--until", default="", help="last day of assessments")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(key=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district with the key {options['district']}.")
        try:
            since, until = (parse_date(options[name]) if options[name] else None for name in ("since", "until"))
        except DateRefused as refused:
            raise CommandError("Write a day like 2026-08-01.") from refused
        with district_scope(district.pk):
            schools = self._schools(options["school"])
            try:
                with options["file"].open("xb") as to, transaction.atomic():
                    done = write_gradebook(to, district=district, asked=Asked(schools, since, until))
            except FileExistsError:
                raise CommandError(f"{options['file']} stands already. Take another name, or remove it.") from None
            except FileNotFoundError:
                raise CommandError(f"There is no folder {options['file'].parent}.") from None
        self.stdout.write(", ".join(f"{name} {count}" for name, count in done.rows.items()))

    def _schools(self, keys: list[str]) -> tuple[int, ...] | None:
        if not keys:
            return None
        found = dict(School.objects.filter(key__in=keys).values_list("key", "pk"))
        if missing := sorted(set(keys) - found.keys()):
            raise CommandError(f"There is no school with the key {', '.join(missing)}.")
        return tuple(found.values())
