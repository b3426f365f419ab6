"""manage.py data_inventory [--check]: write docs/data-inventory.md from what the models declare."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.inventory import FILE, write_inventory


class Command(BaseCommand):
    help = "Write docs/data-inventory.md: every field about a person, why it is kept, for how long, and its ways out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the document is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = write_inventory()
        if options["check"]:
            if not FILE.exists() or FILE.read_text() != text:
                raise CommandError("docs/data-inventory.md is stale. Run: manage.py data_inventory")
            return
        FILE.write_text(text)
        self.stdout.write(f"{FILE.name}: {text.count(chr(10))} lines.")
