"""The restore drill: a backup that is made while people write, damaged, refused, restored, and signed in to."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from lrm.backups import making, programs, restoring
from lrm.backups.errors import BackupError
from lrm.backups.folder import read_manifest
from lrm.backups.restoring import try_out
from lrm.scope import district_scope
from profiles.models import Account, LearnerCopy
from tests.factories.paths import make_mastery
from tests.factories.profiles import enroll, make_district, make_learner, make_roster, make_school, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.processes import ROOT, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

RESTORED = "lrm_drill_{}"
SIGN_IN = """
import django, sys
django.setup()
from django.test import Client
client = Client(HTTP_HOST="localhost", raise_request_exception=True)
answer = client.post("/sign-in/email/", {"login": "drill@example.org", "password": "long enough to sign in"})
assert answer.status_code == 302, (answer.status_code, answer.content[:2000])
page = client.get(sys.argv[1])
assert "Keepsake" in page.content.decode(), page.content[:2000]
"""


@pytest.fixture
def school(settings, tmp_path):
    """A class with a level, a file, and a teacher who has a password."""
    settings.MEDIA_ROOT = tmp_path / "files"
    (tmp_path / "files" / "handed-in" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "handed-in" / "ab" / "bridge.jpg").write_bytes(b"a bridge of paper" * 1000)
    district = make_district()
    school = make_school(district)
    roster = make_roster(school)
    learner = make_learner(school, given_name="Keepsake")
    enroll(learner, roster)
    make_mastery(learner, make_standard(make_framework(district)), 3, days=[(9, 2.0), (1, 3.1)])
    teacher = make_teacher(roster)
    Account.objects.filter(pk=teacher.pk).update(
        email="drill@example.org", password=make_password("long enough to sign in")
    )
    return learner


@pytest.fixture
def backup(school, tmp_path) -> Path:
    return making.make_backup(tmp_path / "backups", lambda line: None)


@pytest.fixture
def empty_database():
    """Name of a database without a table, dropped in the end."""
    name = RESTORED.format(os.getpid())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield name
    with connection.cursor() as cursor:
        # Not WITH (FORCE), which refuses while an autovacuum is there.
        cursor.execute(f"DROP DATABASE {name}")


def of_a_site(database: str, var: Path) -> dict[str, str]:
    """The environment of another site, on the database of that name and with a state folder of its own."""
    addresses = {
        name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{database}"))
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    environment = os.environ | addresses | {"LRM_VAR": str(var), "DJANGO_SETTINGS_MODULE": "lrm.settings"}
    environment.pop("LRM_DB_OWNER")
    return environment


def in_a_site(database: str, var: Path, *words: str) -> subprocess.CompletedProcess:
    environment = of_a_site(database, var)
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_backup_is_restored_in_another_site_where_its_people_sign_in(school, backup, empty_database, tmp_path):
    var = tmp_path / "other"
    restored = in_a_site(empty_database, var, "manage.py", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert "all as they were" in restored.stdout
    assert (var / "files" / "handed-in" / "ab" / "bridge.jpg").read_bytes() == b"a bridge of paper" * 1000

    signed_in = in_a_site(empty_database, var, "-c", SIGN_IN, reverse("learner", args=[school.pk]))
    assert signed_in.returncode == 0, signed_in.stderr[-3000:]


def test_trying_a_backup_changes_nothing_and_leaves_no_database(backup, capsys):
    call_command("restore", str(backup), "--verify")
    assert "This backup can be restored." in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'lrm\\_restore\\_%%'")
        assert cursor.fetchall() == []
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(backup))
    assert Account.objects.filter(email="drill@example.org").exists()


def test_rows_that_come_while_it_is_made_are_in_neither_the_dump_nor_its_prints(school, tmp_path, monkeypatch):
    run = programs.run

    def run_late(name, *words, database):
        """As pg_dump does not begin in the very moment that it was asked for."""
        writing = psycopg2.connect(**connection.get_connection_params())
        with writing, writing.cursor() as cursor:
            cursor.execute("UPDATE profiles_learner SET given_name = 'Later'")
            assert cursor.rowcount == 1
        writing.close()
        run(name, *words, database=database)

    monkeypatch.setattr(programs, "run", run_late)
    made = making.make_backup(tmp_path / "backups", lambda line: None)
    monkeypatch.undo()
    try_out(made, lambda line: None)
    school.refresh_from_db()
    assert school.given_name == "Later"


@pytest.mark.parametrize("part", ["database.dump", "manifest.json", "files/handed-in/ab/bridge.jpg"])
def test_damaged_backup_is_refused_by_the_name_of_what_is_damaged(part, backup):
    path = backup / part
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(CommandError, match=f"{path.name}"):
        call_command("restore", str(backup), "--verify")


def test_backup_without_a_file_or_of_a_newer_version_is_refused(backup, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    (copy / "files" / "handed-in" / "ab" / "bridge.jpg").unlink()
    with pytest.raises(BackupError, match=r"bridge\.jpg is missing"):
        try_out(copy, lambda line: None)

    manifest = read_manifest(backup)
    manifest.migrations.append("profiles.9999_from_the_future")
    manifest.write(backup)
    (backup / "SHA256SUMS").unlink()
    making.folders.write_sums(backup)
    with pytest.raises(BackupError, match="newer LRM"):
        try_out(backup, lambda line: None)


def test_values_that_differ_from_the_prints_are_found_and_nothing_is_left(backup, empty_database, tmp_path):
    manifest = read_manifest(backup)
    count, total = manifest.tables["profiles_learner"]
    manifest.tables["profiles_learner"] = (count, str(int(total) + 1))
    manifest.write(backup)
    making.folders.write_sums(backup)
    refused = in_a_site(empty_database, tmp_path / "other", "manage.py", "restore", str(backup))
    assert "profiles_learner: other values" in refused.stderr
    assert not (tmp_path / "other" / "files").exists()
    with psycopg2.connect(**connection.get_connection_params() | {"dbname": empty_database}) as there:
        cursor = there.cursor()
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'")
        assert cursor.fetchall() == []
    there.close()


def test_restore_that_is_killed_has_restored_nothing_and_is_begun_again(backup, empty_database, tmp_path):
    var = tmp_path / "other"
    there = psycopg2.connect(**connection.get_connection_params() | {"dbname": empty_database})
    cursor = there.cursor()
    # A name that is being given away holds pg_restore up in the middle of its transaction.
    cursor.execute("CREATE TABLE standards_standard ()")
    words = [sys.executable, "manage.py", "restore", str(backup)]
    killed = subprocess.Popen(words, cwd=ROOT, env=of_a_site(empty_database, var), stdout=subprocess.DEVNULL)

    def is_there() -> bool:
        with connection.cursor() as asked:
            asked.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = current_user", [empty_database]
            )
            return asked.fetchone()[0] > 1

    wait_for(lambda: waits("pg_restore", empty_database), "pg_restore to be held up")
    killed.kill()
    killed.wait()
    there.rollback()
    wait_for(lambda: not is_there(), "pg_restore to be gone")
    cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert cursor.fetchone() == (0,)
    there.close()

    strange = var / "files" / "handed-in" / "mine.jpg"
    strange.write_bytes(b"of another site")
    refused = in_a_site(empty_database, var, *words[1:])
    assert "is not empty: it has handed-in/mine.jpg" in refused.stderr
    strange.unlink()
    again = in_a_site(empty_database, var, *words[1:])
    assert again.returncode == 0, again.stderr
    assert [path.name for path in (var / "files").rglob("*.*")] == ["bridge.jpg"]


def test_who_makes_tables_meanwhile_keeps_them_and_a_second_restore_waits(backup, empty_database, tmp_path):
    there = psycopg2.connect(**connection.get_connection_params() | {"dbname": empty_database})
    cursor = there.cursor()
    cursor.execute("CREATE TABLE standards_standard AS SELECT 7 AS of_somebody_else")
    words = ["manage.py", "restore", str(backup)]
    environment = of_a_site(empty_database, tmp_path / "first")
    first = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: waits("pg_restore", empty_database), "pg_restore to be held up")
    second = in_a_site(empty_database, tmp_path / "second", *words)
    assert "Somebody else is restoring into this database" in second.stderr
    assert not (tmp_path / "second" / "files").exists()

    there.commit()
    assert "pg_restore: error" in first.communicate()[1]
    assert not (tmp_path / "first" / "files").exists()
    cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert cursor.fetchall() == [("standards_standard",)]
    cursor.execute("SELECT * FROM standards_standard")
    assert cursor.fetchall() == [(7,)]
    there.close()


def test_table_that_somebody_makes_beside_a_restore_ends_it_and_stays(backup, empty_database, tmp_path):
    parameters = connection.get_connection_params() | {"dbname": empty_database}
    holding, other = psycopg2.connect(**parameters), psycopg2.connect(**parameters)
    holding.cursor().execute("CREATE TABLE standards_standard ()")
    words = [sys.executable, "manage.py", "restore", str(backup)]
    environment = of_a_site(empty_database, tmp_path / "other")
    restoring = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: waits("pg_restore", empty_database), "pg_restore to be held up")
    cursor = other.cursor()
    cursor.execute("CREATE TABLE of_somebody_else ()")
    other.commit()
    holding.rollback()
    assert "of_somebody_else: was not in the backup" in restoring.communicate()[1]
    cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert cursor.fetchall() == [("of_somebody_else",)]
    holding.close()
    other.close()


def test_database_that_goes_away_meanwhile_is_told_and_nothing_is_left(backup, empty_database, tmp_path):
    there = psycopg2.connect(**connection.get_connection_params() | {"dbname": empty_database})
    there.cursor().execute("CREATE TABLE standards_standard ()")
    words = [sys.executable, "manage.py", "restore", str(backup)]
    environment = of_a_site(empty_database, tmp_path / "other")
    restoring = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: waits("pg_restore", empty_database), "pg_restore to be held up")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [empty_database],
        )
    said = restoring.communicate()[1]
    assert "pg_restore ended with" in said
    assert "Traceback" not in said
    assert not (tmp_path / "other" / "files").exists()
    there.close()


def waits(program: str, database: str) -> bool:
    """Whether it is there, for a lock that somebody else has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = %s AND starts_with(application_name, %s) AND wait_event_type = 'Lock'",
            [database, program],
        )
        return cursor.fetchone()[0] > 0


def test_table_that_a_migration_rewrites_meanwhile_is_in_the_backup_with_its_rows(school, tmp_path):
    """To a moment before it was rewritten such a table is empty, for pg_dump and for the prints alike."""
    database = connection.settings_dict["NAME"]
    writing = psycopg2.connect(**connection.get_connection_params())
    cursor = writing.cursor()
    cursor.execute("CREATE TABLE drill AS SELECT generate_series(1, 3) AS n")
    writing.commit()
    try:
        cursor.execute("ALTER TABLE drill ALTER COLUMN n TYPE bigint")
        words = [sys.executable, "manage.py", "backup", str(tmp_path / "backups")]
        environment = of_a_site(database, tmp_path / "files")
        backing_up = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: waits("", database), "the backup to wait for the migration")
        writing.commit()
        assert backing_up.communicate()[1] == ""
        [made] = (tmp_path / "backups").iterdir()
        assert read_manifest(made).tables["drill"][0] == 3
        try_out(made, lambda line: None)
    finally:
        writing.rollback()
        cursor.execute("DROP TABLE drill")
        writing.commit()
        writing.close()


def test_links_are_neither_backed_up_nor_restored_along(backup, settings, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "bridge.jpg").write_bytes(b"of somebody else")
    media = settings.MEDIA_ROOT
    (media / "more").symlink_to(outside)
    with pytest.raises(BackupError, match=r"holds links, .*: more"):
        making.make_backup(tmp_path / "backups", lambda line: None)

    (backup / "files" / "more").symlink_to(outside)
    with pytest.raises(BackupError, match=r"holds links, .*files/more"):
        try_out(backup, lambda line: None)

    shutil.rmtree(media / "handed-in")
    (media / "more").rename(media / "handed-in")
    assert restoring._strange(media, backup / "files") == ["handed-in"]


def test_whole_folder_of_files_may_be_a_link(school, settings, tmp_path):
    (tmp_path / "files").rename(tmp_path / "elsewhere")
    (tmp_path / "files").symlink_to(tmp_path / "elsewhere")
    made = making.make_backup(tmp_path / "backups", lambda line: None)
    assert (made / "files" / "handed-in" / "ab" / "bridge.jpg").exists()


def test_folder_that_cannot_take_a_backup_is_told_by_its_name(school, settings, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(CommandError, match=f"{file}: File exists"):
        call_command("backup", str(file))
    with pytest.raises(CommandError, match="lies among the files that are backed up"):
        call_command("backup", str(settings.MEDIA_ROOT / "backups"))
    with pytest.raises(CommandError, match=f"{file}/manifest.json: Not a directory"):
        call_command("restore", str(file), "--verify")


def test_two_backups_of_one_second_lie_side_by_side(school, tmp_path, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 11, 1, 1, 30, tzinfo=tz)

    monkeypatch.setattr(making, "datetime", Stopped)
    (tmp_path / "lrm-backup-20261101-013000.unfinished").mkdir()
    names = [making.make_backup(tmp_path, lambda line: None).name for _ in range(2)]
    assert names == ["lrm-backup-20261101-013000-2", "lrm-backup-20261101-013000-3"]


def test_file_that_a_row_names_and_the_disk_has_not_is_told(school, tmp_path):
    stored = uuid4()
    with district_scope(school.district_id):
        LearnerCopy.objects.create(learner=school, stored=stored)
    said = []
    making.make_backup(tmp_path / "backups", said.append)
    assert f"1 files that the database names were not there, and are not in the backup: {stored}" in said[-1]
    path = tmp_path / "files" / "copies" / stored.hex[:2] / str(stored)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a copy")
    making.make_backup(tmp_path / "backups", said.append)
    assert "MB." in said[-1]


def test_file_that_gets_its_own_name_while_files_are_copied_is_copied(school, tmp_path, monkeypatch):
    before = tmp_path / "files" / "handed-in" / "ab" / "bridge.jpg.coming"
    before.write_bytes(b"handed in just now")
    copy = shutil.copyfile

    def settled_first(source, target):
        if Path(source) == before and before.exists():
            before.rename(before.with_name("aa.jpg"))
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", settled_first)
    made = making.make_backup(tmp_path / "backups", lambda line: None)
    assert [path.name for path in sorted((made / "files").rglob("*.*"))] == ["aa.jpg", "bridge.jpg"]


def test_dump_that_is_cut_off_is_refused_although_its_sum_fits(backup, empty_database, tmp_path):
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    making.folders.write_sums(backup)
    refused = in_a_site(empty_database, tmp_path / "other", "manage.py", "restore", str(backup))
    assert "pg_restore ended with" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "other" / "files").exists()
    with psycopg2.connect(**connection.get_connection_params() | {"dbname": empty_database}) as there:
        cursor = there.cursor()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert cursor.fetchone() == (0,)
    there.close()


def test_another_key_is_told(backup, settings, capsys):
    settings.SECRET_KEY = "another key that signs and seals, of sixty letters or so....."
    call_command("restore", str(backup), "--verify")
    said = capsys.readouterr().out
    assert "This site has another SECRET_KEY than the one that was backed up." in said


def test_full_disk_leaves_no_part_of_a_backup(school, tmp_path, monkeypatch):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here to stand for a full disk")
    copy = shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", lambda source, target: copy(source, full))
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", str(tmp_path / "backups"))
    assert [*(tmp_path / "backups").iterdir()] == []
