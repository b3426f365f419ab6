"""New words on Today and Home: the same conversations that the account may read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Talk
from paths.services.today import read_today
from profiles.models import Account, Enrollment
from tests.factories.paths import make_message, make_talk
from tests.factories.profiles import enroll, make_section, make_teacher

Teachers = Talk.Teachers


def waiting(account: Account) -> set[str]:
    found = read_today(Account.objects.get(pk=account.pk), today=timezone.localdate())
    return {line.url for line in found.lines if line.url.startswith("/talks/")}


def url_of(talk: Talk) -> str:
    return reverse("talk", args=[talk.pk])


def test_today_shows_a_talk_with_new_words_until_they_are_read(classroom, as_account):
    talk = make_talk(classroom.learner, classroom.section, title="Clocks")
    message = make_message(talk, text="Can we try again?")
    client = as_account(classroom.teacher)

    page = client.get(reverse("today")).content.decode()
    assert "Clocks" in page
    assert "Can we try again?" in page
    client.post(reverse("talk_seen", args=[talk.pk]), {"up_to": message.pk})

    assert "Clocks" not in client.get(reverse("today")).content.decode()


@pytest.mark.parametrize("teachers", list(Teachers))
def test_today_shows_exactly_the_talks_that_its_reader_may_open(classroom, stranger, teachers):
    english = make_section(classroom.roster, title="English")
    talks = [make_talk(classroom.learner, section, teachers=teachers) for section in (classroom.section, english)]
    for talk in talks:
        make_message(talk)
    both = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    enroll(both, classroom.roster, section=english, role=Enrollment.Role.CO_TEACHER)
    people = [
        classroom.teacher,
        stranger,
        both,
        make_teacher(section=english, role=Enrollment.Role.AIDE),
        make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE),
    ]
    for account in people:
        may = Talk.objects.open_to(Account.objects.get(pk=account.pk))
        assert waiting(account) == {url_of(talk) for talk in may}


def test_own_and_hidden_words_wait_for_nobody(classroom):
    make_message(make_talk(classroom.learner, classroom.section), by=classroom.teacher)
    make_message(make_talk(classroom.learner, classroom.section), hidden_at=timezone.now())

    assert waiting(classroom.teacher) == set()


def test_many_talks_become_three_lines_and_one(classroom):
    for _ in range(6):
        make_message(make_talk(classroom.learner, classroom.section))

    assert len(waiting(classroom.teacher)) == 4


def test_home_leads_to_new_words(classroom, as_account):
    talk = make_talk(classroom.learner, classroom.section, title="My clock")
    make_message(talk, by=classroom.teacher, at=timezone.now() - timedelta(minutes=1))
    make_message(talk)

    page = as_account(classroom.account).get(reverse("home")).content.decode()

    assert url_of(talk) in page
    assert "1 new word for you." in page


def test_home_of_a_classmate_says_nothing(classroom, as_account):
    talk = make_talk(classroom.learner, classroom.section)
    make_message(talk, by=classroom.teacher)

    assert url_of(talk) not in as_account(classroom.classmate().account).get(reverse("home")).content.decode()
