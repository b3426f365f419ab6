"""What a test that commits leaves behind is gone before the next one."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.base import BaseHandler
from django.db import connection

from lrm.scope import district_scope
from tests import emptying, left_behind
from tests.emptying import empty_tables, tables
from tests.factories.assessments import give, make_assessment
from tests.factories.profiles import enroll, make_learner, make_section
from tests.factories.standards import make_framework, make_standard
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def leave_rows() -> None:
    """A result, and so rows in most tables, the guarded ledger among them."""
    section = make_section()
    standard = make_standard(make_framework(section.district))
    learner = make_learner(section.roster.school)
    enroll(learner, section.roster)
    with district_scope(section.district_id):
        give(make_assessment(section, [standard]), learner, standard, 3)


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables()))
        return {table: n for table, n in cursor.fetchall() if n}


def test_emptying_leaves_no_row_but_what_migrations_wrote():
    written_by_migrations = ContentType.objects.count()
    leave_rows()
    assert counts()["assessments_evidence"] == 1
    empty_tables()
    assert counts() == {}
    assert ContentType.objects.count() == written_by_migrations > 0


def test_emptying_truncates_where_much_was_left(monkeypatch):
    leave_rows()
    monkeypatch.setattr(emptying, "MOST_BYTES_DELETED", 0)
    with connection.execute_wrapper(refuse_deleting):
        empty_tables()
    assert counts() == {}


def refuse_deleting(execute, sql, params, many, context):
    assert "DELETE" not in sql
    return execute(sql, params, many, context)


def test_every_table_is_emptied_but_those_of_migrations():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        )
        existing = {name for (name,) in cursor.fetchall()}
    # Those that became policy lines stay empty until a later version drops them (paths 0029).
    left = {"paths_mediarule", "paths_talkpolicy"}
    assert existing - set(tables()) == emptying.OF_MIGRATIONS | {"django_migrations"} | left


def test_requests_that_a_browser_left_behind_are_waited_for(live_server, monkeypatch):
    goes_on, is_answered, answer = Event(), Event(), BaseHandler.get_response

    def answer_late(handler, request):
        goes_on.wait()
        is_answered.set()
        return answer(handler, request)

    def wait() -> bool:
        left_behind.wait_for_requests()
        return is_answered.is_set()

    monkeypatch.setattr(BaseHandler, "get_response", answer_late)
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(lambda: urllib.request.urlopen(live_server.url + "/livez").close())
        wait_for(lambda: left_behind._under_way, "the request to be begun")
        waited = pool.submit(wait)
        wait_for(lambda: waited.running() or waited.done(), "somebody to wait for it")
        goes_on.set()
        asked.result()
        assert waited.result()
    left_behind.wait_for_requests()
    assert left_behind._under_way == set()


def test_request_that_never_ends_is_waited_for_once(monkeypatch):
    monkeypatch.setattr(left_behind, "LONGEST_SECONDS", 0)
    left_behind._under_way.add(0)
    left_behind.wait_for_requests()
    assert left_behind._under_way == set()
