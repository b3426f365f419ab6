"""Scores are entered while workers are killed and Redis is refused, hung and emptied: nothing is lost.

Real processes (web server, worker, clock) on the database of the test and a Redis of their own. Each fault is followed
by saves; in the end every level is what the ledger says.
"""

import http.client
import json
import os
import signal
from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from assessments.models import Evidence, Mastery
from assessments.services import rebuilding
from lrm.scope import district_scope
from tests.conftest import wait_for_worker
from tests.factories.assessments import make_assessment
from tests.factories.profiles import enroll, make_learner, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.processes import PrivateRedis, SiteProcess, free_port, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

PATIENCE = 10  # seconds after which a save that hangs fails; a Redis that never answers must not be felt
CSRF = "c" * 32


class Desk:
    """A teacher at the entry grid, over HTTP."""

    def __init__(self, port: int, section, learners, standards, teacher) -> None:
        self.port, self.learners, self.standards, self.section = port, learners, standards, section
        self.expected: dict[tuple[int, int, int], str] = {}
        self._marks = count()
        session = SessionStore()
        session[SESSION_KEY] = str(teacher.pk)
        session[BACKEND_SESSION_KEY] = "profiles.backends.AccountBackend"
        session[HASH_SESSION_KEY] = teacher.get_session_auth_hash()
        session.create()
        self.cookie = f"sessionid={session.session_key}; csrftoken={CSRF}"

    def enter_ticket(self) -> None:
        """A new assessment, and a mark for every learner on every standard, one request a cell."""
        assessment = make_assessment(self.section, self.standards)
        for learner in self.learners:
            for standard in self.standards:
                text = str(1 + next(self._marks) % 4)
                self._save(assessment.pk, learner.pk, standard.pk, text)
                self.expected[assessment.pk, learner.pk, standard.pk] = text

    def _save(self, assessment: int, learner: int, standard: int, text: str) -> None:
        cells = {"cells": [{"learner": learner, "standard": standard, "text": text, "replaces": None}]}
        site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/json"}
        site.request("POST", f"/assessments/{assessment}/cells/", json.dumps(cells), headers)
        answer = site.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:500])
        assert json.loads(body)["cells"][0]["state"] == "saved"

    def stored(self) -> dict[tuple[int, int, int], str]:
        with district_scope(self.section.district_id):
            rows = Evidence.objects.values_list("assessment_id", "learner_id", "standard_id", "points")
            return {tuple(key): f"{points.normalize():f}" for *key, points in rows}

    def is_current(self) -> bool:
        """Every mark is worked off, and what is stored equals what the ledger says."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM assessments_stalemark WHERE due_at <= statement_timestamp()")
            if cursor.fetchone()[0]:
                return False
        with district_scope(self.section.district_id):
            if Mastery.objects.count() != len(self.learners) * len(self.standards):
                return False
            return not rebuilding.check(self.section.district).lines


@pytest.fixture
def desk(private_redis: PrivateRedis, site_process: Callable[..., SiteProcess]) -> Desk:
    section = make_section()
    framework = make_framework(section.district)
    standards = [make_standard(framework) for _ in range(2)]
    learners = [make_learner(section.roster.school) for _ in range(4)]
    for learner in learners:
        enroll(learner, section.roster)
    teacher = make_teacher(section.roster)
    web = site_process("web", port=free_port(), redis=private_redis.url)
    web.wait_for_port()
    wait_for(lambda: answers(web.port), "the web server")
    yield Desk(web.port, section, learners, standards, teacher)
    web.stop()


def answers(port: int) -> bool:
    site = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    site.request("GET", "/livez")
    return site.getresponse().status == 200


def begin_worker(site_process: Callable[..., SiteProcess], redis: PrivateRedis) -> SiteProcess:
    worker = site_process("worker", redis=redis.url)
    wait_for_worker(worker)
    return worker


def kill_pool_child(worker: SiteProcess) -> None:
    os.kill(wait_for(worker.children, "pool children")[0], signal.SIGKILL)


def test_nothing_is_lost_while_workers_and_redis_fail(desk, private_redis, site_process) -> None:
    worker = begin_worker(site_process, private_redis)
    beat = site_process("beat", redis=private_redis.url)
    desk.enter_ticket()

    kill_pool_child(worker)
    desk.enter_ticket()

    worker.kill()
    desk.enter_ticket()
    worker = begin_worker(site_process, private_redis)

    private_redis.stop()
    desk.enter_ticket()
    private_redis.start()

    private_redis.freeze()
    desk.enter_ticket()
    private_redis.thaw()

    desk.enter_ticket()
    private_redis.flush()

    wait_for(desk.is_current, "every level to be current", seconds=60)
    assert desk.stored() == desk.expected
    beat.stop()
    worker.stop()
