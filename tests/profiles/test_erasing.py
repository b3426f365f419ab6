"""After an erasure no word about the learner is anywhere, and every count of the past is as it was."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg2.errors import DeadlockDetected
from redis import Redis

from lrm.file_store import WORK
from lrm.inventory import models_with_people
from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.jobs.starting import start
from lrm.records import CUTS
from lrm.scope import district_scope
from lrm.sealed import seal
from lrm.sessions import SessionStore
from profiles.models import (
    AccessLog,
    Account,
    Erasure,
    HomeSchool,
    ImportedRows,
    KeptAnswer,
    Learner,
    LearnerCopy,
    LegalHold,
    RollOver,
    RosterImport,
    RosterStamp,
    Upload,
    Webhook,
    WebhookDelivery,
)
from profiles.services.copies import asking as copies
from profiles.services.erasures import asking, erasing
from profiles.services.erasures.leaving import Leaving
from profiles.services.erasures.noting import note_for_backups
from profiles.services.roster_import import deciding
from profiles.services.roster_import.working import CHECK
from profiles.services.uploads import GONE
from tests.lrm.matrix_walk import quick_pages
from tests.profiles.everything import CANARY, fill, leave, seed
from tests.profiles.stored import everything_in_redis, everything_stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(matrix_scene):
    learner = matrix_scene.objects["own"]["learner"]
    with district_scope(learner.district_id), quick_pages():
        fill(learner, matrix_scene.objects["own"])
        LegalHold.objects.update(lifted_at=timezone.now())
        Erasure.objects.all().delete()
        yield matrix_scene


@pytest.fixture
def learner(scene):
    return scene.objects["own"]["learner"]


def share(scene, learner):
    """Rows that many share, with the learner's name or id in each."""
    district, admin, own = learner.district, scene.people["district_admin"], scene.objects["own"]
    word = {"said": f"{CANARY} shared"}
    board = {
        "groups": [{"letter": "A", "members": [{"learner": learner.pk, "reasons": [{"code": "x", **word}]}]}],
        "own": [{"learner": learner.pk, **word}],
        "absent": [learner.pk, 1],
    }
    own["section"].group_suggestions.create(state="dismissed", board=board)
    RollOver.objects.update(learners={str(learner.pk): f"{CANARY}-class"}, later={"away": [learner.pk], "grades": {}})
    done = RosterImport.objects.create(district=district, name="june.zip", version="1.2")
    befores = [{"given_name": CANARY}, {"given_name": "Other"}]
    ImportedRows.objects.create(
        roster_import=done, place="learners", ids=[learner.pk, 1], afters=[1, 2], befores=befores
    )
    RosterStamp.objects.create(district=district, file="users", key=learner.key, modified_at=timezone.now())
    Upload.objects.create(
        district=district, account=admin, kind="roster", name="a.csv", data=CANARY.encode(), checked=word
    )
    KeptAnswer.objects.create(account=admin, key="1", digest="d", status=200, answer={"name": learner.name})
    hook = Webhook.objects.create(district=district, name="x", address="https://x.example", events=[], secret=seal("s"))
    WebhookDelivery.objects.create(webhook=hook, event="e", data={"learner": str(learner.uuid)})
    AccessLog.objects.create(district=district, account=admin, route="learner", learner_ids=[learner.pk, 1])
    for account, waits, seconds in (
        (learner.account, CANARY, 60),
        (admin, learner.name, 60),
        (admin, learner.name, -60),
    ):
        session = SessionStore()
        session.set_expiry(seconds)
        session["_auth_user_id"] = str(account.pk)
        session["still_here"] = [{"id": "1", "words": waits}, {"id": "2", "words": "about somebody else"}]
        session.save()


def erased(learner, scene, by="district_admin"):
    """The erasure, asked for a week ago and carried out by a worker."""
    admin = scene.people[by]
    asked = asking.ask(learner, by=admin, typed_name=learner.name, why=f"{CANARY} has moved away")
    Erasure.objects.filter(pk=asked.pk).update(alone_from=timezone.localdate())
    asked.refresh_from_db()
    asked = asking.agree(asked, by=admin)
    running.run(asked.job_id)
    job = Job.objects.get(pk=asked.job_id)
    assert (job.state, job.error) == (Job.State.DONE, "")
    asked.refresh_from_db()
    return asked


def test_each_model_that_many_share_says_how_a_learner_is_cut_out():
    declared = {model._meta.label for model, found in models_with_people() if found.in_erasure.how == "cut"}
    assert declared <= set(CUTS)


def test_no_word_is_left_anywhere(scene, learner, tmp_path, caplog, capsys, django_capture_on_commit_callbacks):
    words = seed(learner)
    share(scene, learner)
    stored = WORK.put(CANARY.encode(), preview=b"x")
    WORK.settle(stored)
    artifact = scene.objects["own"]["artifact"]
    type(artifact)._base_manager.filter(pk=artifact.pk).update(stored=stored)
    leave(learner)
    before = everything_stored()
    assert len(words) > 80
    assert sum(CANARY.lower() in text.lower() for text in before.values()) > 60  # what is hidden exists to be hidden
    mine = {str(each) for _label, each in erasing.files_of(Leaving(learner))}
    assert str(stored) in mine
    key, uuid, name, pk = learner.key, learner.uuid, learner.name, learner.pk
    capsys.readouterr()

    with django_capture_on_commit_callbacks(execute=True):
        receipt = erased(learner, scene)

    left = {table: text for table, text in everything_stored().items() if CANARY.lower() in text.lower()}
    assert left == {}
    redis = Redis.from_url(settings.REDIS_URL)
    redis.rpush("trial", name)
    assert name in everything_in_redis()  # what is there is found
    redis.delete("trial")
    kept = everything_in_redis()
    assert CANARY.lower() not in kept.lower()
    assert name not in kept
    assert key not in kept
    tables = everything_stored()
    assert [table for table, text in tables.items() if name in text or key in text] == []
    assert [table for table, text in tables.items() if str(uuid) in text] == ["profiles_erasure"]
    assert not Learner.objects.filter(pk=pk).exists()
    assert [path for path in (tmp_path / "files").rglob("*") if path.name.partition(".")[0] in mine] == []
    said = caplog.text + capsys.readouterr().out
    assert CANARY not in said
    assert name not in said
    assert CANARY not in json.dumps(receipt.counts)
    assert (receipt.why, receipt.learner) == ("", None)
    assert str(uuid) in (tmp_path / "erasures.jsonl").read_text()
    assert "about somebody else" in tables["django_session"]  # what others wait to send stays


def test_no_learner_id_of_the_erased_is_left_in_a_column_that_names_learners(scene, learner):
    seed(learner)
    share(scene, learner)
    leave(learner)
    pk = learner.pk
    erased(learner, scene)
    assert not AccessLog.objects.filter(learner_ids__contains=[pk]).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'learner_id'")
        tables = [table for (table,) in cursor.fetchall()]
        assert len(tables) > 30
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE learner_id = %s', [pk])
            assert cursor.fetchone() == (0,), table


def test_who_is_at_the_school_or_on_hold_is_not_erased(scene, learner):
    admin = scene.people["district_admin"]
    with pytest.raises(asking.NotNow, match="at the school"):
        asking.ask(learner, by=admin, typed_name=learner.name, why="")
    leave(learner)
    asked = asking.ask(learner, by=admin, typed_name=learner.name, why="")
    asking.hold(learner, by=admin, why="A court asks.")
    asked.refresh_from_db()
    assert asked.stopped_by == admin
    with pytest.raises(asking.NotNow, match="legal hold"):
        asking.ask(learner, by=admin, typed_name=learner.name, why="")
    asking.lift(learner, by=admin)
    asking.ask(learner, by=admin, typed_name=learner.name, why="")


def test_another_name_asks_for_nothing(scene, learner):
    leave(learner)
    with pytest.raises(asking.NotNow, match="another one"):
        asking.ask(learner, by=scene.people["district_admin"], typed_name=f"{learner.name}x", why="")
    assert not Erasure.objects.exists()


def test_one_alone_waits_a_week_and_a_second_one_need_not(scene, learner):
    leave(learner)
    admin, second = scene.people["district_admin"], scene.people["school_admin"]
    asked = asking.ask(learner, by=admin, typed_name=learner.name, why="")
    assert asked.alone_from == timezone.localdate() + timedelta(days=7)
    with pytest.raises(asking.NotNow, match="Another administrator"):
        asking.agree(asked, by=admin)
    assert asking.agree(asked, by=second).job == asking.agree(asked, by=second).job
    with pytest.raises(asking.NotNow, match="at work"):
        asking.stop(asked, by=admin)


def test_what_fails_in_the_middle_changes_nothing(scene, learner, monkeypatch):
    seed(learner)
    leave(learner)
    before = everything_stored()["paths_goal"]
    asked = asking.ask(learner, by=scene.people["district_admin"], typed_name=learner.name, why="")
    asked = asking.agree(asked, by=scene.people["school_admin"])

    def killed(leaving):
        raise RuntimeError("the machine has stopped")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_check", killed)
        running.run(asked.job_id)
    assert Job.objects.get(pk=asked.job_id).state == Job.State.FAILED
    assert everything_stored()["paths_goal"] == before
    asked.refresh_from_db()
    assert asked.done_at is None
    again = asking.agree(asked, by=scene.people["school_admin"])
    running.run(again.job_id)
    again.refresh_from_db()
    assert again.done_at is not None


def test_family_goes_along_only_where_nobody_else_is_theirs(scene, learner):
    leave(learner)
    guardian = scene.people["guardian"]
    assert guardian in asking.preview(learner).family
    erased(learner, scene)
    assert not Account.objects.filter(pk=guardian.pk).exists()


def test_days_of_home_schools_stay_with_the_levels_and_with_nothing_else(scene, learner):
    """A level of the past was worked out as the school of its day does; the key has no other days."""
    HomeSchool.objects.filter(learner=learner).delete()
    days = [(None, None), (learner.home_school_id, timezone.localdate() - timedelta(days=9))]
    HomeSchool.objects.bulk_create(HomeSchool(learner=learner, school_id=school, starts_on=on) for school, on in days)
    leave(learner)
    erased(learner, scene)
    (key,) = Learner.objects.filter(erased_at__isnull=False)
    assert set(HomeSchool.objects.filter(learner=key).values_list("school", "starts_on")) == set(days)


def test_what_was_asked_for_of_family_that_goes_along_is_done(scene, learner, as_account):
    leave(learner)
    guardian, admin = scene.people["guardian"], scene.people["district_admin"]
    guardian.guardianships.update(starts_on=learner.left_on, ends_on=learner.left_on)
    asked = asking.ask(guardian, by=admin, typed_name=guardian.name, why=f"{CANARY} asks for it")
    erased(learner, scene)
    asked.refresh_from_db()
    assert (asked.done_at is None, asked.account, asked.why) == (False, None, "")
    client = as_account(admin)
    assert "Receipt of an erasure" in client.get(reverse("erasure", args=[asked.uuid])).text
    assert client.get(reverse("erasures")).status_code == 200


def test_a_restored_backup_erases_again_whom_its_list_names(scene, learner, tmp_path, capsys):
    leave(learner)
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps({"learner": str(learner.uuid)}) + "\n")
    call_command("erase_again", str(path), "--dry-run")
    assert Learner.objects.filter(pk=learner.pk).exists()
    call_command("erase_again", str(path))
    assert "1 erased again" in capsys.readouterr().out
    assert not Learner.objects.filter(pk=learner.pk).exists()
    call_command("erase_again", str(path))
    assert "0 erased again" in capsys.readouterr().out


def test_copies_go_with_their_files(scene, learner, django_capture_on_commit_callbacks):
    stored = erasing.COPIES.put(b"zip")
    erasing.COPIES.settle(stored)
    LearnerCopy.objects.filter(learner=learner).update(stored=stored)
    leave(learner)
    with django_capture_on_commit_callbacks(execute=True):
        erased(learner, scene)
    with pytest.raises(FileNotFoundError):
        erasing.COPIES.open(stored)


def test_what_was_read_of_a_roster_file_before_does_not_come_back_after_it(scene, learner):
    admin = scene.people["district_admin"]
    leave(learner)
    upload = Upload.objects.create(district=learner.district, account=admin, kind="roster", name="a.csv", data=b"x")
    erased(learner, scene)
    upload.checked, upload.report = {"said": f"{CANARY} would come back"}, CANARY.encode()
    assert not deciding.keep(upload)
    deciding.put_right(upload, file="users.csv", line=2, field="givenName", value=CANARY)
    upload.refresh_from_db()
    assert (upload.data, upload.checked, upload.report, upload.decisions) == (None, None, None, {})


def test_job_that_looks_at_a_file_that_is_dropped_meanwhile_says_so(scene, learner, monkeypatch):
    admin = scene.people["district_admin"]
    upload = Upload.objects.create(district=learner.district, account=admin, kind="roster", name="a.csv", data=b"x")

    def dropped_meanwhile(upload, tell):
        Upload.objects.filter(pk=upload.pk).update(data=None)

    monkeypatch.setattr(deciding, "look", dropped_meanwhile)
    job = start(CHECK, district_id=learner.district_id, by=admin, params={"upload": upload.pk})
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, str(GONE))


def test_copy_that_is_being_made_meanwhile_is_not_kept(scene, learner, monkeypatch, tmp_path):
    leave(learner)
    admin = scene.people["district_admin"]
    row = LearnerCopy.objects.create(learner=learner, asked_by=admin)

    def erased_meanwhile(learner, file, *, with_notes, tell):
        file.write(learner.name.encode())
        erased(learner, scene)

    monkeypatch.setattr(copies, "write_copy", erased_meanwhile)
    job = start(copies.KIND, district_id=learner.district_id, by=admin, params={"copy": row.pk})
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "The person was erased meanwhile. Nothing was kept.")
    assert [path for path in (tmp_path / "files" / "copies").rglob("*") if path.is_file()] == []


def test_nobody_imports_while_somebody_is_erased(scene, learner):
    """Both take the same lock before they read anybody; else an import keeps the row that it read for its undo."""
    leave(learner)
    with CaptureQueriesContext(connection) as asked:
        erased(learner, scene)
    said = [query["sql"] for query in asked.captured_queries]
    [turn] = [number for number, sql in enumerate(said) if f"roster {learner.district_id}" in sql]
    [first] = [number for number, sql in enumerate(said) if 'UPDATE "profiles_upload"' in sql]
    begun = [number for number, sql in enumerate(said) if 'FROM "profiles_erasure"' in sql and number > turn]
    assert turn < begun[0] < first


def test_list_for_backups_is_completed_by_the_clock(scene, learner, tmp_path, django_capture_on_commit_callbacks):
    leave(learner)
    uuid, path = str(learner.uuid), tmp_path / "erasures.jsonl"
    with django_capture_on_commit_callbacks(execute=True):
        erased(learner, scene)
    whole = path.read_text()
    assert uuid in whole
    assert note_for_backups() == 0
    path.unlink()  # as where the process was killed before it wrote
    assert note_for_backups() == 1
    assert path.read_text() == whole
    for end in (20, 70):  # as a full disk cuts a line off, also behind the id
        path.write_text(whole[:end])
        assert note_for_backups() == 1
        assert path.read_text() == f"{whole[:end]}\n{whole}"
        assert note_for_backups() == 0


def test_line_of_the_list_that_was_cut_off_is_named_and_keeps_nobody_else(scene, learner, tmp_path, capsys):
    leave(learner)
    path, whole = tmp_path / "list.jsonl", json.dumps({"learner": str(learner.uuid), "erased_at": "2026-11-23T10:00"})
    path.write_text(f"{whole[:30]}\n{whole}\n")
    with pytest.raises(CommandError, match=r"^Not erased.*\nline 1, '.*take the line out of the list"):
        call_command("erase_again", str(path), "--dry-run")
    assert "1 in the file, 1 would be erased again" in capsys.readouterr().out
    path.write_text(f"{whole[:30]}\n")
    with pytest.raises(CommandError, match="is no list of erasures"):
        call_command("erase_again", str(path))
    path.write_text(whole[:-5])  # its id is there
    call_command("erase_again", str(path))
    assert not Learner.objects.filter(pk=learner.pk).exists()


def test_erasure_that_a_worker_is_in_the_way_of_begins_again(scene, learner, monkeypatch):
    leave(learner)
    really, tries = erasing._erase, []

    def deadlocked_once(erasure, tell):
        done = really(erasure, tell)
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return done

    monkeypatch.setattr(erasing, "_erase", deadlocked_once)
    assert erased(learner, scene).done_at is not None
    assert len(tries) == 2
    assert Learner.objects.filter(erased_at__isnull=False).count() == 1
