"""manage.py backup FOLDER: the database and the files of this site, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.backups.errors import BackupError
from lrm.backups.making import make_backup


class Command(BaseCommand):
    help = "Make a backup of the database and the files in a new folder inside FOLDER, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="where backups lie; made where it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            make_backup(options["folder"].resolve(), self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
