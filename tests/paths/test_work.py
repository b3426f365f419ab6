"""Handing in, from the form to the file: what is kept, once, whole, and by whom it is read."""

import io
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from lrm.file_store import WORK
from lrm.intake import TakenIn
from lrm.scope import district_scope
from paths.forms.work import sign_ticket
from paths.models import Artifact, ArtifactReply, MediaRule
from paths.services import artifacts, hand_in_limits
from profiles.models import AccessLog
from tests.factories.files import make_photo, make_picture, make_wav, make_zip
from tests.factories.paths import make_artifact, make_goal, make_path, make_reflection
from tests.factories.profiles import make_learner, make_school_admin

JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def hand_in(classroom, as_account):
    """Send the form as the learner; hand_in(text=..., file=...)."""

    def send(account=None, *, ticket=None, headers=None, learner=None, **fields):
        account = account or classroom.account
        values = {"ticket": ticket or sign_ticket(uuid4(), account), "do": "hand_in", **fields}
        url = reverse("hand_in", args=[(learner or classroom.learner).pk])
        return as_account(account).post(url, values, headers=headers or {})

    return send


def photo(name: str = "My photo.jpg", data: bytes | None = None, claim: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_photo() if data is None else data, claim)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def a_file(
    data: bytes = b"kept bytes", media_type: str = "audio/wav", name: str = "a.wav", kind: str = "audio"
) -> TakenIn:
    return TakenIn(kind, media_type, name, data)


def test_words_alone_are_handed_in(classroom, hand_in):
    answer = hand_in(text="I measured the room.", title="My room")
    piece = Artifact.objects.get()
    assert answer.headers["Location"] == reverse("work", args=[piece.pk])
    assert (piece.kind, piece.title, piece.text) == ("text", "My room", "I measured the room.")
    assert (piece.learner, piece.by, piece.is_draft, piece.withdrawn_at) == (
        classroom.learner,
        classroom.account,
        False,
        None,
    )


def test_a_link_without_a_scheme_is_a_web_page(hand_in):
    hand_in(link="example.org/my-drawing")
    assert Artifact.objects.values_list("kind", "link").get() == ("link", "https://example.org/my-drawing")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/a"])
def test_a_link_that_is_no_page_is_refused_and_the_words_stay(hand_in, link):
    answer = hand_in(link=link, text="Look at it.")
    assert answer.status_code == 422
    assert "Look at it." in answer.content.decode()
    assert not Artifact.objects.exists()


def test_nothing_at_all_is_asked_for(hand_in):
    answer = hand_in()
    assert answer.status_code == 422
    assert "Write something, add a link, or pick a file." in answer.content.decode()


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


@pytest.mark.parametrize(
    ("name", "data", "claim", "says"),
    [
        ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml", "made of code"),
        ("a.jpg", b"<html><script>1</script></html>", "image/jpeg", "something else"),
        ("a.jpg", make_picture() + make_zip(), "image/jpeg", "hidden"),
        ("a.html.jpg", make_picture(), "image/jpeg", "two endings"),
        ("a.jpg", b"", "image/jpeg", "empty"),
        ("a.wav", make_wav(), "audio/wav", "not turned on sound"),
        ("a.docx", make_zip(), "", "Save it as a PDF"),
    ],
    ids=["code", "page", "picture-and-archive", "two-endings", "empty", "sound", "document"],
)
def test_a_file_that_may_not_come_in_is_refused_and_the_words_stay(folder, hand_in, name, data, claim, says):
    answer = hand_in(file=photo(name, data, claim), text="My words stay.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "My words stay." in page
    assert (Artifact.objects.count(), files_in(folder)) == (0, [])
    told = hand_in(file=photo(name, data, claim), headers=JSON).json()["problems"]["file"]
    assert says in told[0]


def test_sound_comes_in_once_the_school_has_turned_it_on(classroom, hand_in, as_account):
    admin = make_school_admin(classroom.school)
    page = as_account(admin).post(reverse("media_rules"), {"school": classroom.school.pk, "audio": "1"}, follow=True)
    assert "Saved for" in page.content.decode()
    hand_in(file=photo("a.wav", make_wav(), "audio/wav"))
    assert Artifact.objects.values_list("kind", "media_type").get() == ("audio", "audio/wav")
    as_account(admin).post(reverse("media_rules"), {"school": classroom.school.pk})
    assert hand_in(file=photo("a.wav", make_wav(), "audio/wav")).status_code == 422


def test_a_principal_says_nothing_about_another_school(classroom, as_account):
    other = make_learner().home_school
    admin = make_school_admin(classroom.school)
    assert as_account(admin).post(reverse("media_rules"), {"school": other.pk, "video": "1"}).status_code == 404
    assert MediaRule._base_manager.count() == 0


def test_the_same_form_twice_is_one_piece_and_one_file(folder, classroom, hand_in, django_capture_on_commit_callbacks):
    ticket = sign_ticket(uuid4(), classroom.account)
    with django_capture_on_commit_callbacks(execute=True):
        first = hand_in(ticket=ticket, file=photo(), headers=JSON)
        again = hand_in(ticket=ticket, file=photo(), text="sent again", headers=JSON)
    assert first.json() == again.json() == {"url": reverse("work", args=[Artifact.objects.get().pk])}
    assert len(files_in(folder)) == 2  # the picture and its preview


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


def test_a_form_of_somebody_else_is_not_sent_under_a_new_name(classroom, hand_in):
    """On a shared device the next child signs in while the form of the one before is open."""
    next_child = classroom.classmate()
    ticket = sign_ticket(uuid4(), classroom.account)
    answer = hand_in(next_child.account, ticket=ticket, text="Not mine", learner=next_child, headers=JSON)
    assert answer.status_code == 409
    assert not Artifact.objects.exists()


def test_a_forged_ticket_is_refused(hand_in):
    assert hand_in(ticket=str(uuid4()), text="x", headers=JSON).status_code == 409
    assert not Artifact.objects.exists()


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


def test_too_many_pieces_of_a_day_wait_for_tomorrow(classroom, hand_in, monkeypatch):
    monkeypatch.setattr(hand_in_limits, "PIECES_A_DAY", 2)
    make_artifact(classroom.learner)
    make_artifact(classroom.learner, created_at=timezone.now() - timedelta(days=2))
    assert hand_in(text="Second of today").status_code == 302
    answer = hand_in(text="Third of today")
    assert answer.status_code == 429
    assert "Third of today" in answer.content.decode()
    assert "tomorrow" in answer.content.decode()


def test_a_full_folder_takes_words_and_no_files(classroom, hand_in, monkeypatch):
    monkeypatch.setattr(hand_in_limits, "MB_IN_ALL", 1)
    make_artifact(
        classroom.learner, size=2**20, created_at=timezone.now() - timedelta(days=9), withdrawn_at=timezone.now()
    )
    assert hand_in(file=photo()).status_code == 429
    assert hand_in(text="Words fit").status_code == 302


def test_words_are_kept_while_they_are_typed_for_their_writer_alone(classroom, hand_in, as_account):
    ticket = sign_ticket(uuid4(), classroom.account)
    assert hand_in(ticket=ticket, do="draft", headers=JSON).json() == {"saved": False}
    assert hand_in(ticket=ticket, do="draft", text="Half a thou", headers=JSON).json() == {"saved": True}
    assert hand_in(ticket=ticket, do="draft", text="Half a thought", headers=JSON).json() == {"saved": True}
    draft = Artifact.objects.get()
    for account in (classroom.teacher, classroom.guardian()):
        client = as_account(account)
        assert client.get(reverse("work", args=[draft.pk])).status_code == 404
        assert "Half a thought" not in client.get(reverse("learner_work", args=[classroom.learner.pk])).content.decode()
    mine = as_account(classroom.account)
    assert "Half a thought" in mine.get(reverse("learner_work", args=[classroom.learner.pk])).content.decode()
    form = mine.get(reverse("hand_in", args=[classroom.learner.pk]), {"draft": draft.pk}).content.decode()
    assert "Half a thought</textarea>" in form
    hand_in(ticket=ticket, text="A whole thought")
    assert Artifact.objects.values_list("pk", "text", "is_draft").get() == (draft.pk, "A whole thought", False)
    hand_in(ticket=ticket, do="draft", text="A late autosave", headers=JSON)
    assert Artifact.objects.get().text == "A whole thought"


def test_a_draft_is_thrown_away_and_a_piece_only_put_away(classroom, as_account):
    draft, piece = make_artifact(classroom.learner, is_draft=True), make_artifact(classroom.learner)
    mine, teacher = as_account(classroom.account), as_account(classroom.teacher)
    mine.post(reverse("work_put_away", args=[draft.pk]), {"away": "1"})
    page = mine.post(reverse("work_put_away", args=[piece.pk]), {"away": "1"}, follow=True).content.decode()
    assert list(Artifact.objects.values_list("pk", flat=True)) == [piece.pk]
    assert "is put away" in page
    assert "Undo" in page
    assert teacher.get(reverse("work", args=[piece.pk])).status_code == 404
    assert mine.get(reverse("work", args=[piece.pk])).status_code == 200
    mine.post(reverse("work_put_away", args=[piece.pk]), {"away": "0"})
    assert teacher.get(reverse("work", args=[piece.pk])).status_code == 200


def test_work_belongs_to_a_goal_a_step_or_a_reflection_and_ticks_nothing(classroom, hand_in, as_account):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],))
    step = make_path(classroom.learner).steps.first()
    reflection = make_reflection(goal)
    hand_in(text="For the goal", about=f"goal:{goal.pk}", standards=[classroom.standards[0].pk])
    hand_in(text="For the step", about=f"step:{step.pk}")
    hand_in(text="With what helped", about=f"reflection:{reflection.pk}")
    found = {piece.text: (piece.goal_id, piece.step_id, piece.reflection_id) for piece in Artifact.objects.all()}
    assert found == {
        "For the goal": (goal.pk, None, None),
        "For the step": (None, step.pk, None),
        "With what helped": (goal.pk, None, reflection.pk),
    }
    assert [s.pk for s in Artifact.objects.get(text="For the goal").standards.all()] == [classroom.standards[0].pk]
    step.refresh_from_db()
    assert step.done_at is None
    client = as_account(classroom.account)
    page = client.get(reverse("work", args=[Artifact.objects.get(text="For the step").pk])).content.decode()
    assert "Is this step done?" in page
    assert "For the goal" in client.get(reverse("goal", args=[goal.pk])).content.decode()
    form = client.get(reverse("hand_in", args=[classroom.learner.pk]), {"for": f"goal:{goal.pk}"}).content.decode()
    assert f'<option value="goal:{goal.pk}" selected>' in form


@pytest.mark.parametrize("kind", ["goal", "step", "reflection"])
def test_work_is_not_tied_to_what_is_somebody_elses(classroom, hand_in, as_account, kind):
    other = classroom.classmate()
    goal = make_goal(other)
    theirs = {"goal": goal, "step": make_path(other).steps.first(), "reflection": make_reflection(goal)}[kind]
    assert hand_in(text="x", about=f"{kind}:{theirs.pk}").status_code == 422
    url = reverse("hand_in", args=[classroom.learner.pk])
    assert as_account(classroom.account).get(url, {"for": f"{kind}:{theirs.pk}"}).status_code == 404
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("about", ["goal:", "goal:x", "nothing:1", "goal:" + "9" * 30, "1"])
def test_nonsense_is_no_thing_to_belong_to(hand_in, about):
    assert hand_in(text="x", about=about).status_code == 422


def test_the_words_change_with_their_history(classroom, as_account):
    piece = make_artifact(classroom.learner, text="First words", title="Old")
    client, url = as_account(classroom.account), reverse("work_edit", args=[piece.pk])
    client.post(url, {"version": 1, "title": "New", "text": "Second words"})
    page = client.get(reverse("work", args=[piece.pk])).content.decode()
    assert "First words" in page
    assert "Second words" in page
    late = client.post(url, {"version": 1, "title": "Late", "text": "Third words"})
    assert late.status_code == 409
    assert "Third words" in late.content.decode()
    assert "Second words" in late.content.decode()
    piece.refresh_from_db()
    assert (piece.title, piece.text, piece.version) == ("New", "Second words", 2)
    assert client.post(url, {"version": 2, "title": "", "text": ""}).status_code == 422


def test_a_teacher_answers_once_and_the_learner_reads_it(classroom, as_account):
    piece = make_artifact(classroom.learner)
    values = {"uuid": uuid4(), "text": "Which part took longest?"}
    for _ in range(2):
        as_account(classroom.teacher).post(reverse("work_reply", args=[piece.pk]), values)
    assert ArtifactReply.objects.values_list("text", "by").get() == ("Which part took longest?", classroom.teacher.pk)
    for account in (classroom.account, classroom.guardian()):
        assert "Which part took longest?" in as_account(account).get(reverse("work", args=[piece.pk])).content.decode()


def test_an_answer_of_nothing_is_not_kept(classroom, as_account):
    piece = make_artifact(classroom.learner)
    as_account(classroom.teacher).post(reverse("work_reply", args=[piece.pk]), {"uuid": uuid4(), "text": "  "})
    assert not ArtifactReply.objects.exists()


def test_work_is_read_by_the_circle_and_nobody_else(classroom, as_account, stranger):
    piece = make_artifact(
        classroom.learner, file=TakenIn("image", "image/jpeg", "a.jpg", make_picture(), make_picture())
    )
    addresses = [reverse(name, args=[piece.pk]) for name in ("work", "work_file", "work_preview")]
    addresses.append(reverse("learner_work", args=[classroom.learner.pk]))
    circle = {"learner": classroom.account, "teacher": classroom.teacher, "guardian": classroom.guardian()}
    others = {"stranger": stranger, "classmate": classroom.classmate().account}
    seen = {
        who: [as_account(account).get(address).status_code for address in addresses]
        for who, account in (circle | others).items()
    }
    assert seen == {who: [200] * 4 for who in circle} | {who: [404] * 4 for who in others}


def test_whoever_fetches_a_file_is_noted(classroom, as_account):
    piece = make_artifact(classroom.learner, file=a_file())
    as_account(classroom.account).get(reverse("work_file", args=[piece.pk]))
    assert not AccessLog.objects.exists()
    as_account(classroom.teacher).get(reverse("work_file", args=[piece.pk]))
    assert list(AccessLog.objects.values_list("account", "route", "learner_ids")) == [
        (classroom.teacher.pk, "work_file", [classroom.learner.pk])
    ]


def test_a_teacher_adds_work_and_changes_their_own_only(classroom, hand_in, as_account):
    hand_in(classroom.teacher, text="A photo of the bridge will follow")
    added, own = Artifact.objects.get(), make_artifact(classroom.learner)
    teacher = as_account(classroom.teacher)
    assert (added.by, added.learner) == (classroom.teacher, classroom.learner)
    assert teacher.get(reverse("work_edit", args=[added.pk])).status_code == 200
    assert teacher.get(reverse("work_edit", args=[own.pk])).status_code == 404
    assert teacher.post(reverse("work_put_away", args=[own.pk]), {"away": "1"}).status_code == 404
    assert as_account(classroom.account).get(reverse("work_edit", args=[added.pk])).status_code == 200


def test_a_family_reads_and_hands_in_nothing(classroom, hand_in):
    assert hand_in(classroom.guardian(), text="x").status_code == 404


def test_the_list_goes_on_after_thirty(classroom, as_account):
    for number in range(31):
        make_artifact(classroom.learner, title=f"Piece <{number}>", created_at=timezone.now() - timedelta(hours=number))
    client, url = as_account(classroom.account), reverse("learner_work", args=[classroom.learner.pk])
    first, second = client.get(url).content.decode(), client.get(url, {"page": "2"}).content.decode()
    assert ("Piece &lt;0&gt;" in first, "Piece &lt;30&gt;" in first, "Piece &lt;30&gt;" in second) == (
        True,
        False,
        True,
    )
    assert client.get(url, {"page": "9" * 6000}).status_code == 200


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(classroom, as_account, django_assert_num_queries, pieces):
    for _ in range(pieces):
        make_artifact(classroom.learner, goal=make_goal(classroom.learner))
        make_artifact(classroom.learner, is_draft=True)
    client = as_account(classroom.teacher)
    with django_assert_num_queries(7):
        client.get(reverse("learner_work", args=[classroom.learner.pk]))


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


def test_whoever_is_signed_out_is_sent_to_sign_in_and_nothing_is_kept(classroom, client):
    url = reverse("hand_in", args=[classroom.learner.pk])
    answer = client.post(url, {"text": "My words", "ticket": sign_ticket(uuid4(), classroom.account)})
    assert answer.headers["Location"] == reverse("sign_in")
    assert not Artifact.objects.exists()


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
    both_there, found = Barrier(2, timeout=20), []
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
        sender.join(timeout=30)
    assert sorted(each.is_new for each in found) == [False, True]
    assert {each.artifact.pk for each in found} == {Artifact.objects.get().pk}
    assert files_in(folder) == [str(Artifact.objects.get().stored)]
