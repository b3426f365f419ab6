"""A copy of everything about one learner: every model is in it or says why not, and no other child is."""

import io
import json
import zipfile

import pytest
from django.core import mail
from django.urls import reverse

from lrm.inventory import models_with_people
from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.records import PARTS, ways_to_adult, ways_to_learner
from lrm.scope import district_scope
from profiles.models import AdminRole, LearnerCopy
from profiles.models.copy_file import FILE_FOR
from profiles.services.copies import asking, files
from profiles.services.copies.tables import left_out, read_tables
from profiles.services.copies.words import WORDS
from tests.lrm.matrix_places import person_word
from tests.lrm.matrix_walk import quick_pages
from tests.profiles.everything import fill, seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(matrix_scene):
    learner = matrix_scene.objects["own"]["learner"]
    with district_scope(learner.district_id), quick_pages():
        fill(learner, matrix_scene.objects["own"])
        LearnerCopy.objects.all().delete()
        yield matrix_scene


@pytest.fixture
def learner(scene):
    return scene.objects["own"]["learner"]


def made(copy):
    """The zip, once the worker is through."""
    running.run(copy.job_id)
    copy.refresh_from_db()
    assert Job.objects.get(pk=copy.job_id).error == ""
    with files.COPIES.open(copy.stored) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_every_model_about_a_learner_comes_into_a_copy_or_says_why_not():
    without = [
        model._meta.label
        for model, declared in models_with_people()
        if declared.about in ("learner", "guardian", "account")
        and declared.in_copy.how in ("rows", "notes")
        and not ways_to_learner(model)
    ]
    assert without == [], "Lead from it to its learner (Privacy.ways), or say in its app's records.py what is whose."
    shared = {model._meta.label for model, declared in models_with_people() if declared.in_copy.how == "part"}
    assert shared == set(PARTS)


def test_every_word_about_the_learner_is_in_the_copy_and_no_other_child_is(scene, learner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    words = seed(learner)
    packed = made(asking.make(learner, by=scene.people["district_admin"], with_notes=True))
    text = packed.read("everything.json").decode()
    shown = {
        model._meta.label: set(declared.hidden.split())
        for model, declared in models_with_people()
        if declared.in_copy.how in ("rows", "notes")
    }
    expected = {
        name: word
        for name, word in words.items()
        if (label := name.rpartition(".")[0]) in shown and name.rpartition(".")[2] not in shown[label]
    }
    assert len(expected) > 60
    assert [name for name, word in expected.items() if f'"{word}"' not in text] == []
    hidden = {
        name: word for name, word in words.items() if name.rpartition(".")[2] in shown.get(name.rpartition(".")[0], ())
    }
    assert [name for name, word in hidden.items() if f'"{word}"' in text] == []
    page = packed.read("index.html").decode()
    assert [place for place in ("beside", "near", "far", "abroad") if person_word(place) in page + text] == []
    csv = {name for name in packed.namelist() if name.startswith("tables/")}
    assert {f"tables/{name}.csv" for name in json.loads(text)["tables"]} == csv


def test_notes_for_staff_only_are_left_out_where_the_administrator_says_so_and_the_copy_tells(learner):
    with_notes = {table.name for table in read_tables(learner, with_notes=True) if table.rows}
    without = {table.name for table in read_tables(learner, with_notes=False) if table.rows}
    notes = {"profiles.staffnote", "paths.conferencestaffnotes", "paths.datacheckinmember", "paths.datadecision"}
    assert with_notes - without == notes
    said = {each.title: each.why for each in left_out(with_notes=False)}
    assert "left out of this copy" in said["Staff notes"]


def test_the_answer_to_a_poll_without_names_is_in_no_copy(scene, learner):
    seed(learner)
    poll = scene.objects["own"]["poll"]
    type(poll)._base_manager.update(is_anonymous=True)
    said = json.dumps([table.rows for table in read_tables(learner, with_notes=True)], default=str)
    answers = {table.name: table.rows for table in read_tables(learner, with_notes=True)}["paths.pollanswer"]
    assert answers
    assert all(set(row) == {"question", "said"} for row in answers)
    assert "text" not in json.dumps(answers)
    assert len(said) > 1000


def test_a_family_asks_the_school_makes_it_and_hands_it_out(
    scene, learner, client, settings, tmp_path, django_capture_on_commit_callbacks, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("profiles.second_step.is_fresh", lambda request: True)
    guardian, admin = scene.people["guardian"], scene.people["school_admin"]
    page = reverse("learner_data", args=[learner.pk])
    client.force_login(guardian)
    for _twice in range(2):
        client.post(reverse("copy_new", args=[learner.pk]))
    asked = LearnerCopy.objects.get(learner=learner)
    assert "within 45 days" in client.get(page).content.decode()

    client.force_login(admin)
    assert learner.name in client.get(reverse("copies")).content.decode()
    client.post(reverse("copy_change", args=[asked.uuid]), {"act": "make", "with_notes": "1"})
    asked.refresh_from_db()
    made(asked)
    zip_page = reverse("copy_zip", args=[asked.uuid])
    assert client.get(zip_page).status_code == 200
    client.force_login(guardian)
    assert client.get(zip_page).status_code == 404
    client.force_login(admin)
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            client.post(reverse("copy_change", args=[asked.uuid]), {"act": "hand_out"})
    (message,) = mail.outbox
    assert message.to == [guardian.email]
    assert page in message.body
    assert learner.given_name not in message.subject + message.body
    client.force_login(guardian)
    answer = client.get(zip_page)
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert zip_page in client.get(page).content.decode()
    assert client.get(reverse("copies")).status_code in (403, 404)


def test_the_office_is_told_once_that_a_family_waits(scene, learner, client, django_capture_on_commit_callbacks):
    client.force_login(scene.people["guardian"])
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            client.post(reverse("copy_new", args=[learner.pk]))
    assert {tuple(message.to) for message in mail.outbox} == {(scene.people["school_admin"].email,)}
    (message,) = mail.outbox
    assert reverse("copies") in message.body
    assert learner.given_name not in message.subject + message.body
    AdminRole.objects.filter(kind=AdminRole.Kind.SCHOOL).delete()
    LearnerCopy.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("copy_new", args=[learner.pk]))
    assert [message.to for message in mail.outbox[1:]] == [[scene.people["district_admin"].email]]


def test_a_no_needs_a_reason_and_the_family_reads_it(scene, learner, client):
    asked = asking.ask(learner, by=scene.people["guardian"])
    client.force_login(scene.people["school_admin"])
    change = reverse("copy_change", args=[asked.uuid])
    client.post(change, {"act": "decline", "because": " "})
    asked.refresh_from_db()
    assert asked.declined_at is None
    client.post(change, {"act": "decline", "because": "You have it since Monday."})
    client.force_login(scene.people["guardian"])
    assert "You have it since Monday." in client.get(reverse("learner_data", args=[learner.pk])).content.decode()


def test_two_clicks_make_one_copy(scene, learner):
    first, second = (asking.make(learner, by=scene.people["district_admin"], with_notes=True) for _twice in range(2))
    assert first == second


def test_the_file_goes_after_a_week_and_the_record_of_it_stays(scene, learner, settings, tmp_path):
    settings.MEDIA_ROOT = copies = tmp_path / "copies"
    copy = asking.make(learner, by=scene.people["district_admin"], with_notes=True)
    made(copy)
    assert len([path for path in copies.rglob("*") if path.is_file()]) == 1
    LearnerCopy.objects.filter(pk=copy.pk).update(made_at=copy.made_at - FILE_FOR)
    files.forget_files()
    assert [path for path in copies.rglob("*") if path.is_file()] == []
    assert LearnerCopy.objects.get(pk=copy.pk).stored is None


def test_a_full_disk_is_told_and_leaves_nothing(scene, learner, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = copies = tmp_path / "copies"
    monkeypatch.setattr("lrm.file_store.os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left")))
    copy = asking.make(learner, by=scene.people["district_admin"], with_notes=True)
    running.run(copy.job_id)
    job = Job.objects.get(pk=copy.job_id)
    assert job.state == Job.State.FAILED
    assert "disk is full" in job.error
    assert [path for path in copies.rglob("*") if path.is_file()] == []


def test_each_kind_of_record_has_a_name_of_the_district_and_no_name_is_of_nothing():
    declared = {model._meta.label: found for model, found in models_with_people()}
    of_adults = {model._meta.label for model, _way in ways_to_adult()}
    needed = {label for label, found in declared.items() if found.about != "staff"} | of_adults
    assert needed - set(WORDS) == set()
    assert set(WORDS) - set(declared) - of_adults == set()
