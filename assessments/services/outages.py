"""Failures that are nobody's fault: the database was away, or full."""

import psycopg2
from django.db import DatabaseError

OUTAGES = ("08", "53", "57P")
"""How the codes of PostgreSQL begin that tell of a lost connection, a full machine, and a server going or coming."""


def raise_outage(error: Exception) -> None:
    """Raise the error again where it tells of an outage: that hits all work alike, and all of it is tried again."""
    said = error.__cause__ if isinstance(error, DatabaseError) else error  # COPY raises what the driver raises
    if isinstance(said, psycopg2.InterfaceError):
        raise error
    if isinstance(said, psycopg2.OperationalError) and (said.pgcode or OUTAGES[0]).startswith(OUTAGES):
        raise error
