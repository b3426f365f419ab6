#!/usr/bin/env python
"""Django's commands, with private PostgreSQL and Redis where DATABASE_URL or REDIS_URL is unset."""

import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from lrm.local import EmbeddedError, local_environment

if __name__ == "__main__":
    try:
        with local_environment(Path(__file__).resolve().parent, sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
