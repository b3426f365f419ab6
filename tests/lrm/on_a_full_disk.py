"""A site on a disk of its own that really fills up. `unshare` has given this process a view of mounts of its own.

`python -m tests.lrm.on_a_full_disk STATE DISK` copies the migrated state folder STATE onto a small disk that it mounts
at DISK, works there, and prints as JSON what happened, for tests/lrm/test_full_disk.py to judge.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

DISK_MEGABYTES = 230
LEFT_BYTES = {"upload": 2_500_000, "import": 200_000, "log": 100_000}
PEOPLE = 2_500
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def full(disk: Path, *, leave: int) -> Iterator[None]:
    """So many bytes are left meanwhile, and no more."""
    ballast, room = disk / "ballast", os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - leave)
    try:
        yield
    finally:
        ballast.unlink()


def rows() -> dict[str, int]:
    """Of each table that has any."""
    from django.db import connection, transaction

    from lrm.backups.prints import prints_of

    with transaction.atomic(), connection.cursor() as cursor:
        return {table: count for table, (count, _sum) in prints_of(cursor).items() if count}


def superuser():
    import psycopg2

    [sockets] = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"]
    connection = psycopg2.connect(host=sockets, user="postgres", dbname="lrm")
    connection.autocommit = True
    return closing(connection)


def let_the_log_run_ahead() -> None:
    """As on a server that has run for a while, the log has files ahead: tables meet the full disk first."""
    with superuser() as connection, connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute("SELECT pg_switch_wal(), txid_current()")
            cursor.execute("CHECKPOINT")


def post(account, route: str, args: list, fields: dict) -> dict:
    from django.test import Client
    from django.urls import reverse

    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    client.force_login(account)
    answer = client.post(reverse(route, args=args), fields)
    return {"status": answer.status_code, "page": answer.content.decode()}


def hand_in(learner, data: bytes) -> dict:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from paths.forms.work import sign_ticket

    sound = SimpleUploadedFile("sound.wav", data, "audio/wav")
    fields = {"ticket": sign_ticket(uuid4(), learner.account), "do": "hand_in", "text": "My words stay.", "file": sound}
    return post(learner.account, "hand_in", [learner.pk], fields)


def send_roster(admin, data: bytes) -> dict:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return post(admin, "roster_import", [], {"package": SimpleUploadedFile("r.zip", data, "application/zip")})


def ask_for_import(admin):
    from profiles.models import Upload
    from profiles.services.roster_import import deciding, working
    from tests.profiles.oneroster.packages import zipped
    from tests.profiles.roster_import.test_importing import crowd

    data = zipped(crowd(PEOPLE))
    upload = Upload.objects.create(district=admin.district, account=admin, kind="roster", name="r.zip", data=data)
    deciding.look(upload)
    deciding.keep(upload)
    return working.apply(upload, by=admin, release_brake=False)


def import_and_upload(disk: Path) -> dict:
    from django.conf import settings

    from lrm.jobs import changing
    from lrm.jobs.models import Job
    from lrm.jobs.running import run
    from lrm.scope import district_scope
    from profiles.models import Learner
    from tests.factories.files import make_wav
    from tests.factories.policy import let_in
    from tests.factories.profiles import (
        enroll,
        make_district,
        make_district_admin,
        make_learner,
        make_roster,
        make_school,
    )

    def files() -> list[str]:
        return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())

    district = make_district()
    with district_scope(district.pk):
        school = make_school(district)
        learner, admin = make_learner(school, account=True), make_district_admin(district)
        enroll(learner, make_roster(school))
        let_in(school, audio=True)
        job = ask_for_import(admin)
        hand_in(learner, b"no sound")  # what a first session writes is there
        let_the_log_run_ahead()
        small, large = make_wav(200), make_wav(400)  # 3.2 MB stay in memory, 6.4 MB go over the disk
        found: dict = {"before": rows()}
        with full(disk, leave=LEFT_BYTES["upload"]):
            found["in memory"], found["over the disk"] = hand_in(learner, small), hand_in(learner, large)
            found["files"] = files()
            found["roster"], found["large roster"] = (send_roster(admin, os.urandom(n)) for n in (4_500_000, 6_000_000))
            found["uploads"] = rows()
        found["sent again"], found["files then"] = hand_in(learner, small)["status"], files()
        found["before the import"] = rows()
        with full(disk, leave=LEFT_BYTES["import"]):
            run(job.pk)
            found["after"] = rows()
            job = Job.objects.get(pk=job.pk)
            found["job"] = {"state": job.state, "error": job.error}
        changing.begin_again(job, by=admin)
        run(job.pk)
        found["again"] = {"state": Job.objects.get(pk=job.pk).state, "learners": Learner.objects.count()}
    return found


def fill_the_log(disk: Path) -> dict:
    """So full that the database cannot go on at all: what it has said yes to is there when there is room."""
    import psycopg2
    from django.db import DatabaseError, connection

    from lrm.embedded import revive
    from profiles.models import District
    from tests.factories.profiles import make_district

    log = Path(os.environ["LRM_VAR"]) / "services" / "postgresql.log"
    said_yes = list(District.objects.values_list("pk", flat=True))
    with full(disk, leave=LEFT_BYTES["log"]), suppress(DatabaseError, psycopg2.Error):
        while True:
            said_yes.append(make_district().pk)
            with superuser() as other, other.cursor() as cursor:
                cursor.execute("SELECT pg_switch_wal()")
    connection.close()
    deadline = time.monotonic() + 120
    while True:
        revive()
        try:
            there = list(District.objects.values_list("pk", flat=True))
        except DatabaseError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # between looks at a database that is coming back
        else:
            return {"said yes": said_yes, "there": there, "fell": "PANIC" in log.read_text()}


def main(state: Path, disk: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=711", "small", disk], check=True)
    var = disk / "var"
    subprocess.run(["cp", "-a", state, var], check=True)
    os.environ |= {"LRM_VAR": str(var), "TMPDIR": str(disk), "LRM_DEMO": "0"}

    from lrm.local import local_environment

    with local_environment(ROOT, ["check"]):
        import django

        django.setup()
        sys.stdout.write(json.dumps(import_and_upload(disk) | {"log": fill_the_log(disk)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
