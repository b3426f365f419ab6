"""Telling a grown-up, deciding, hiding, taking back; and what stays for the safety record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Message, MessageReport
from tests.factories.paths import make_message, make_report, make_talk
from tests.factories.profiles import make_district_admin, make_guardian, make_school_admin, make_teacher

Outcome = MessageReport.Outcome


@pytest.fixture
def talk(classroom):
    return make_talk(classroom.learner, classroom.section, with_family=True)


@pytest.fixture
def admin(classroom):
    return make_school_admin(classroom.school)


def page_of(client, talk) -> str:
    return client.get(reverse("talk", args=[talk.pk])).content.decode()


def test_learner_tells_a_grown_up_once_and_is_answered(classroom, as_account, talk):
    message = make_message(talk, by=make_guardian(classroom.learner), text="Not kind")
    me, teacher = as_account(classroom.account), as_account(classroom.teacher)
    url = reverse("message_report", args=[message.pk])
    assert "Tell a grown-up" in page_of(me, talk)

    me.post(url, {"why": "It made me sad"})
    me.post(url, {"why": "It made me sad"})

    report = MessageReport.objects.get()
    assert (report.by, report.why, report.outcome) == (classroom.account, "It made me sad", "")
    assert "You told a grown-up." in page_of(me, talk)
    told = teacher.get(reverse("talk_reports")).content.decode()
    assert "Not kind" in told
    assert "It made me sad" in told

    teacher.post(reverse("report_decide", args=[report.pk]), {"do": "hide", "answer": "I talked with them."})

    page = page_of(me, talk)
    assert "I talked with them." in page
    assert "Not kind" not in page
    message.refresh_from_db()
    assert (message.text, message.hidden_by) == ("Not kind", classroom.teacher)


def test_words_about_an_adult_of_the_school_are_for_administrators_only(classroom, as_account, talk, admin):
    colleague = make_teacher(classroom.roster)
    message = make_message(talk, by=colleague, text="Unfair words")
    make_report(message, classroom.account, why="This was not fair")

    for account in (classroom.teacher, colleague):
        client = as_account(account)
        assert "Unfair words" not in client.get(reverse("talk_reports")).content.decode()
        report = MessageReport.objects.get()
        assert client.post(reverse("report_decide", args=[report.pk]), {"do": "keep"}).status_code == 404
        assert client.get(reverse("message_hide", args=[message.pk])).status_code in (
            404,
            200 if account == colleague else 404,
        )
    for account in (admin, make_district_admin(classroom.district)):
        assert "Unfair words" in as_account(account).get(reverse("talk_reports")).content.decode()


def test_first_decision_stands(classroom, as_account, talk, admin):
    report = make_report(make_message(talk), classroom.teacher)
    url = reverse("report_decide", args=[report.pk])

    as_account(classroom.teacher).post(url, {"do": "keep", "answer": "It is fine."})
    answer = as_account(admin).post(url, {"do": "hide"}, follow=True)

    report.refresh_from_db()
    assert (report.outcome, report.decided_by, report.answer) == (Outcome.KEPT, classroom.teacher, "It is fine.")
    assert "Their decision stands." in answer.content.decode()
    assert Message.objects.get().hidden_at is None


def test_decision_without_a_choice_changes_nothing(classroom, as_account, talk):
    report = make_report(make_message(talk), classroom.teacher)

    as_account(classroom.teacher).post(reverse("report_decide", args=[report.pk]), {"do": "burn"})

    report.refresh_from_db()
    assert report.decided_at is None


def test_hidden_words_are_read_by_administrators_and_nobody_else(classroom, as_account, talk, admin):
    message = make_message(talk, text="My phone number")
    teacher = as_account(classroom.teacher)
    url = reverse("message_hide", args=[message.pk])
    assert "My phone number" not in page_of(as_account(admin), talk)  # not theirs yet

    assert teacher.post(url, {"because": ""}).status_code == 422
    teacher.post(url, {"because": "A number does not belong here."})

    for account in (classroom.account, classroom.teacher, classroom.guardian()):
        page = page_of(as_account(account), talk)
        assert "My phone number" not in page
        assert "A number does not belong here." in page
        assert "My phone number" not in as_account(account).get(reverse("talks")).content.decode()
    page = page_of(as_account(admin), talk)
    assert "My phone number" in page
    assert "You read this as an administrator" in page


def test_author_takes_words_back_within_a_quarter_of_an_hour(classroom, as_account, talk, admin):
    me = as_account(classroom.account)
    young = make_message(talk, text="Oh no")
    old = make_message(talk, at=timezone.now() - timedelta(minutes=16))

    me.post(reverse("message_hide", args=[young.pk]))

    assert me.post(reverse("message_hide", args=[old.pk])).status_code == 404
    young.refresh_from_db()
    assert (young.hidden_by, young.hidden_because) == (classroom.account, "Taken back by its writer.")
    assert "Oh no" not in page_of(as_account(classroom.teacher), talk)
    # Nobody was told about it, so it is no safety record.
    assert as_account(admin).get(reverse("talk", args=[talk.pk])).status_code == 404


def test_learner_does_not_hide_what_others_said(classroom, as_account, talk):
    message = make_message(talk, by=classroom.teacher)

    assert as_account(classroom.account).post(reverse("message_hide", args=[message.pk])).status_code == 404


def test_own_message_is_not_reported(classroom, as_account, talk):
    message = make_message(talk)

    assert as_account(classroom.account).get(reverse("message_report", args=[message.pk])).status_code == 404
