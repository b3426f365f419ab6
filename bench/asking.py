"""Plain statements to the scratch database."""

from collections.abc import Mapping

from django.db import connection


def ask(query: str) -> int:
    """The one number that the query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def counts(tables: Mapping[str, str]) -> str:
    """How many rows stand, in words.    tables: word -> table."""
    return ", ".join(f"{ask(f'SELECT count(*) FROM {table}')} {word}" for word, table in tables.items())
