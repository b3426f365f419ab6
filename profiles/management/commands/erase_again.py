"""manage.py erase_again FILE: after a restored backup, erase again whoever was erased since it was made."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrm.scope import unscoped
from profiles.models import Account, Erasure, Learner
from profiles.services.erasures.erasing import erase
from profiles.services.erasures.trouble import CannotErase

NAMED = re.compile(r'"(?P<kind>learner|account)"\s*:\s*"(?P<uuid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"', re.I)
CUT_OFF = (
    "names nobody. Where a full disk has cut it off, LRM has written the person down again below it: take the line out "
    "of the list. Where no line is below it, look in the district's own papers for who was erased last."
)


class Command(BaseCommand):
    help = "Erase again, in a restored database, the people whom the file names (erasures.jsonl of the state folder)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="one JSON object a line, with `learner` or `account` and an id, as LRM has written it",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many of them are here")

    def handle(self, *args: Any, **options: Any) -> None:
        named, unread = _named(options["file"])
        with unscoped("a restored backup holds every district"):
            learners = Learner.objects.named().filter(uuid__in=named["learner"]).order_by("pk")
            adults = Account.objects.named().filter(uuid__in=named["account"]).order_by("pk")
            rows: list[Learner | Account] = [*learners, *adults]
            refused = [] if options["dry_run"] else [said for person in rows if (said := self._refused(person))]
        said = "would be erased again" if options["dry_run"] else "erased again"
        self.stdout.write(f"{sum(map(len, named.values()))} in the file, {len(rows) - len(refused)} {said}.")
        trouble = [*unread, *refused]
        if trouble:
            raise CommandError("\n".join(["Not erased; mend it and run this again:", *trouble]))

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


def _named(path: Path) -> tuple[dict[str, set[str]], list[str]]:
    """Kind of a person -> UUIDs; and what is to be said of each line that names nobody.

    A full disk or a kill cuts a line off. Where its id is whole it counts; what is cut before that keeps nobody else.
    """
    found: dict[str, set[str]] = {"learner": set(), "account": set()}
    unread = []
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as trouble:
        raise CommandError(f"{path} cannot be read: {trouble.strerror}.") from trouble
    for number, line in enumerate(lines, start=1):
        if person := NAMED.search(line):
            found[person["kind"].lower()].add(person["uuid"].lower())
        elif line.strip():
            unread.append(f"line {number}, {line[:60]!r}: {CUT_OFF}")
    if unread and not any(found.values()):
        raise CommandError(
            f"{path} is no list of erasures: no line names a person as LRM writes it (erasures.jsonl of the state "
            f"folder). Its first one is {lines[0][:60]!r}."
        )
    return found, unread
