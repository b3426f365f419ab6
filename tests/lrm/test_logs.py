"""Logs hold ids, routes, counts and durations, and nobody's name."""

import json
import logging
import re

import pytest
import structlog
from celery import shared_task
from django.db import IntegrityError, transaction

from lrm.logs import PERSONAL, leave_out_personal
from tests.factories.profiles import make_teacher
from tests.lrm.conftest import Walk, all_logs


@pytest.mark.django_db
@pytest.mark.xdist_group("matrix")
@pytest.mark.timeout(1200)
def test_a_walk_through_every_page_logs_nobodys_name(walk: Walk):
    assert "Not Found" in walk.log or "Method Not Allowed" in walk.log, "Nothing was captured."
    lower = walk.log.lower()
    assert [word for word in ("wombat", "quokka", "@example.org") if word in lower] == []


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_a_personal_value_is_left_out_and_its_key_kept(name: str):
    assert leave_out_personal(None, "info", {"event": "saved", name: "Ana Ruiz"}) == {
        "event": "saved",
        name: "[left out]",
    }


def test_structlog_leaves_out_a_name_that_somebody_passes():
    with all_logs() as log:
        structlog.get_logger().info("learner saved", learner_id=7, given_name="Ana", family_name="Ruiz")
    line = json.loads(log.getvalue())
    assert (line["learner_id"], line["given_name"], line["family_name"]) == (7, "[left out]", "[left out]")


def test_plain_loggers_leave_out_a_name_too():
    with all_logs() as log:
        logging.getLogger("profiles").warning("learner saved", extra={"given_name": "Ana"})
    assert "Ana" not in log.getvalue()


@pytest.mark.django_db
def test_an_error_is_told_by_what_it_was_and_where_without_what_it_quotes():
    ana = make_teacher(email="wombat@example.org")
    with all_logs() as log:
        with pytest.raises(IntegrityError, match="wombat") as caught, transaction.atomic():
            make_teacher(email=ana.email)
        try:
            raise caught.value
        except IntegrityError:
            structlog.get_logger().exception("job_failed")
        structlog.get_logger().error("recompute_failed", exc_info=caught.value)
        logging.getLogger("django.request").error("Internal Server Error", exc_info=caught.value)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["job_failed", "recompute_failed", "Internal Server Error"]
    assert "wombat" not in log.getvalue()
    for line in lines:
        assert re.search(r"psycopg2.errors.UniqueViolation: 23505, account_email_once\n", line["exception"])
        assert "test_logs.py" in line["exception"], "It says where."


@shared_task
def _quotes_somebody(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def test_a_task_that_fails_quotes_nobody():
    with all_logs() as log:
        _quotes_somebody.apply(["Quokka"])
    (line,) = [json.loads(each) for each in log.getvalue().splitlines()]
    assert "Quokka" not in log.getvalue()
    assert "builtins.ValueError" in line["exception"]


def test_what_the_system_says_of_a_file_is_told_and_its_name_is_not(tmp_path):
    with all_logs() as log:
        with pytest.raises(OSError, match="quokka") as caught:
            (tmp_path / "Quokka.csv".lower()).read_text()
        structlog.get_logger().error("not read", exc_info=caught.value)
    assert "No such file or directory" in log.getvalue()
    assert str(tmp_path) not in log.getvalue()


def test_a_worker_writes_its_lines_as_they_are():
    """Celery would take each for the text of a warning of its own, a line of JSON within a line of JSON."""
    from lrm.celery import app

    assert app.conf.worker_redirect_stdouts is False
