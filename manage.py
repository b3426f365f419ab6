#!/usr/bin/env python
"""Django's commands, with private PostgreSQL and Redis where DATABASE_URL or REDIS_URL is unset."""

import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from lrm.acting import COMMAND, Actor, act_from_now_on
from lrm.local import EmbeddedError, local_environment

if __name__ == "__main__":
    act_from_now_on(Actor(COMMAND, " ".join(sys.argv[1:2])))
    try:
        with local_environment(Path(__file__).resolve().parent, sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
