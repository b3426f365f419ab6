"""Jobs: done once, begun again after a kill, and a failure told in words."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from lrm.jobs import kinds
from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.models import Job
from lrm.jobs.reporting import held_ids, holding
from lrm.jobs.running import MOST_TRIES, forget_old, run
from lrm.jobs.starting import start
from lrm.scope import district_scope
from tests.factories.profiles import make_account, make_district
from tests.processes import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def kind():
    """Register a function for one test."""
    names = []

    def register(function):
        names.append(f"test {len(names)}")
        job_kind(names[-1])(function)
        return names[-1]

    yield register
    for name in names:
        del kinds.KINDS[name]


def ask(kind, district, **params):
    with district_scope(district.pk):
        return start(kind, district_id=district.pk, by=make_account(district), params=params)


def again(job):
    return Job._base_manager.get(pk=job.pk)


def test_job_is_done_once(district, kind):
    begun = []
    job = ask(kind(lambda work: begun.append(work.job.params["file"])), district, file=7)
    run(job.pk)
    run(job.pk)
    assert (begun, again(job).state, again(job).tries) == ([7], Job.State.DONE, 1)


def test_job_runs_in_the_scope_and_the_language_of_whoever_asked(district, kind):
    seen = []
    name = kind(lambda work: seen.append((translation.get_language(), timezone.get_current_timezone_name())))
    district.time_zone = "Pacific/Honolulu"
    district.save()
    with translation.override("es"):
        job = ask(name, district)
    run(job.pk)
    assert seen == [("es", "Pacific/Honolulu")]


def test_refused_job_tells_why(district, kind):
    def refuse(work):
        raise JobRefused("The file is gone. Choose it again.")

    job = ask(kind(refuse), district)
    run(job.pk)
    assert (again(job).state, again(job).error) == (Job.State.FAILED, "The file is gone. Choose it again.")


def test_broken_job_says_that_nothing_was_changed_and_no_more(district, kind):
    def break_(work):
        with transaction.atomic():
            make_account(district, email="half@lakeside.example")
            raise ZeroDivisionError("secret")

    job = ask(kind(break_), district)
    run(job.pk)
    found = again(job)
    assert (found.state, "secret" in found.error, "Nothing was changed" in found.error) == ("failed", False, True)


def test_job_that_kills_its_worker_is_given_up(district, kind):
    begun = []
    job = ask(kind(begun.append), district)
    Job._base_manager.filter(pk=job.pk).update(state=Job.State.RUNNING, tries=MOST_TRIES)
    run(job.pk)
    assert (begun, again(job).state) == ([], Job.State.FAILED)


def test_two_functions_cannot_do_one_kind(kind):
    name = kind(lambda work: None)
    with pytest.raises(ValueError, match="Two functions"):
        job_kind(name)(lambda work: None)


def test_job_is_held_by_one_process_at_a_time(district):
    with holding(987_654) as first, holding(987_654) as second:
        assert (first is None, second is None, 987_654 in held_ids()) == (False, True, True)
    assert 987_654 not in held_ids()


HOLD = """
import os, sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from lrm.jobs.reporting import holding
with holding(int(sys.argv[2])) as mine:
    print("mine" if mine else "taken", flush=True)
    sys.stdin.read()
"""


def test_killed_worker_lets_its_job_go():
    words = [sys.executable, "-c", HOLD, connection.settings_dict["NAME"], "987655"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ) as worker:
        assert worker.stdout.readline() == "mine\n"
        with holding(987_655) as second:
            assert second is None
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def is_free():
        with holding(987_655) as mine:
            return mine is not None

    wait_for(is_free, "the lock of the killed worker")


def test_rows_of_jobs_go_after_a_month(district, kind):
    old, new = ask("any", district), ask("any", district)
    Job._base_manager.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    Job._base_manager.filter(pk=new.pk).update(finished_at=timezone.now())
    forget_old()
    assert list(Job._base_manager.values_list("pk", flat=True)) == [new.pk]
