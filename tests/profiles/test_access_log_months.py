"""The access log by months: no look is lost for want of one, a month goes whole, and what is on hold stays."""

import importlib
from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable

from lrm.scope import district_scope, unscoped
from profiles.access import write_access_log
from profiles.models import AccessLog, LearnerMerge, LegalHold, RetentionRun
from profiles.services import access_log_months, retention
from profiles.services.looks import LOOKS
from tests.factories.profiles import make_learner, make_school, make_school_admin

ON = date(2026, 7, 10)
"""A night on which March of 2025 is over, and July, in which a year ago lies, is not."""
MARCH, JULY = datetime(2025, 3, 9, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC)


def look(learner, at, route="learner"):
    return AccessLog._base_manager.create(district_id=learner.district_id, route=route, learner_ids=[learner.pk], at=at)


def parts() -> dict[str, int]:
    """Part of the log -> its lines, of parts that have some."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM profiles_accesslog GROUP BY 1")
        return {name.removeprefix("profiles_accesslog_"): n for name, n in cursor.fetchall()}


def months() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT part FROM access_log_months()")
        return [part.removeprefix("profiles_accesslog_") for (part,) in cursor.fetchall()]


@pytest.fixture
def two(db):
    """Two learners of two districts, and an access log that has been by months for two years."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_accesslog DETACH PARTITION profiles_accesslog_before")
        for first, last in (("2025-03-01", "2025-04-01"), ("2025-07-01", "2025-08-01")):
            name = f"profiles_accesslog_{first[:7].replace('-', '_')}"
            cursor.execute(
                f"CREATE TABLE {name} PARTITION OF profiles_accesslog FOR VALUES FROM (%s) TO (%s)",
                [f"{first} 00:00+00", f"{last} 00:00+00"],
            )
    with unscoped("two districts"):
        learners = make_learner(make_school()), make_learner(make_school())
        for learner in learners:
            look(learner, MARCH)
            look(learner, JULY)
        settle()
        yield learners


def settle():
    """A table whose rows still wait for the check of a foreign key cannot go; at night they do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_what_no_month_holds_waits_and_is_moved_once_its_month_is_made(db, monkeypatch):
    with unscoped("a district of the test"):
        learner = make_learner(make_school())
        at = timezone.now().replace(day=15) + timezone.timedelta(days=150)
        one = look(learner, at)
        settle()
        assert parts() == {"other": 1}
        monkeypatch.setattr(access_log_months, "AHEAD", 7)
        assert access_log_months.make_ahead() > 0
        assert parts() == {f"{at:%Y_%m}": 1}
        assert access_log_months.make_ahead() == 0
        assert AccessLog.objects.get(pk=one.pk).at == at


def test_a_month_that_is_over_goes_whole_and_each_district_counts_its_own(two):
    district = two[0].district
    assert retention.due(district, on=ON).rows["profiles.AccessLog"] == 1
    with district_scope(district.pk):
        night = retention.run(district, on=ON)
    assert "2025_03" not in months()
    assert parts() == {"2025_07": 2}
    assert night.counts["profiles.AccessLog"] == 1
    assert RetentionRun.objects.get(district=two[1].district).counts == {"profiles.AccessLog": 1}
    assert retention.run(two[1].district, on=ON).counts["profiles.AccessLog"] == 1
    assert parts() == {"2025_07": 2}


def test_a_month_with_a_line_on_hold_stays_and_the_rest_of_it_goes(two):
    held, other = two
    LegalHold.objects.create(learner=held, why="A court asks.")
    for learner in (held, other):
        retention.run(learner.district, on=ON)
    assert "2025_03" in months()
    assert AccessLog.objects.get(at=MARCH).learner_ids == [held.pk]
    assert parts() == {"2025_03": 1, "2025_07": 2}


def test_a_hold_keeps_what_was_looked_at_before_the_row_was_made_one_with_another(two):
    merged, other = two
    kept = make_learner(merged.home_school)
    LearnerMerge.objects.create(uuid=uuid4(), district=merged.district, kept=kept, merged=merged)
    LegalHold.objects.create(learner=kept, why="A court asks.")
    assert retention.due(merged.district, on=ON).rows["profiles.AccessLog"] == 0
    for learner in (merged, other):
        retention.run(learner.district, on=ON)
    assert AccessLog.objects.get(at=MARCH).learner_ids == [merged.pk]


def test_a_month_in_use_waits_for_the_next_hour(two, monkeypatch):
    def in_use(month, held):
        raise OperationalError("in use") from LockNotAvailable()

    district = two[0].district
    with monkeypatch.context() as patch:
        patch.setattr(access_log_months, "_drop", in_use)
        assert retention.run(district, on=ON).finished_at is None
    assert parts() == {"2025_03": 2, "2025_07": 2}
    assert retention.run(district, on=ON).finished_at is not None
    assert parts() == {"2025_07": 2}


def test_a_month_that_another_worker_drops_meanwhile_is_passed_over(two, monkeypatch):
    ours = access_log_months._drop

    def beside_another(month, held):
        with connection.cursor() as cursor:
            cursor.execute("SELECT drop_access_log_month('profiles_accesslog_2025_07')")
        return ours(month, held)

    monkeypatch.setattr(access_log_months, "_drop", beside_another)
    with unscoped("months of every district"):
        gone, in_use = access_log_months.drop(datetime(2025, 8, 1, tzinfo=UTC), [])
    assert (gone, in_use) == ({learner.district_id: 1 for learner in two}, False)
    assert parts() == {}


@pytest.mark.parametrize("name", ["profiles_learner", "profiles_accesslog_other", "profiles_accesslog"])
def test_nothing_else_can_be_dropped_by_the_name_of_a_month(two, name):
    with pytest.raises(Exception, match="no past month"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT drop_access_log_month(%s)", [name])


def test_who_looked_leaves_older_months_alone_and_finds_lines_by_the_learner(two):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_accesslog (at, district_id, route, learner_ids)"
            " SELECT %s, %s, 'wall', ARRAY[n, n + 1] FROM generate_series(1, 3000) n",
            [JULY, two[0].district_id],
        )
        settle()
        cursor.execute("ANALYZE profiles_accesslog")
        cursor.execute(
            f"EXPLAIN {LOOKS}",
            {
                "zone": "UTC",
                "learner": two[0].pk,
                "since": datetime(2025, 6, 1, tzinfo=UTC),
                "until": datetime(2025, 9, 1, tzinfo=UTC),
                "district": two[0].district_id,
            },
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "profiles_accesslog_2025_03" not in plan
    assert "Index Scan on profiles_accesslog_2025_07_learner_ids_idx" in plan, plan


@pytest.mark.django_db(transaction=True)
def test_months_are_not_made_over_the_head_of_who_reads_or_makes_them(monkeypatch):
    monkeypatch.setattr(access_log_months, "AHEAD", 9)
    before = months()
    for step in ("SELECT FROM profiles_accesslog", "SELECT pg_advisory_xact_lock(hashtext('lrm access log months'))"):
        other = psycopg2.connect(**connection.get_connection_params())
        other.cursor().execute(step)
        try:
            assert access_log_months.make_ahead() == 0, step
            assert months() == before
        finally:
            other.close()


def test_the_table_of_before_becomes_the_first_part_as_it_stands(db):
    """The steps of the two migrations on a table as it was, but for an index that is made while others write."""
    prepare = importlib.import_module("profiles.migrations.0032_prepare_access_log_months")
    by_months = importlib.import_module("profiles.migrations.0033_access_log_by_months")
    with unscoped("a district of the test"), connection.cursor() as cursor:
        learner = make_learner(make_school())
        admin = make_school_admin(learner.home_school)
        settle()
        cursor.execute(
            "DROP TABLE profiles_accesslog;"
            "CREATE TABLE profiles_accesslog (id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,"
            "  at timestamptz NOT NULL, route varchar(100) NOT NULL, learner_ids bigint[] NOT NULL,"
            "  account_id bigint CONSTRAINT account_fk REFERENCES profiles_account DEFERRABLE INITIALLY DEFERRED,"
            "  district_id bigint NOT NULL CONSTRAINT district_fk REFERENCES profiles_district"
            "    DEFERRABLE INITIALLY DEFERRED);"
            "CREATE INDEX access_log_learners ON profiles_accesslog USING gin (learner_ids);"
            "CREATE INDEX access_log_account ON profiles_accesslog (account_id);"
            "GRANT SELECT, INSERT ON profiles_accesslog TO pg_monitor"
        )
        old = look(learner, MARCH)
        settle()
        cursor.execute("SELECT pg_relation_filenode('profiles_accesslog')")
        file = cursor.fetchone()
        cursor.execute(prepare.LAST_DAY)
        cursor.execute("CREATE UNIQUE INDEX access_log_before_key ON profiles_accesslog (id, at)")
        cursor.execute(by_months.BY_MONTHS)
        cursor.execute("SELECT pg_relation_filenode('profiles_accesslog_before')")
        assert cursor.fetchone() == file
        cursor.execute("SELECT add_access_log_months(2)")
        write_access_log(admin, "wall", [learner.pk])
        assert parts() == {"before": 2}
        new = AccessLog.objects.get(route="wall")
        assert new.pk > old.pk
        cursor.execute("SELECT has_table_privilege('pg_monitor', 'profiles_accesslog', 'INSERT')")
        assert cursor.fetchone() == (True,)
        names = connection.introspection.get_constraints(cursor, "profiles_accesslog")
    assert {"account_fk", "district_fk", "access_log_learners", "access_log_account", "profiles_accesslog_pkey"} <= {
        *names
    }
    assert names["profiles_accesslog_pkey"]["columns"] == ["id", "at"]


def test_only_the_site_may_ask_the_owner_of_the_tables_for_something(db):
    """Of functions that run as the owner: another role, such as one for reports, may call none of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, has_function_privilege('public', p.oid, 'EXECUTE'),"
            " has_function_privilege(%s, p.oid, 'EXECUTE') FROM pg_proc p"
            " WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND p.pronamespace = 'public'::regnamespace",
            [settings.RUNTIME_ROLE],
        )
        found = {name: rights for name, *rights in cursor.fetchall()}
    assert set(found) >= {"add_access_log_months", "drop_access_log_month", "analyze_standards"}
    assert {name for name, rights in found.items() if rights != [False, True]} == set()
