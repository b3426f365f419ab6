"""A worker is killed in the middle of an apply: nothing is half done, and the job runs again to what was previewed."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from profiles.models import Enrollment, Learner, RosterImport, Upload
from profiles.services.roster_import import deciding, working
from tests.factories.profiles import make_district, make_district_admin
from tests.processes import wait_for
from tests.profiles.oneroster.packages import zipped
from tests.profiles.roster_import.test_importing import crowd, everything

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from lrm.jobs.running import run
run(int(sys.argv[2]))
"""


def test_killed_apply_leaves_nothing_and_runs_again_to_what_was_previewed():
    district = make_district()
    with district_scope(district.pk):
        admin = make_district_admin(district)
        files = zipped(crowd(300))
        upload = Upload.objects.create(district=district, account=admin, kind="roster", name="r.zip", data=files)
        deciding.look(upload)
        deciding.keep(upload)
        counts = upload.checked["counts"]
        job = working.apply(upload, by=admin, release_brake=False)
        before = everything()
        with connection.cursor() as cursor:  # what the worker writes last waits for us, so that it dies in the middle
            connection.set_autocommit(False)
            cursor.execute("LOCK TABLE profiles_rosterimport IN ACCESS EXCLUSIVE MODE")
            words = [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], str(job.pk)]
            with subprocess.Popen(words, env=os.environ) as worker:
                waiting = wait_for(lambda: waits_for_us(cursor), "the worker to come to its end")
                worker.send_signal(signal.SIGKILL)
                worker.wait()
            connection.rollback()
            connection.set_autocommit(True)
        wait_for(lambda: not is_connected(waiting), "the killed worker's transaction to end")
        assert everything() == before
        assert Job.objects.get(pk=job.pk).state == Job.State.RUNNING
        run(job.pk)
        done = Job.objects.get(pk=job.pk)
        assert (done.state, done.error, done.tries) == (Job.State.DONE, "", 2)
        row = RosterImport.objects.get()
        assert {name: row.summary[name] for name in counts} == counts
        assert (Learner.objects.count(), Enrollment.objects.count()) == (302, 3)
        run(job.pk)
        assert RosterImport.objects.count() == 1


def waits_for_us(cursor):
    """The server process that waits for our lock; None as long as there is none."""
    cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'profiles_rosterimport'::regclass")
    found = cursor.fetchone()
    return found and found[0]


def is_connected(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone()[0] == 1
