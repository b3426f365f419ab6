"""manage.py erase_again FILE: after a restored backup, erase again whoever was erased since it was made."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrm.scope import unscoped
from profiles.models import Erasure, Learner
from profiles.services.erasures.erasing import CannotErase, erase


class Command(BaseCommand):
    help = "Erase again, in a restored database, the learners whom the file names (erasures.jsonl of the state folder)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="one JSON object a line, with `learner`, as LRM has written it")
        parser.add_argument("--dry-run", action="store_true", help="only say how many of them are here")

    def handle(self, *args: Any, **options: Any) -> None:
        uuids = _uuids(options["file"])
        with unscoped("a restored backup holds every district"):
            rows = list(Learner.objects.named().filter(uuid__in=uuids).order_by("pk"))
            if not options["dry_run"]:
                for learner in rows:
                    self._erase(learner)
        said = "would be erased again" if options["dry_run"] else "erased again"
        self.stdout.write(f"{len(uuids)} in the file, {len(rows)} {said}.")

    def _erase(self, learner: Learner) -> None:
        today = timezone.localdate()
        known = Erasure.objects.open().filter(learner=learner).first()
        erasure = known or Erasure.objects.create(
            district_id=learner.district_id, learner=learner, learner_uuid=learner.uuid, alone_from=today
        )
        try:
            erase(erasure, tell=lambda said: None, finish=lambda: None)
        except CannotErase as refused:
            raise CommandError(f"Learner {learner.uuid}: {refused}") from refused


def _uuids(path: Path) -> set[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {json.loads(line)["learner"] for line in lines if line.strip()}
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise CommandError(f"{path} cannot be read as a list of erasures: {trouble}") from trouble
