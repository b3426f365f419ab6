"""Kept connections: a living one is not asked whether it lives, a dead one is not used."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.processes import wait_for

pytestmark = pytest.mark.django_db

PID = "SELECT pg_backend_pid()"


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A connection that has served a request, before its next one begins."""
    kept = connection.copy()
    assert ask(kept, PID)
    yield kept
    kept.close()


def ask(through: BaseDatabaseWrapper, statement: str, *values: object) -> object:
    with through.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def begin_request(kept: BaseDatabaseWrapper) -> None:
    """What Django does with every connection when a request comes in."""
    kept.close_if_unusable_or_obsolete()
    assert kept.health_check_enabled
    assert not kept.health_check_done


def last_statement(pid: object) -> object:
    return ask(connection, "SELECT query FROM pg_stat_activity WHERE pid = %s", pid)


def test_living_connection_is_kept_without_asking_the_server(kept):
    pid = ask(kept, PID)
    begin_request(kept)

    kept.cursor().close()

    assert kept.health_check_done
    assert last_statement(pid) == PID
    assert ask(kept, PID) == pid


def test_connection_that_the_server_has_closed_is_replaced(kept):
    pid = ask(kept, PID)
    assert ask(connection, "SELECT pg_terminate_backend(%s, 10000)", pid)  # returns when it is gone
    begin_request(kept)

    assert ask(kept, PID) != pid


def test_connection_closed_on_our_side_is_replaced(kept):
    pid = ask(kept, PID)
    kept.connection.close()
    begin_request(kept)

    assert ask(kept, PID) != pid


def test_connection_with_unread_words_is_asked_and_kept(kept):
    pid = ask(kept, PID)
    with kept.cursor() as cursor:
        cursor.execute("LISTEN lrm_test")
    with connection.copy().cursor() as other:
        other.execute("NOTIFY lrm_test")
        other.db.close()
    wait_for(lambda: not kept._is_silent(), "the word to arrive")
    begin_request(kept)

    kept.cursor().close()

    assert last_statement(pid) == "SELECT 1"
    assert ask(kept, PID) == pid


def test_connection_after_an_error_is_asked(kept):
    pid = ask(kept, PID)
    kept.errors_occurred = True

    kept.close_if_unusable_or_obsolete()

    assert last_statement(pid) == "SELECT 1"
    assert not kept.errors_occurred
    assert ask(kept, PID) == pid
