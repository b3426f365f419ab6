"""`python -m tests.lrm.old_migrations APP.NAME ...`: bring an empty database up to these, unsquashed."""

import os
import sys

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def main(targets: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
    django.setup()
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate([(app, name) for app, name in (target.split(".") for target in targets)])


if __name__ == "__main__":
    main(sys.argv[1:])
