"""What Prometheus reads: to whom it is given, that it is true, and that all processes of a web server are in it."""

import os
import signal
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from assessments.models import MarkFailure, StaleMark
from lrm.jobs.models import Job
from tests.factories.profiles import make_district
from tests.processes import ROOT, free_port, wait_for

TOKEN = "only-for-this-test-and-thirty-two-letters-long"


def numbers(text: str) -> dict:
    """(name, values of its labels by their names) -> value."""
    each = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(one.name, *(value for _, value in sorted(one.labels.items()))): one.value for one in each}


@pytest.fixture
def ask(client, settings):
    settings.METRICS_TOKEN = TOKEN
    return lambda: client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})


@pytest.mark.parametrize("shown", ["", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer ", f"Bearer {TOKEN} x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reads_it_without_the_token(settings, shown, method):
    """No database is open to this test. Whoever posts as a page of LRM would not, sees nothing else than others."""
    client = Client(enforce_csrf_checks=True)
    for token in ("", TOKEN):
        settings.METRICS_TOKEN = token
        assert getattr(client, method)("/metrics", headers={"authorization": shown}).status_code == 404


def test_with_the_token_it_is_read_and_nothing_else(client, ask, django_db_blocker):
    with django_db_blocker.unblock():
        assert ask().status_code == 200
    assert client.post("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 405


@pytest.mark.django_db
def test_it_counts_the_work_that_waits(ask):
    now = timezone.now()
    for lane, age in ((0, 30), (0, 5), (1, 90)):
        StaleMark.objects.create(learner_id=1, subject_id=age, lane=lane, due_at=now - timedelta(seconds=age))
    StaleMark.objects.create(learner_id=1, subject_id=1, due_at=now + timedelta(days=1))
    MarkFailure.objects.create(learner_id=1, subject_id=90, times=MarkFailure.PARKED_AT, error="ValueError")
    district = make_district()
    for state in ("waiting", "failed", "failed"):
        Job(district=district, kind="copy", state=state, created_at=now - timedelta(minutes=2)).save()

    answer = ask()

    assert answer["Content-Type"].startswith("text/plain")
    said = numbers(answer.content.decode())
    assert said["lrm_marks_due", "live"] == 2
    assert said["lrm_marks_due", "bulk"] == 1
    assert said["lrm_marks_later",] == 1
    assert 30 <= said["lrm_marks_oldest_due_seconds",] < 60
    assert said["lrm_marks_parked",] == 1
    assert said["lrm_sections_parked",] == 0
    assert said["lrm_jobs", "copy", "waiting"] == 1
    assert said["lrm_jobs", "copy", "failed"] == 2
    assert 120 <= said["lrm_jobs_oldest_waiting_seconds",] < 150
    assert said["lrm_webhook_messages_due",] == 0
    assert (said["lrm_database_up",], said["lrm_redis_up",]) == (1, 1)
    assert 0 < said["lrm_disk_free_bytes",] < said["lrm_disk_bytes",]


@pytest.mark.django_db(transaction=True)
def test_without_a_database_it_says_so_and_still_counts_requests(ask, monkeypatch):
    connection.close()
    with monkeypatch.context() as changed:
        changed.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        changed.setitem(connection.settings_dict, "PORT", "1")
        ask()
        answer = ask()
    connection.close()
    said = numbers(answer.content.decode())
    assert said["lrm_database_up",] == 0
    assert said["lrm_requests_total", "metrics", "2xx"] >= 1
    assert ("lrm_marks_parked",) not in said


FORKS_AT_ONCE = """
import os, sys

begun, begins = os.pipe()
os.register_at_fork(after_in_child=lambda: (os.close(begins), os.read(begun, 1)))  # runs before what counting registers
from lrm.metrics.counting import RequestCounts

counts, workers = RequestCounts(["home"]), []
for number in range(3):
    workers.append(os.fork())
    if not workers[-1]:
        for _ in range(number + 1):
            counts.add("home", 200, 0.1)
        sys.stdout.write(f"{counts._place} ")
        sys.stdout.flush()
        os._exit(0)
os.close(begins)
for worker in workers:
    os.waitpid(worker, 0)
print([each.statuses[1] for each in counts.read()])
"""


def test_processes_that_begin_after_all_of_them_are_forked_have_places_of_their_own():
    """Else two add to the same numbers at once, and lose some: as on a machine that is slow to begin them."""
    ran = subprocess.run([sys.executable, "-c", FORKS_AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=True)
    *places, counted = ran.stdout.split()
    assert (sorted(places), counted) == (["1", "2", "3"], "[6]")


def test_all_processes_of_a_web_server_are_counted_also_the_dead(site_process, monkeypatch):
    monkeypatch.setenv("LRM_METRICS_TOKEN", TOKEN)
    web = site_process("web", port=free_port())
    web.wait_for_port()

    def get(address: str) -> str:
        request = urllib.request.Request(
            f"http://localhost:{web.port}{address}", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def get_many() -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(get, ["/livez"] * 60))

    get_many()
    # Whoever answers is no child before what has loaded the site has ended; it is one for a moment longer.
    killed = wait_for(lambda: len(found := web.children()) == 2 and found, "two workers and nobody else")
    for each in killed:
        os.kill(each, signal.SIGKILL)
    wait_for(lambda: not set(killed) & set(web.children()), "their end")
    get_many()

    seen = [numbers(get("/metrics")) for _ in range(6)]
    assert {each["lrm_requests_total", "livez", "2xx"] for each in seen} == {120}
    assert {each["lrm_request_seconds_count", "livez"] for each in seen} == {120}
    assert {each["lrm_request_seconds_bucket", "+Inf", "livez"] for each in seen} == {120}
    assert [each.get(("lrm_requests_total", "metrics", "2xx"), 0) for each in seen] == [0, 1, 2, 3, 4, 5]
    web.stop()
