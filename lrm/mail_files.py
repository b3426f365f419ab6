"""Mails of a site without a mail server: files for whoever tries it out. They name people, so they go."""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

KEPT = timedelta(days=7)


def forget_old() -> int:
    """Those of more than a week ago; how many that were."""
    folder, gone = Path(settings.EMAIL_FILE_PATH), 0
    for path in folder.glob("*.log") if folder.is_dir() else ():
        try:
            if path.stat().st_mtime < time.time() - KEPT.total_seconds():
                path.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # another worker was quicker
    return gone
