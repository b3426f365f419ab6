"""Which district a command works on."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def add_district_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--district", metavar="KEY", default="", help="key of the district; not needed if there is one")


def district_of(key: str) -> Any:
    """The district with this key, or the only one. Raises CommandError that lists the keys."""
    district: Any = get_user_model()._meta.get_field("district").related_model
    found = {row.key: row for row in district._default_manager.order_by("key")}
    if key in found:
        return found[key]
    if not key and len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise CommandError(
            "There is no district yet. `manage.py add_district` makes the first, `manage.py demo` one to try."
        )
    problem = f"There is no district {key}." if key else "There are several districts; name one with --district."
    raise CommandError(f"{problem} Known: {', '.join(found)}.")
