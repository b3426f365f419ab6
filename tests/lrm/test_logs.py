"""Logs hold ids, routes, counts and durations, and nobody's name."""

import json
import logging

import pytest
import structlog

from lrm.logs import PERSONAL, leave_out_personal
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
