"""How many statements an answer costs, counted as docs and architecture count them.

Session, user, rights and access log are in; BEGIN, COMMIT, ROLLBACK and SAVEPOINT are out.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

ACTOR = re.compile(r"^/\*lrm [^*]*\*/ ")
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def statements(captured: CaptureQueriesContext) -> list[str]:
    """The statements that count, in order, without the comment that says who acts (lrm/acting.py)."""
    sent = [ACTOR.sub("", query["sql"]) for query in captured.captured_queries]
    return [sql for sql in sent if not sql.startswith(TRANSACTION)]


def spelled_out(sent: list[str]) -> list[str]:
    """The same, with what PREPARE was told in the place of EXECUTE and its name (lrm/prepared.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        told = {name: statement.partition(" AS ")[2] for name, statement in cursor.fetchall()}
    return [told[sql.split()[1]] if sql.startswith("EXECUTE ") else sql for sql in sent]


@contextmanager
def assert_statements(at_most: int | None = None, *, exactly: int | None = None) -> Iterator[CaptureQueriesContext]:
    """The block sends at most, or exactly, so many statements; a failure lists them.

    Requests through the test client are counted whole, with their middleware.
    """
    if (at_most is None) == (exactly is None):
        raise ValueError("Give at_most or exactly.")
    with CaptureQueriesContext(connection) as captured:
        yield captured
    sent = statements(captured)
    limit = exactly if at_most is None else at_most
    too_many = len(sent) != exactly if exactly is not None else len(sent) > limit
    if too_many:
        lines = "\n".join(f"{number:3d}. {sql[:300]}" for number, sql in enumerate(spelled_out(sent), 1))
        raise AssertionError(
            f"{len(sent)} statements, {'exactly' if exactly is not None else 'at most'} {limit}:\n{lines}"
        )
