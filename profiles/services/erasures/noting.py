"""Who was erased, beside the database: a backup that is restored does not know it (`manage.py erase_again`)."""

import json
import os

from django.conf import settings

from lrm.scope import unscoped
from profiles.models import Erasure


def note_for_backups() -> int:
    """A line for each erased person who has none yet, by an id that leads nowhere. Returns how many.

    After each erasure, and by the clock: a process that was killed, or a full disk, may have left one without a line.
    """
    path = settings.ERASED_ROOT / "erasures.jsonl"
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = "\n".join(line for line in there.splitlines() if line.endswith("}"))
    with unscoped("one list for all districts"):
        done = list(Erasure.objects.filter(done_at__isnull=False).order_by("done_at", "pk"))
    lines = []
    for row in done:
        kind, uuid = ("account", row.account_uuid) if row.account_uuid else ("learner", row.learner_uuid)
        if f'"{uuid}", "erased_at"' not in whole:
            assert row.done_at is not None
            lines.append(json.dumps({kind: str(uuid), "erased_at": row.done_at.isoformat(timespec="seconds")}))
    if lines:
        settings.ERASED_ROOT.mkdir(parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8") as file:
            # What a full disk has cut off stays a line of its own.
            file.write("\n" * (bool(there) and not there.endswith("\n")) + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return len(lines)
