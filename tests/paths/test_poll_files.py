"""Answers that are drawn, spoken or filmed: what is taken, who sees it, and that nothing tells whose it is."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from lrm.intake import TakenIn
from paths.models import Poll, PollAnswer, PollFile, PollHand
from paths.models.poll_file import LEAST_SHOWN
from paths.services import artifacts, hand_in_limits
from paths.services.polls.results import LEAST
from profiles.models import AccessLog
from tests.factories.files import make_mp4, make_pdf, make_photo, make_picture, make_png_that_says, make_wav, make_zip
from tests.factories.paths import make_poll, make_poll_answer, make_poll_file
from tests.factories.policy import let_in
from tests.factories.profiles import make_school_admin

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DRAWING = TakenIn("image", "image/jpeg", "Ana Ruiz.jpg", b"a picture", b"a small one")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Send something whose file gets its own name once the row is committed."""

    def send(client, poll, file: SimpleUploadedFile | None):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("poll", args=[poll.pk]), {"file": file} if file else {})

    return send


def drawing_poll(classroom, **fields) -> Poll:
    return make_poll(classroom.section, classroom.teacher, kind="drawing", options=[], **fields)


def picture(name: str = "Ana Ruiz.png", data: bytes | None = None, claim: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_picture("PNG") if data is None else data, claim)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def five_drawings(classroom, poll: Poll) -> list[PollAnswer]:
    people = [classroom.learner, *(classroom.classmate(given_name=f"Kid{n}") for n in range(4))]
    answers = [make_poll_answer(poll, learner) for learner in people]
    for answer in answers:
        make_poll_file(answer, DRAWING)
    return answers


def test_a_drawing_is_kept_once_and_drawn_anew(classroom, me, commit, folder):
    poll = drawing_poll(classroom)
    for _click in range(2):
        assert commit(me, poll, picture("photo.jpg", make_photo(), "image/jpeg")).status_code == 302

    found = PollFile.objects.get()
    assert (found.kind, found.has_preview, found.name) == ("image", True, "drawing.jpg")
    assert len(files_in(folder)) == 2, "one picture and its preview; the first ones are gone"
    answer = me.get(reverse("poll_file", args=[found.answer.uuid]))
    data = b"".join(answer.streaming_content)
    assert dict(Image.open(io.BytesIO(data)).getexif()) == {}
    assert b"our kitchen" not in data


def test_a_file_is_served_under_the_seal_of_handed_in_work(classroom, me, commit):
    poll = drawing_poll(classroom)
    commit(me, poll, picture())
    uuid = PollFile.objects.get().answer.uuid
    for route in ("poll_file", "poll_preview"):
        answer = me.get(reverse(route, args=[uuid]))
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
    assert me.get(reverse("poll_file", args=[uuid]))["Content-Disposition"].startswith("attachment")
    part = me.get(reverse("poll_file", args=[uuid]), headers={"range": "bytes=0-3"})
    assert (part.status_code, part["Content-Length"]) == (206, "4")


HOSTILE = {
    "svg": ("drawing.svg", SVG, "image/svg+xml"),
    "svg called a picture": ("drawing.png", SVG, "image/png"),
    "page": ("drawing.html", b"<html><script>alert(1)</script></html>", "text/html"),
    "archive": ("drawing.zip", make_zip(), "application/zip"),
    "two in one": ("drawing.png", make_picture("PNG") + make_zip(), "image/png"),
    "bomb": ("drawing.png", make_png_that_says(60_000, 60_000), "image/png"),
    "lying ending": ("drawing.jpg", make_wav(), "image/jpeg"),
    "lying claim": ("drawing.png", make_picture("PNG"), "text/html"),
    "pdf": ("drawing.pdf", make_pdf(), "application/pdf"),
    "sound": ("drawing.wav", make_wav(), "audio/wav"),
    "empty": ("drawing.png", b"", "image/png"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_drawing_is_refused_with_a_reason_and_nothing_is_kept(classroom, me, commit, folder, what):
    let_in(classroom.school, audio=True, video=True)
    name, data, claim = HOSTILE[what]

    answer = commit(me, drawing_poll(classroom), SimpleUploadedFile(name, data, claim))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PollAnswer.objects.exists()
    assert files_in(folder) == []


def test_nothing_is_no_answer_and_an_earlier_file_stays(classroom, me, commit):
    poll = drawing_poll(classroom)
    assert commit(me, poll, None).status_code == 422
    assert not PollAnswer.objects.exists()

    commit(me, poll, picture())
    assert commit(me, poll, None).status_code == 302
    assert PollFile.objects.count() == 1


def test_files_are_not_taken_by_polls_of_words(classroom, me, commit, folder):
    poll = make_poll(classroom.section, classroom.teacher)

    assert commit(me, poll, picture()).status_code == 422
    assert files_in(folder) == []


def test_after_the_last_day_no_file_is_kept(classroom, me, commit, folder):
    poll = drawing_poll(classroom, over=True)

    commit(me, poll, picture())

    assert (PollAnswer.objects.count(), files_in(folder)) == (0, [])


def test_sound_is_taken_only_where_the_school_turned_it_on(classroom, me, as_account, commit):
    poll = make_poll(classroom.section, classroom.teacher, kind="sound", options=[])
    sound = SimpleUploadedFile("me.wav", make_wav(), "audio/wav")
    assert commit(me, poll, sound).status_code == 422
    assert "turned this off" in me.get(reverse("poll", args=[poll.pk])).content.decode()

    let_in(classroom.school, audio=True)
    sound.seek(0)
    commit(me, poll, sound)
    film = SimpleUploadedFile("me.mp4", make_mp4(), "video/mp4")
    assert commit(me, poll, film).status_code == 422

    uuid = PollFile.objects.get().answer.uuid
    classmate = classroom.classmate()
    Poll.objects.update(open_until=timezone.localdate() - timedelta(days=1))
    for account, status in ((classroom.account, 200), (classroom.teacher, 200), (classmate.account, 404)):
        assert as_account(account).get(reverse("poll_file", args=[uuid])).status_code == status


@pytest.mark.parametrize("kind", ["sound", "video"])
def test_a_voice_is_never_asked_for_without_names(classroom, as_account, kind):
    let_in(classroom.school, audio=True, video=True)
    form = {
        "uuid": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "audience": f"section:{classroom.section.pk}",
        "question": "How was it?",
        "kind": kind,
        "open_until": timezone.localdate(),
    }
    teacher = as_account(classroom.teacher)
    refused = teacher.post(reverse("poll_new"), form | {"is_anonymous": "on"})
    assert refused.status_code == 422
    assert "A voice or a face tells who it is." in refused.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_poll(classroom.section, classroom.teacher, kind=kind, options=[], is_anonymous=True)

    assert teacher.post(reverse("poll_new"), form).status_code == 302
    let_in(classroom.school)
    again = teacher.post(reverse("poll_new"), form | {"uuid": "7f9619ff-8b86-4d01-b42d-00cf4fc964ff"})
    assert again.status_code == 422
    assert "off at this school" in again.content.decode()


def test_drawings_without_names_show_from_five_up_when_the_poll_is_over_and_tell_nobody(classroom, as_account):
    poll = drawing_poll(classroom, over=True, is_anonymous=True)
    answers = five_drawings(classroom, poll)
    teacher = as_account(classroom.teacher)
    page = teacher.get(reverse("poll", args=[poll.pk])).content.decode()

    assert page.count("/preview/") == 5
    assert "Kid" not in page
    assert "Ruiz" not in page
    answer = teacher.get(reverse("poll_file", args=[answers[1].uuid]))
    assert answer["Content-Disposition"] == 'attachment; filename="drawing.jpg"'
    assert not AccessLog.objects.filter(route__startswith="poll_", learner_ids__len__gt=0).exists()
    assert not {"name", "sha256", "created_at", "by"} & {field.name for field in PollFile._meta.get_fields()}

    hand = PollHand.objects.get(answer=answers[4])
    PollAnswer.objects.filter(pk=hand.answer_id).delete()
    assert "/preview/" not in teacher.get(reverse("poll", args=[poll.pk])).content.decode()
    assert teacher.get(reverse("poll_file", args=[answers[1].uuid])).status_code == 404


def test_drawings_without_names_are_seen_by_nobody_else_while_the_poll_is_open(classroom, as_account):
    poll = drawing_poll(classroom, is_anonymous=True)
    mine, theirs, *_more = five_drawings(classroom, poll)
    for account in (classroom.teacher, make_school_admin(classroom.school), classroom.account):
        assert as_account(account).get(reverse("poll_file", args=[theirs.uuid])).status_code == 404
    assert as_account(classroom.account).get(reverse("poll_preview", args=[mine.uuid])).status_code == 200


def test_who_asks_with_names_sees_whose_drawing_it_is_and_the_look_is_noted(classroom, as_account):
    poll = drawing_poll(classroom)
    answer = make_poll_answer(poll, classroom.learner)
    make_poll_file(answer, DRAWING)
    teacher = as_account(classroom.teacher)

    assert f"Drawing of {classroom.learner.name}" in teacher.get(reverse("poll", args=[poll.pk])).content.decode()
    teacher.get(reverse("poll_file", args=[answer.uuid]))

    assert AccessLog.objects.get(route="poll_file").learner_ids == [classroom.learner.pk]


def test_drawings_and_results_need_as_many_answers():
    assert LEAST_SHOWN == LEAST


def test_answers_fill_the_same_folder_as_work(classroom, me, commit, folder, monkeypatch):
    monkeypatch.setattr(hand_in_limits, "MB_A_DAY", 0)

    answer = me.post(reverse("poll", args=[drawing_poll(classroom).pk]), {"file": picture()}, follow=True)

    assert "very large together" in answer.content.decode()
    assert (PollAnswer.objects.count(), files_in(folder)) == (0, [])


def test_bytes_of_earlier_answers_count(classroom, me, commit, monkeypatch):
    poll = drawing_poll(classroom)
    commit(me, poll, picture())
    PollFile.objects.update(size=200 * 2**20)

    answer = me.post(reverse("poll", args=[drawing_poll(classroom).pk]), {"file": picture()}, follow=True)

    assert "very large together" in answer.content.decode()


def test_the_sweep_keeps_files_of_answers_and_takes_those_without(classroom, me, commit, folder, monkeypatch):
    commit(me, drawing_poll(classroom), picture())
    monkeypatch.setattr(artifacts, "KEPT_WITHOUT_ROW", timedelta(seconds=-60))
    assert artifacts.sweep_files() == 0
    assert len(files_in(folder)) == 2

    PollAnswer.objects.all().delete()
    assert artifacts.sweep_files() == 1
    assert files_in(folder) == []
