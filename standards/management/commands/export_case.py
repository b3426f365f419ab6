"""`manage.py export_case UUID`: a framework as the CASE package that it came as."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.districts import add_district_argument, district_of
from lrm.scope import district_scope
from standards.models import Framework
from standards.services.exporting import export_package


class Command(BaseCommand):
    help = "Write a framework as a CASE package (JSON) to the terminal or a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", type=UUID, help="identifier of the CFDocument")
        add_district_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        district = district_of(options["district"])
        with district_scope(district.pk):
            framework = Framework.objects.filter(district=district, uuid=options["uuid"]).first()
            if framework is None:
                raise CommandError(f"{district} has no framework {options['uuid']}.")
            self.stdout.write(json.dumps(export_package(framework), ensure_ascii=False, indent=1))
