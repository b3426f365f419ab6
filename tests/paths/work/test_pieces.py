"""A piece of work once it is there: its words, its answers, its readers, its list."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from lrm.intake import TakenIn
from paths.models import Artifact, ArtifactReply
from tests.factories.files import make_picture
from tests.factories.paths import make_artifact, make_goal


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
