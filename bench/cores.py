"""How busy the cores of this machine have been."""

import os
from pathlib import Path

STAT = Path("/proc/stat")


def core_seconds() -> float | None:
    """Seconds of all cores together that any process has worked since the machine started; None where Linux is not.

    Waiting for a disk is not work.
    """
    if not STAT.exists():
        return None
    user, nice, system, _idle, _waiting, hard, soft, *_ = STAT.read_text().split("\n", 1)[0].split()[1:]
    return sum(map(int, (user, nice, system, hard, soft))) / os.sysconf("SC_CLK_TCK")
