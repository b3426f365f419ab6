"""manage.py demo [--remove | --accounts [--json]]: an invented school to look around in."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from paths.demo.accounts import demo_accounts
from paths.demo.removal import HoldsRealData, remove_demo
from paths.demo.seeding.build import SEED, NotAlone, build
from paths.demo.seeding.plan import SIZES
from profiles.models import District


class Command(BaseCommand):
    help = "Make the demo school in an empty database, list its accounts, or remove it whole."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--remove", action="store_true", help="remove the demo school and all that was done in it")
        what.add_argument("--accounts", action="store_true", help="list who can be entered as, and how")
        parser.add_argument("--json", action="store_true", help="with --accounts: as JSON")
        parser.add_argument("--size", choices=sorted(SIZES), default="full", help="small: one school, two classes")
        parser.add_argument("--seed", type=int, default=SEED, help="another number, another school")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove()
        elif options["accounts"]:
            self._list(as_json=options["json"])
        else:
            self._build(options["size"], options["seed"])

    def _build(self, size: str, seed: int) -> None:
        if demo := District.objects.filter(is_demo=True).first():
            self.stdout.write(f"The demo school is here already: {demo.name}. `manage.py demo --remove` removes it.")
            return
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:5.1f} s  {line}")
            self.stdout.flush()

        try:
            build(size=size, seed=seed, say=say)
        except NotAlone as error:
            raise CommandError(
                f"This database holds {error}. A demo never shares a database with real data: "
                "nothing was made. Set DATABASE_URL to an empty database, or LRM_VAR to another folder."
            ) from error
        say("ready")

    def _remove(self) -> None:
        try:
            found = remove_demo()
        except HoldsRealData as error:
            raise CommandError(f"This database holds {error}, which is no demo. Nothing was removed.") from error
        self.stdout.write("The demo school is removed." if found else "There is no demo school in this database.")

    def _list(self, *, as_json: bool) -> None:
        accounts = demo_accounts()
        if as_json:
            self.stdout.write(json.dumps([account.as_dict() for account in accounts], ensure_ascii=False, indent=2))
            return
        if not accounts:
            self.stdout.write("There is no demo school in this database.")
        for account in accounts:
            if account.email:
                how = f"{account.email}   password: {account.password}"
            else:
                how = f"class code {account.class_code}, number {account.number}"
            self.stdout.write(f"  {account.role:<10} {account.name:<24} {how}")
