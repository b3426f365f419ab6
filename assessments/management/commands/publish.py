"""manage.py publish [--district KEY]: today's suppressed figures, where they do not stand yet."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.services import publishing
from lrm.scope import district_scope
from profiles.models import District


class Command(BaseCommand):
    help = "Publish today's figures for readers who may not list learners; once a day, a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", help="key of one district; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        districts = District.objects.order_by("key")
        if options["district"]:
            districts = districts.filter(key=options["district"])
            if not districts:
                raise CommandError(f"There is no district with the key {options['district']}.")
        for district in districts:
            with district_scope(district.pk):
                found = publishing.publish(district, day=datetime.now(ZoneInfo(district.time_zone)).date())
            figures = [
                figure for table in found.cells.values() for row in table["rows"].values() for figure in row.values()
            ]
            shown = sum(isinstance(figure, list) for figure in figures)
            self.stdout.write(
                f"{district.key}: publication of {found.day}, {shown} figures shown, {len(figures) - shown} hidden."
            )
