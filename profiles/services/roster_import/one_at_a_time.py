"""Who reads a roster and then writes it does so alone: an import, an undo, and an erasure of somebody in it."""

from django.db import connection


def lock(district_id: int) -> None:
    """One of them of a district at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roster {district_id}"])
