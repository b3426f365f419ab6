"""manage.py retention [--dry-run] [--district KEY] [--day DATE]: take away what has been kept for its whole time."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrm.attempts import NotAllDone, attempts
from lrm.scope import district_scope
from profiles.models import District
from profiles.services import access_log_months, retention


class Command(BaseCommand):
    help = (
        "Take away records that have been kept for their whole time. It runs every night; a second run finds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go; changes nothing")
        parser.add_argument("--district", help="key of one district; without it, all of them")
        parser.add_argument("--day", help="YYYY-MM-DD instead of today; with --dry-run only")

    def handle(self, *args: Any, **options: Any) -> None:
        districts = District.objects.order_by("key")
        if options["district"] and not (districts := districts.filter(key=options["district"])):
            raise CommandError(f"There is no district with the key {options['district']}.")
        if options["day"] and not options["dry_run"]:
            raise CommandError("Another day than today can only be looked at: add --dry-run.")
        if not options["dry_run"]:
            access_log_months.make_ahead()
        asked = _day(options["day"])
        try:
            with attempts("night_failed") as attempt:
                for district in districts:
                    zone = ZoneInfo(district.time_zone)
                    with attempt(district=district.key), district_scope(district.pk), timezone.override(zone):
                        self._work_off(district, asked or timezone.localdate(), dry_run=options["dry_run"])
        except NotAllDone as trouble:
            raise CommandError(f"{trouble} What went stays gone; run it again once that is mended.") from trouble

    def _work_off(self, district: District, day: date, *, dry_run: bool) -> None:
        if dry_run:
            found = retention.due(district, on=day)
            counts, verb = dict(found.rows) | {retention.LEARNERS: found.learners}, "would go"
        else:
            counts, verb = retention.run(district, on=day).counts, "went"
        said = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()) if n) or "nothing"
        self.stdout.write(f"{district.key}, {day}: {said} {verb}.")


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as wrong:
        raise CommandError(f"{said} is no day: write it as 2027-06-30.") from wrong
