"""Handing in by the form: what is kept, once, of whom, and what is refused in words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.forms.work import sign_ticket
from paths.models import Artifact
from paths.services import hand_in_limits
from tests.factories.files import make_picture, make_wav, make_zip
from tests.factories.paths import make_artifact, make_goal, make_path, make_reflection
from tests.factories.policy import let_in
from tests.paths.work.sent import files_in, photo

JSON = {"accept": "application/json"}


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


def test_sound_comes_in_while_the_policy_of_the_school_lets_it(classroom, hand_in):
    let_in(classroom.school, audio=True)
    hand_in(file=photo("a.wav", make_wav(), "audio/wav"))
    assert Artifact.objects.values_list("kind", "media_type").get() == ("audio", "audio/wav")
    let_in(classroom.school)
    assert hand_in(file=photo("a.wav", make_wav(), "audio/wav")).status_code == 422


def test_the_same_form_twice_is_one_piece_and_one_file(folder, classroom, hand_in, django_capture_on_commit_callbacks):
    ticket = sign_ticket(uuid4(), classroom.account)
    with django_capture_on_commit_callbacks(execute=True):
        first = hand_in(ticket=ticket, file=photo(), headers=JSON)
        again = hand_in(ticket=ticket, file=photo(), text="sent again", headers=JSON)
    assert first.json() == again.json() == {"url": reverse("work", args=[Artifact.objects.get().pk])}
    assert len(files_in(folder)) == 2  # the picture and its preview


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


def test_whoever_is_signed_out_is_sent_to_sign_in_and_nothing_is_kept(classroom, client):
    url = reverse("hand_in", args=[classroom.learner.pk])
    answer = client.post(url, {"text": "My words", "ticket": sign_ticket(uuid4(), classroom.account)})
    assert answer.headers["Location"] == reverse("sign_in")
    assert not Artifact.objects.exists()
