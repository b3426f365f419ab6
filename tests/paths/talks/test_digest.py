"""The mail about new messages: to whom, when, once, and without a word of what was said."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lrm import env
from lrm.attempts import NotAllDone
from paths.models import DigestChoice
from paths.models.digest import is_due
from paths.services.talks import digest
from paths.tasks import send_digests
from profiles.models import Account
from tests.factories.paths import make_goal, make_mastery, make_message, make_talk
from tests.factories.profiles import make_guardian

Every = DigestChoice.Every
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("UTC"))


def addresses() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


@pytest.fixture
def guardian(classroom):
    return make_guardian(classroom.learner, given_name="Ngozi", family_name="Okafor")


@pytest.fixture
def talk(classroom, guardian):
    """With two words of the learner that nobody has read."""
    goal = make_goal(classroom.learner, what="I read a clock")
    make_mastery(classroom.learner, classroom.standards[0], 3)
    talk = make_talk(classroom.learner, classroom.section, with_family=True, title="About my clock", goal=goal)
    make_message(talk, text="I know it now: 3 Secure")
    make_message(talk, text="Can we try again?")
    return talk


def test_mail_goes_to_staff_and_families_on_monday_and_to_no_learner(classroom, guardian, talk):
    Account.objects.filter(pk=classroom.account.pk).update(email="ana@example.org")

    assert digest.send_due(classroom.district, now=at(MONDAY - timedelta(days=1))) == 0
    assert digest.send_due(classroom.district, now=at(MONDAY, hour=5)) == 0
    assert digest.send_due(classroom.district, now=at(MONDAY)) == 2

    assert addresses() == sorted([classroom.teacher.email, guardian.email])


def test_mail_says_how_many_and_where_and_nothing_else(classroom, guardian, talk, settings):
    settings.SITE_URL = "https://lrm.example.org"
    digest.send_due(classroom.district, now=at(MONDAY))

    found = {message.to[0]: message for message in mail.outbox}[guardian.email]
    assert found.subject == "2 new messages in LRM"
    assert found.body == (
        "There are 2 new messages for you in 1 conversation.\n\n"
        "Read them in LRM:\nhttps://lrm.example.org/talks/\n\n"
        "What was said stands in LRM only, never in a mail.\n"
        "Write to me less often, or never:\nhttps://lrm.example.org/talks/mail/\n\n"
    )
    whole = found.message().as_string()
    learner = classroom.learner
    for word in (
        learner.given_name,
        learner.family_name,
        "clock",
        "Secure",
        "try again",
        classroom.teacher.family_name,
    ):
        assert word not in whole


def test_mail_of_a_day_is_sent_once_however_often_the_clock_looks(classroom, talk):
    for hour in (6, 7, 8, 23):
        digest.send_due(classroom.district, now=at(MONDAY, hour))

    assert len(mail.outbox) == 2


def test_claim_is_won_by_one_of_two_workers(classroom):
    assert [digest.claim(classroom.teacher, today=MONDAY) for _ in range(3)] == [True, False, False]
    assert digest.claim(classroom.teacher, today=MONDAY + timedelta(days=7)) is True
    assert digest.claim(classroom.teacher, today=MONDAY) is False  # a worker whose clock is behind


def test_nothing_new_is_no_mail(classroom, guardian, talk, as_account):
    newest = talk.messages.order_by("-pk").first()
    as_account(guardian).post(reverse("talk_seen", args=[talk.pk]), {"up_to": newest.pk})

    digest.send_due(classroom.district, now=at(MONDAY))

    assert addresses() == [classroom.teacher.email]


def test_who_wants_none_gets_none_and_who_wants_each_day_gets_each_day(classroom, guardian, talk):
    Account.objects.filter(pk=classroom.account.pk).update(email="ana@example.org")
    digest.choose(account=classroom.teacher, every=Every.NEVER, weekday=0)
    digest.choose(account=guardian, every=Every.DAY, weekday=0)
    digest.choose(account=classroom.account, every=Every.WEEK, weekday=2)
    make_message(talk, by=classroom.teacher)
    for day in range(3):
        digest.send_due(classroom.district, now=at(MONDAY + timedelta(days=day)))

    assert addresses() == sorted(["ana@example.org", *[guardian.email] * 3])


def test_guardian_whose_rights_ended_is_not_written_to(classroom, guardian, talk):
    guardian.guardianships.update(ends_on=timezone.localdate() - timedelta(days=1))

    digest.send_due(classroom.district, now=at(MONDAY))

    assert addresses() == [classroom.teacher.email]


@pytest.mark.parametrize(
    ("every", "looked_on", "today", "due"),
    [
        (Every.NEVER, None, MONDAY, False),
        (Every.DAY, None, MONDAY, True),
        (Every.DAY, MONDAY, MONDAY, False),
        (Every.DAY, MONDAY, MONDAY + timedelta(days=1), True),
        (Every.WEEK, None, MONDAY, True),
        (Every.WEEK, None, MONDAY + timedelta(days=1), False),
        (Every.WEEK, MONDAY, MONDAY, False),
        (Every.WEEK, MONDAY, MONDAY + timedelta(days=6), False),
        (Every.WEEK, MONDAY, MONDAY + timedelta(days=7), True),
        (Every.WEEK, MONDAY, MONDAY + timedelta(days=9), True),  # nobody was there on the day itself
        (Every.WEEK, MONDAY + timedelta(days=9), MONDAY + timedelta(days=14), True),
    ],
)
def test_mail_is_due(every, looked_on, today, due):
    assert is_due(every=every, weekday=0, looked_on=looked_on, today=today) is due


def test_mail_server_that_is_away_costs_this_mail_and_no_other(classroom, guardian, talk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    assert digest.send_due(classroom.district, now=at(MONDAY)) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digest.send_due(classroom.district, now=at(MONDAY)) == 0
    assert digest.send_due(classroom.district, now=at(MONDAY + timedelta(days=7))) == 2


def test_account_whose_mail_fails_keeps_no_other_from_theirs(classroom, guardian, talk, monkeypatch):
    whole, first = digest.unread_of, []

    def unread_of(account):
        first.append(account.pk)
        if account.pk == first[0]:
            raise ZeroDivisionError
        return whole(account)

    monkeypatch.setattr(digest, "unread_of", unread_of)
    with pytest.raises(NotAllDone, match=r"^account \d+: see digest_failed"):
        digest.send_due(classroom.district, now=at(MONDAY))
    assert len(set(first)) > 1
    assert len(mail.outbox) == 1
    assert digest.send_due(classroom.district, now=at(MONDAY)) == 0, "who was looked after is not written to twice"


def test_task_looks_at_every_district_by_its_own_clock(classroom, talk, settings, tmp_path):
    digest.choose(account=classroom.teacher, every=Every.DAY, weekday=0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)

    send_digests()

    hour = timezone.now().astimezone(ZoneInfo(classroom.district.time_zone)).hour
    written = "".join(path.read_text() for path in Path(tmp_path).iterdir())
    assert (f"To: {classroom.teacher.email}" in written) is (hour >= digest.MORNING)


def test_choice_is_made_on_a_page_without_script(classroom, guardian, as_account):
    client, url = as_account(guardian), reverse("digest")
    page = " ".join(client.get(url).content.decode().split())
    assert 'value="week" checked' in page

    client.post(url, {"every": "never", "weekday": "3"})

    choice = DigestChoice.objects.get(account=guardian)
    assert (choice.every, choice.weekday) == (Every.NEVER, 3)
    assert client.post(url, {"every": "hourly", "weekday": "9"}).status_code == 422


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
        (
            "smtp://me:p%40ss@mail.example.org",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": "mail.example.org",
                "EMAIL_PORT": 587,
                "EMAIL_HOST_USER": "me",
                "EMAIL_HOST_PASSWORD": "p@ss",
                "EMAIL_USE_SSL": False,
                "EMAIL_USE_TLS": True,
                "EMAIL_TIMEOUT": 20,
            },
        ),
    ],
)
def test_mail_server_is_read_from_its_address(monkeypatch, url, found):
    monkeypatch.setenv("EMAIL_URL", url)

    assert env.mail_server("EMAIL_URL") == found
