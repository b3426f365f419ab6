"""Talks about a piece of work: begun where it stands, shown there, and no right to the piece by being in the talk."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from paths.models import Talk
from tests.factories.paths import make_artifact, make_message, make_talk


@pytest.fixture
def work(classroom):
    return make_artifact(classroom.learner, title="My bridge")


def new_url(learner, work) -> str:
    return reverse("talk_new", args=[learner.pk]) + f"?artifact={work.pk}"


def words_of(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_talk_is_begun_from_the_work_and_from_the_list_and_shown_on_both(classroom, work, as_account):
    me = as_account(classroom.account)
    page, works = reverse("work", args=[work.pk]), reverse("learner_work", args=[classroom.learner.pk])
    for address in (page, works):
        assert new_url(classroom.learner, work) in me.get(address).content.decode()
    assert 'value="My bridge"' in me.get(new_url(classroom.learner, work)).content.decode()

    me.post(
        new_url(classroom.learner, work),
        {"uuid": str(uuid4()), "title": "The arch", "text": "Look at it", "teachers": str(classroom.section.pk)},
    )

    talk = Talk.objects.get()
    assert talk.artifact == work
    assert page in me.get(reverse("talk", args=[talk.pk])).content.decode()
    teacher = as_account(classroom.teacher)
    for client in (me, teacher):
        assert reverse("talk", args=[talk.pk]) in client.get(page).content.decode()
        assert "1 talk about My bridge" in words_of(client.get(works))


def test_work_shows_talks_only_to_who_is_in_them(classroom, work, as_account):
    talk = make_talk(classroom.learner, classroom.section, artifact=work, title="Between us")
    make_message(talk)
    mother = classroom.guardian()

    client = as_account(mother)
    assert "Between us" not in client.get(reverse("work", args=[work.pk])).content.decode()
    assert "1 talk" not in words_of(client.get(reverse("learner_work", args=[classroom.learner.pk])))


def test_work_that_was_put_away_is_named_in_its_talk_to_the_learner_alone(classroom, work, as_account):
    talk = make_talk(classroom.learner, classroom.section, artifact=work, title="The arch")
    make_message(talk)
    work.withdrawn_at = timezone.now()
    work.save()
    url = reverse("talk", args=[talk.pk])

    assert "My bridge" in as_account(classroom.account).get(url).content.decode()
    for_teacher = as_account(classroom.teacher).get(url).content.decode()
    assert "My bridge" not in for_teacher
    assert "About a piece of work that is put away." in words_of(as_account(classroom.teacher).get(url))


def test_talk_about_work_that_one_may_not_see_is_not_there(classroom, work, stranger, as_account):
    classmate = classroom.classmate()
    other = make_artifact(classmate)
    draft = make_artifact(classroom.learner, is_draft=True)
    away = make_artifact(classroom.learner, withdrawn_at=timezone.now())
    teacher, me = as_account(classroom.teacher), as_account(classroom.account)

    for piece in (other, draft, away):
        assert teacher.get(new_url(classroom.learner, piece)).status_code == 404
        assert me.get(new_url(classroom.learner, piece)).status_code == 404
    for account in (stranger, classmate.account):
        assert as_account(account).get(new_url(classroom.learner, work)).status_code == 404
