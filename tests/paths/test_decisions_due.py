"""Whoever agreed to do something in a check-in is told: on Today, and in the mail."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope
from paths.models import DataCheckIn, DigestChoice
from paths.services.data_check_ins import to_do
from paths.services.talks import digest
from profiles.models import Account, AdminRole, Enrollment
from tests.paths.data_meeting import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    found = Meeting()
    with district_scope(found.school.district_id):
        yield found


def told(as_account, account):
    page = as_account(account).get(reverse("today"))
    return [line for line in page.context["found"].lines if line.key.startswith("decision")]


def agree(meeting, check_in, learner=None, due=0, **fields):
    owner = fields.pop("owner", meeting.teacher)
    day = meeting.today + timedelta(days=due)
    return meeting.decide(check_in, learner, owner=owner, due_on=day, **fields)


def test_today_leads_to_what_is_due(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    agree(meeting, check_in, meeting.ana, due=-2, text="Work with\nthe aide")
    agree(meeting, check_in, due=6, text="Look at the <b>exit</b> tickets")
    agree(meeting, check_in, due=7)
    first, second = told(as_account, meeting.teacher)
    assert (first.part, second.part) == ("today", "week")
    assert first.plain == "Work with the aide"
    assert first.reason.startswith("Fractions, fall, Ana Anason. Was due on ")
    assert "&lt;b&gt;" in second.what
    assert first.url == f"{reverse('data_check_in', args=[check_in.uuid])}?at={meeting.ana.pk}"
    assert as_account(meeting.teacher).get(first.url).status_code == 200
    assert as_account(meeting.teacher).get(second.url).status_code == 200


def test_many_are_one_line_and_done_ones_none(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    for _ in range(4):
        agree(meeting, check_in, meeting.ana)
    agree(meeting, check_in, done_at=timezone.now())
    agree(meeting, check_in, withdrawn_at=timezone.now())
    [line] = told(as_account, meeting.teacher)
    assert line.plain == "4 things that you agreed to do in check-ins"
    DataCheckIn.objects.update(removed_at=timezone.now())
    assert told(as_account, meeting.teacher) == []


def test_today_tells_of_nothing_that_may_not_be_opened(meeting, as_account):
    """As `to_do` says, by DataDecisionQuerySet.visible_to."""
    shared, alone = meeting.call(meeting.teacher), meeting.call()
    for about in (None, meeting.ana, meeting.cleo):
        agree(meeting, shared, about)
        agree(meeting, alone, about)

    def both():
        account = Account.objects.get(pk=meeting.teacher.pk)
        lines = told(as_account, account)
        assert sorted(line.learners for line in lines) == sorted(
            (row.learner_id,) if row.learner_id else () for row in to_do(account)
        )
        return len(lines)

    assert both() == 2
    AdminRole.objects.create(
        account=meeting.teacher, kind=AdminRole.Kind.SCHOOL, school=meeting.school, starts_on=meeting.today
    )
    assert both() == 3
    meeting.teacher.admin_roles.all().delete()
    Enrollment.objects.filter(account=meeting.teacher).update(role="substitute")
    assert both() == 0


def test_mail_says_how_many_are_due_and_no_word_of_them(meeting, settings):
    check_in = meeting.call(meeting.teacher)
    agree(meeting, check_in, meeting.ana, due=-7)
    agree(meeting, check_in, due=6)
    agree(meeting, check_in, due=7)
    agree(meeting, check_in, due=-8)
    agree(meeting, check_in, meeting.cleo)
    for account in (meeting.teacher, meeting.other):
        DigestChoice.objects.create(account=account, every="week", weekday=meeting.today.weekday())
    DigestChoice.objects.create(account=meeting.principal, every="never")
    noon = datetime.combine(meeting.today, datetime.min.time(), ZoneInfo("UTC")) + timedelta(hours=12)

    assert digest.send_due(meeting.school.district, now=noon) == 1
    assert digest.send_due(meeting.school.district, now=noon) == 0

    [sent] = mail.outbox
    assert sent.to == [meeting.teacher.email]
    assert sent.subject == "2 things are due in LRM"
    assert reverse("data_check_ins") in sent.body
    assert not any(word in sent.body for word in ("aide", "Ana", "message"))


def test_daily_mail_tells_of_today_and_of_what_was_due_yesterday(meeting):
    check_in = meeting.call(meeting.teacher)
    for due in (-2, -1, 0, 1):
        agree(meeting, check_in, due=due)
    DigestChoice.objects.create(account=meeting.teacher, every="day")
    noon = datetime.combine(meeting.today, datetime.min.time(), ZoneInfo("UTC")) + timedelta(hours=12)
    digest.send_due(meeting.school.district, now=noon)
    assert mail.outbox[0].subject == "2 things are due in LRM"
