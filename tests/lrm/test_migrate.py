"""Migrating while people work: it waits half a second for them, and they never wait longer than that for it."""

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from lrm.management.commands import migrate
from lrm.roles import grant_runtime_role, granting_new_tables

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def waiting_app(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.lrm.waiting_app"]
    yield
    MigrationRecorder(connection).record_unapplied("waiting_app", "0001_change_a_table_in_use")


@pytest.fixture
def other():
    """A session that reads a table in a transaction that does not end by itself."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE in_use AS SELECT 1 AS one")
    reading = psycopg2.connect(**connection.get_connection_params())
    reading.cursor().execute("SELECT * FROM in_use")
    yield reading
    reading.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE in_use")


def columns() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM in_use")
        return [column.name for column in cursor.description]


def rights_by_default() -> int:
    """Kinds of what the owner makes on which somebody else has rights from its first moment on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_default_acl")
        return cursor.fetchone()[0]


def test_a_table_in_use_is_changed_once_it_is_free_and_others_read_it_meanwhile(other, monkeypatch):
    seen = []

    def give_way(command):
        seen.append(columns())  # would hang behind a change that still waits
        other.commit()

    monkeypatch.setattr(migrate.Command, "give_way", give_way)
    monkeypatch.setattr(migrate, "LOCK_MILLISECONDS", 50)
    call_command("migrate", "waiting_app", verbosity=0)
    assert seen == [["one"]]
    assert columns() == ["one", "more"]


def test_the_site_of_before_may_use_new_tables_while_others_still_wait(other, monkeypatch, settings):
    """As where a trigger was replaced by one that reads a table of this version: saves run through it at once."""
    seen = []

    def give_way(command):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE made_meanwhile (id serial)")
            for may in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                cursor.execute("SELECT has_table_privilege(%s, 'made_meanwhile', %s)", [settings.RUNTIME_ROLE, may])
                seen.append(cursor.fetchone()[0])
            cursor.execute(
                "SELECT has_sequence_privilege(%s, 'made_meanwhile_id_seq', 'USAGE')", [settings.RUNTIME_ROLE]
            )
            seen.append(cursor.fetchone()[0])
            cursor.execute("DROP TABLE made_meanwhile")
        other.commit()

    monkeypatch.setattr(migrate.Command, "give_way", give_way)
    monkeypatch.setattr(migrate, "LOCK_MILLISECONDS", 50)
    call_command("migrate", "waiting_app", verbosity=0)
    assert seen == [True] * 5
    assert rights_by_default() == 0


def test_rights_by_default_that_a_killed_migrate_has_left_go_with_the_next_grant():
    with granting_new_tables():
        assert rights_by_default() == 2
        grant_runtime_role()  # of the next one, where this one got no further
        assert rights_by_default() == 0


def test_it_gives_way_before_postgresql_refuses_a_page_for_a_deadlock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'")
        assert cursor.fetchone()[0] > 2 * migrate.LOCK_MILLISECONDS


def test_a_table_that_is_never_free_is_named_as_the_reason_and_nothing_stays_behind(other, monkeypatch):
    monkeypatch.setattr(migrate.Command, "give_way", lambda command: None)
    monkeypatch.setattr(migrate, "LOCK_MILLISECONDS", 50)
    monkeypatch.setattr(migrate, "TRIES", 3)
    with pytest.raises(CommandError, match="in use at each of 3 tries"):
        call_command("migrate", "waiting_app", verbosity=0)
    assert columns() == ["one"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
