from django.core.management.color import no_style
from django.db import connection


def test_flush_says_that_the_ledger_may_be_emptied() -> None:
    statements = connection.ops.sql_flush(no_style(), ["django_session"])
    assert [statement.split()[0] for statement in statements] == ["SET", "TRUNCATE"]
    assert statements[0] == "SET LOCAL lrm.rewrite_ledger = 'on'"


def test_flush_of_nothing_says_nothing() -> None:
    assert connection.ops.sql_flush(no_style(), []) == []
