"""manage.py add_district KEY NAME --admin EMAIL: the first step of a real site."""

import sys
from getpass import getpass
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug

from profiles.services.districts import DistrictRefused, add_district


class Command(BaseCommand):
    help = "Make a district and its first administrator. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="a short name of letters, digits and hyphens, such as three-rivers")
        parser.add_argument("name", help="the district's name, such as Three Rivers Schools")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="address of the first administrator")
        parser.add_argument("--given-name", required=True)
        parser.add_argument("--family-name", required=True)
        parser.add_argument("--time-zone", default="America/New_York", help="default: America/New_York")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"{options['time_zone']} is no time zone. Name one like America/Chicago.")
        try:
            validate_slug(options["key"])
            validate_email(options["admin"])
        except ValidationError as error:
            raise CommandError(f"{options['key']}, {options['admin']}: {' '.join(error.messages)}") from error
        password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            account = add_district(
                key=options["key"],
                name=options["name"],
                time_zone=options["time_zone"],
                email=options["admin"],
                given_name=options["given_name"],
                family_name=options["family_name"],
                password=password,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DistrictRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{account.district.name} is there. {account.email} can sign in and import a roster.")
