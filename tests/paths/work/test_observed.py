"""A photo of what was seen at a table: one piece of work of the learner on that standard, however often it is sent."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from paths.models import Artifact
from tests.factories.files import make_pdf, make_photo, make_webm
from tests.factories.policy import let_in
from tests.factories.profiles import make_teacher

pytestmark = pytest.mark.django_db

PHOTO = make_photo()


@pytest.fixture
def send(classroom, teacher, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    values = {"uuid": str(uuid4()), "who": str(classroom.teacher.uuid), "standard": classroom.standards[0].pk}

    def go(client=teacher, file=PHOTO, name="photo.jpg", kind="image/jpeg", **other):
        upload = SimpleUploadedFile(name, file, content_type=kind)
        address = reverse("observed_file", args=[classroom.learner.pk])
        return client.post(address, {**values, "file": upload, **other}, headers={"Accept": "application/json"})

    return go


def test_photo_is_work_of_the_learner_once(classroom, send, me):
    answers = [send(), send()]

    (piece,) = Artifact.objects.all()
    assert [answer.json() for answer in answers] == [{"url": reverse("work", args=[piece.pk])}] * 2
    assert (piece.learner, piece.by, piece.kind) == (classroom.learner, classroom.teacher, "image")
    assert list(piece.standards.all()) == [classroom.standards[0]]
    assert me.get(reverse("work", args=[piece.pk])).status_code == 200


def test_spoken_note_is_taken_where_the_school_lets_sound_in(classroom, send, monkeypatch):
    sound = {"file": make_webm(track=2), "name": "sound.webm", "kind": "audio/webm"}
    refused = send(**sound)
    assert (refused.status_code, Artifact.objects.count()) == (422, 0)

    let_in(classroom.school, audio=True)
    assert send(**sound).status_code == 200
    assert Artifact.objects.get().kind == "audio"


def test_what_is_no_photo_is_refused_with_a_reason(send):
    for other in ({"file": make_pdf(), "name": "a.pdf", "kind": "application/pdf"}, {"uuid": "x"}, {"standard": "x"}):
        answer = send(**other)
        assert (answer.status_code, bool(answer.json()["why"])) == (422, True)
    assert not Artifact.objects.exists()


def test_photo_of_who_was_signed_in_before_is_not_sent_by_who_is_now(classroom, send, as_account):
    answer = send(as_account(make_teacher(classroom.roster)))

    assert answer.status_code == 409  # its page keeps it for its author
    assert "Somebody else is signed in now" in answer.json()["why"]
    assert not Artifact.objects.exists()
