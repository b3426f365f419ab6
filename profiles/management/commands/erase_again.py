"""manage.py erase_again FILE: after a restored backup, erase again whoever was erased since it was made."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrm.scope import unscoped
from profiles.models import Account, Erasure, Learner
from profiles.services.erasures.erasing import erase
from profiles.services.erasures.trouble import CannotErase


class Command(BaseCommand):
    help = "Erase again, in a restored database, the people whom the file names (erasures.jsonl of the state folder)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="one JSON object a line, with `learner` or `account`, as LRM has written it"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many of them are here")

    def handle(self, *args: Any, **options: Any) -> None:
        named = _named(options["file"])
        with unscoped("a restored backup holds every district"):
            learners = Learner.objects.named().filter(uuid__in=named["learner"]).order_by("pk")
            adults = Account.objects.named().filter(uuid__in=named["account"]).order_by("pk")
            rows: list[Learner | Account] = [*learners, *adults]
            refused = [] if options["dry_run"] else [said for person in rows if (said := self._refused(person))]
        said = "would be erased again" if options["dry_run"] else "erased again"
        self.stdout.write(f"{sum(map(len, named.values()))} in the file, {len(rows) - len(refused)} {said}.")
        if refused:
            raise CommandError("\n".join(["Not erased; mend it and run this again:", *refused]))

    def _refused(self, person: Learner | Account) -> str:
        """Who and why; empty where the person is erased. One who cannot be keeps nobody else."""
        kind = "learner" if isinstance(person, Learner) else "account"
        known = Erasure.objects.open().filter(**{kind: person}).first()
        erasure = known or Erasure.objects.create(
            **{kind: person, f"{kind}_uuid": person.uuid},
            district_id=person.district_id,
            alone_from=timezone.localdate(),
        )
        try:
            erase(erasure, tell=lambda said: None, finish=lambda: None)
        except CannotErase as refused:
            return f"{kind} {person.uuid}: {refused}"
        return ""


def _named(path: Path) -> dict[str, set[str]]:
    """Kind of a person -> UUIDs."""
    found: dict[str, set[str]] = {"learner": set(), "account": set()}
    number = 0
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            number += 1
            if line.strip():
                row = json.loads(line)
                kind = "account" if "account" in row else "learner"
                found[kind].add(str(UUID(row[kind])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise CommandError(f"{path} cannot be read as a list of erasures: line {number}: {trouble}") from trouble
    return found
