"""Mails of a site without a mail server: files for whoever tries it out. They name people, so they go."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from lrm.attempts import attempts

KEPT = timedelta(days=7)


def forget_old() -> int:
    """Those of more than a week ago; how many that were. Raises NotAllDone at the end where some cannot be removed."""
    folder, gone = Path(settings.EMAIL_FILE_PATH), 0
    with attempts("mails_not_forgotten") as attempt:
        for path in folder.glob("*.log") if folder.is_dir() else ():
            # Where it is not found another worker was quicker. Names of these files are times, of nobody.
            with attempt(mail=path.name), suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - KEPT.total_seconds():
                    path.unlink()
                    gone += 1
    return gone
