"""manage.py affected FILE: the people whom an incident concerns, as CSV."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from defusedcsv import csv
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Account, BulkExport, District
from profiles.services.affected_people import HEADINGS, Incident, rows


class Command(BaseCommand):
    help = (
        "List the people whom an incident concerns: whose records these accounts saw or changed in that time, on which "
        "pages, and whom to write to. Answers to programs with a token count as their account's."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV to make; it holds names and addresses, so only you can read it"
        )
        parser.add_argument("--district", required=True, help="its key")
        parser.add_argument("--since", required=True, help="2026-11-20 or 2026-11-20T08:15, by the district's clock")
        parser.add_argument("--until", help="likewise; a day is meant whole; without it, until now")
        parser.add_argument(
            "--account", action="append", metavar="EMAIL_OR_ID", help="again for more; without: anybody"
        )
        parser.add_argument("--route", action="append", help="name of a page (profiles_accesslog); without: any page")
        parser.add_argument("--everybody", action="store_true", help="all people of the district, as for a lost backup")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(key=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district with the key {options['district']}.")
        if options["file"].exists():
            raise CommandError(f"{options['file']} is there already. Nothing was written.")
        zone = ZoneInfo(district.time_zone)
        since = _moment(options["since"], zone, is_end=False)
        until = _moment(options["until"], zone, is_end=True) if options["until"] else timezone.now()
        if until <= since:
            raise CommandError("--until is not after --since.")
        accounts = [_account(district, said) for said in options["account"]] if options["account"] else None
        incident = Incident(since, until, accounts, options["route"], everybody=options["everybody"])
        with district_scope(district.pk), timezone.override(zone):
            found = list(rows(incident))
            taken = BulkExport.objects.filter(district=district, at__gte=since, at__lt=until)
            if accounts is not None:
                taken = taken.filter(account__in=accounts)
            files, people = taken.count(), taken.aggregate(n=Sum("people"))["n"] or 0
        _write(options["file"], found)
        ends = until.astimezone(zone)
        self.stdout.write(
            f"{len(found)} people are in {options['file']}, from {since:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}. In "
            f"that time records were taken along as files {files} times, of {people} people together."
        )


def _moment(said: str, zone: ZoneInfo, *, is_end: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as wrong:
        raise CommandError(f"{said} is no time: write it as 2026-11-20 or 2026-11-20T08:15.") from wrong
    if is_end and len(said) == len("2026-11-20"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _account(district: District, said: str) -> int:
    accounts = Account.objects.filter(district=district)
    account = (accounts.filter(pk=said) if said.isdecimal() else accounts.filter(email__iexact=said)).first()
    if account is None:
        raise CommandError(f"Nobody in {district.key} has the address or number {said}.")
    return account.pk


def _write(path: Path, found: list[list[Any]]) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as trouble:
        raise CommandError(f"{path} cannot be made: {trouble.strerror}.") from trouble
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(found)
    except OSError as trouble:
        with suppress(OSError):
            path.unlink()
        raise CommandError(f"{path} cannot be written: {trouble.strerror}. Nothing of it was kept.") from trouble
