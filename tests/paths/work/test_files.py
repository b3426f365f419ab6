"""Files of work: kept whole or not at all, fetched by whoever may, and swept when nobody names them."""

import io
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from lrm.file_store import WORK
from lrm.scope import district_scope
from paths.models import Artifact
from paths.services import artifacts, hand_in_limits
from profiles.models import AccessLog
from tests.factories.paths import make_artifact
from tests.paths.work.sent import a_file, files_in, photo

JSON = {"accept": "application/json"}


def test_a_photo_is_kept_without_its_place(folder, hand_in, classroom, as_account, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(file=photo())
    piece = Artifact.objects.get()
    assert (piece.kind, piece.media_type, piece.name, piece.has_preview) == (
        "image",
        "image/jpeg",
        "My photo.jpg",
        True,
    )
    assert files_in(folder) == [str(piece.stored), f"{piece.stored}.preview"]
    answer = as_account(classroom.account).get(reverse("work_file", args=[piece.pk]))
    kept = b"".join(answer.streaming_content)
    assert (len(kept), b"Some Camera" in kept) == (piece.size, False)
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert (
        dict(answer.headers).items()
        >= {
            "Content-Type": "image/jpeg",
            "Content-Disposition": 'attachment; filename="My photo.jpg"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items()
    )


def test_a_file_is_called_as_its_title_in_any_script(classroom, as_account):
    piece = make_artifact(classroom.learner, file=a_file(), title="Mi “canción” 1/2\u202e")
    answer = as_account(classroom.account).get(reverse("work_file", args=[piece.pk]))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Mi%20%E2%80%9Ccanci%C3%B3n%E2%80%9D%2012.wav"
    )


@pytest.mark.parametrize(
    ("asked", "status", "said", "found"),
    [
        ("bytes=0-3", 206, "bytes 0-3/10", b"kept"),
        ("bytes=5-", 206, "bytes 5-9/10", b"bytes"),
        ("bytes=-2", 206, "bytes 8-9/10", b"es"),
        ("bytes=0-99", 200, None, b"kept bytes"),
        ("bytes=7-3", 200, None, b"kept bytes"),
        ("bytes=0-1,4-5", 200, None, b"kept bytes"),
        ("bytes=" + "9" * 5000 + "-", 200, None, b"kept bytes"),
        ("bytes=10-", 416, "bytes */10", b""),
    ],
)
def test_a_download_that_broke_goes_on(classroom, as_account, asked, status, said, found):
    piece = make_artifact(classroom.learner, file=a_file())
    answer = as_account(classroom.account).get(reverse("work_file", args=[piece.pk]), headers={"range": asked})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, said)
    assert (b"".join(answer.streaming_content) if answer.streaming else answer.content) == found


def test_a_second_sending_that_lost_the_race_keeps_one_piece_and_no_file_of_its_own(folder, classroom):
    """Both had seen no piece of this form; the lock lets one after the other in."""
    values = {"learner": classroom.learner, "words": artifacts.Words(text="Once"), "by": classroom.account}
    values |= {"uuid": uuid4(), "now": timezone.now(), "file": a_file()}
    first = artifacts.hand_in(**values)
    stored = WORK.put(b"second")
    second = artifacts._store(
        values["learner"], values["uuid"], values["words"], values["file"], stored, artifacts.NOTHING,
        values["by"], values["now"],
    )  # fmt: skip
    assert (first.is_new, second.is_new, second.artifact) == (True, False, first.artifact)
    assert Artifact.objects.get().stored == first.artifact.stored


def test_a_disk_that_cannot_be_written_keeps_nothing_and_says_so(folder, hand_in):
    (folder / "work").write_text("a file where the folder has to be")
    answer = hand_in(file=photo(), text="My words stay.")
    assert answer.status_code == 507
    assert "could not be kept" in answer.content.decode()
    assert "My words stay." in answer.content.decode()
    assert (Artifact.objects.count(), files_in(folder)) == (0, ["work"])
    told = hand_in(file=photo(), headers=JSON)
    assert (told.status_code, list(told.json()["problems"])) == (507, ["file"])


def test_a_row_that_is_refused_leaves_no_file(folder, classroom, monkeypatch):
    """The database says no after the file was written."""
    monkeypatch.setattr(hand_in_limits, "PIECES_A_DAY", 0)
    with pytest.raises(hand_in_limits.OverLimit):
        artifacts.hand_in(
            learner=classroom.learner,
            uuid=uuid4(),
            words=artifacts.Words(),
            file=a_file(),
            by=classroom.account,
            now=timezone.now(),
        )
    assert (Artifact.objects.count(), files_in(folder)) == (0, [])


def test_whoever_fetches_a_file_is_noted(classroom, as_account):
    piece = make_artifact(classroom.learner, file=a_file())
    as_account(classroom.account).get(reverse("work_file", args=[piece.pk]))
    assert not AccessLog.objects.exists()
    as_account(classroom.teacher).get(reverse("work_file", args=[piece.pk]))
    assert list(AccessLog.objects.values_list("account", "route", "learner_ids")) == [
        (classroom.teacher.pk, "work_file", [classroom.learner.pk])
    ]


def test_the_sweep_takes_what_no_row_names_and_finishes_what_a_crash_left(
    folder, classroom, django_capture_on_commit_callbacks
):
    """A crash between commit and renaming: the piece is read all the same, and gets its name in the end."""
    values = {"learner": classroom.learner, "uuid": uuid4(), "words": artifacts.Words(), "by": classroom.account}
    with django_capture_on_commit_callbacks(execute=False):
        piece = artifacts.hand_in(**values, file=a_file(), now=timezone.now()).artifact
    orphan = WORK.put(b"nobody's", preview=b"nobody's")
    assert files_in(folder) == sorted([f"{piece.stored}.coming", f"{orphan}.coming", f"{orphan}.preview.coming"])
    with WORK.open(piece.stored) as file:
        assert file.read() == b"kept bytes"
    assert artifacts.sweep_files() == 0, "what came within a day may still get its row"
    assert WORK.sweep(known=lambda ids: {piece.stored} & set(ids), older_than_seconds=-1) == 1
    assert files_in(folder) == [str(piece.stored)]


def test_a_piece_whose_file_is_gone_is_still_read(classroom, as_account):
    piece = make_artifact(classroom.learner, file=a_file())
    WORK.discard(piece.stored)
    assert as_account(classroom.account).get(reverse("work", args=[piece.pk])).status_code == 200
    assert as_account(classroom.account).get(reverse("work_file", args=[piece.pk])).status_code == 404


def test_a_file_longer_than_any_form_takes_is_not_read_to_its_end(hand_in, monkeypatch):
    monkeypatch.setattr("lrm.uploads.MOST_BYTES", 100_000)
    answer = hand_in(file=photo("a.png", bytes(300_000), "image/png"), text="My words stay.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "far too big" in page
    assert "My words stay." in page


def test_a_full_disk_while_a_file_comes_in_is_told(folder, hand_in, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # so that every file goes over the disk
    settings.FILE_UPLOAD_TEMP_DIR = str(folder / "not there")
    answer = hand_in(file=photo(), text="My words stay.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "could not be kept" in page
    assert "My words stay." in page
    assert not Artifact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_are_one_piece_with_one_file(folder, classroom):
    both_there, found = Barrier(2, timeout=120), []
    values = {"learner": classroom.learner, "uuid": uuid4(), "words": artifacts.Words(), "by": classroom.account}

    def send():
        try:
            with district_scope(classroom.district.pk):
                both_there.wait()
                found.append(artifacts.hand_in(**values, file=a_file(), now=timezone.now()))
        finally:
            connection.close()

    senders = [Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=120)
    assert sorted(each.is_new for each in found) == [False, True]
    assert {each.artifact.pk for each in found} == {Artifact.objects.get().pk}
    assert files_in(folder) == [str(Artifact.objects.get().stored)]
