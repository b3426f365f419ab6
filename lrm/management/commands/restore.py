"""manage.py restore BACKUP [--verify]: bring a backup back into an empty site, or only try whether it could be."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.backups.errors import BackupError
from lrm.backups.restoring import restore, try_out


class Command(BaseCommand):
    help = "Bring a backup back into an empty database and an empty folder of files, and prove that all of it is there."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, metavar="BACKUP", help="a folder that `manage.py backup` made")
        parser.add_argument(
            "--verify", action="store_true", help="change nothing: restore into a database that is dropped again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act = try_out if options["verify"] else restore
        try:
            act(options["backup"].resolve(), self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("This backup can be restored." if options["verify"] else "Restored. Now: manage.py migrate")
