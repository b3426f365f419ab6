"""A check-in goes to another owner: from who has it, and from administrators where that account has ended."""

import pytest
from django.urls import reverse

from lrm.scope import district_scope
from paths.models import DataCheckIn
from tests.factories.profiles import make_district_admin, make_school, make_school_admin
from tests.paths.data_meeting import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    found = Meeting()
    with district_scope(found.school.district_id):
        yield found


def url(check_in, route="data_check_in_hand_on"):
    return reverse(route, args=[check_in.uuid])


def owner_of(check_in):
    return DataCheckIn.objects.get(pk=check_in.pk).owner


def test_owner_hands_it_on_and_goes_on_reading(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    client = as_account(meeting.principal)
    assert url(check_in) in client.get(url(check_in, "data_check_in_change")).content.decode()
    said = client.post(url(check_in), {"person": meeting.teacher.pk}, follow=True).content.decode()
    assert f"{meeting.teacher.name} has it now, and can hand it back." in said
    assert owner_of(check_in) == meeting.teacher
    assert client.get(url(check_in, "data_check_in")).status_code == 200
    assert client.get(url(check_in)).status_code == 404
    assert as_account(meeting.teacher).get(url(check_in, "data_check_in_change")).status_code == 200
    assert as_account(meeting.teacher).post(url(check_in), {"person": meeting.principal.pk}).status_code == 302
    assert owner_of(check_in) == meeting.principal
    assert [row.account for row in check_in.readers.all()] == [meeting.teacher]


def test_what_cannot_be_is_said_and_changes_nothing(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    client = as_account(meeting.principal)
    substitute = meeting.other
    substitute.enrollments.update(role="substitute")
    for sent, words in (
        ({}, "Say who has it from now on: one person."),
        ({"person": meeting.teacher.pk, "email": meeting.teacher.email}, "one person."),
        ({"person": 2**40}, "Pick somebody else."),
        ({"email": "nobody@example.org"}, "Nobody on the staff signs in with this address."),
        ({"email": substitute.email}, "only stands in for somebody at present"),
    ):
        answer = client.post(url(check_in), sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), sent
    assert owner_of(check_in) == meeting.principal
    assert as_account(meeting.teacher).post(url(check_in), {"person": meeting.teacher.pk}).status_code == 404
    own = meeting.call(by=meeting.teacher)
    assert "Say who has it from now on." in as_account(meeting.teacher).post(url(own), {}).content.decode()


def test_of_an_account_that_has_ended_administrators_hand_it_on(meeting, as_account):
    check_in = meeting.call(by=meeting.teacher, filters={"school": str(meeting.school.pk)})
    elsewhere = meeting.call(by=meeting.teacher)
    office, principal = make_district_admin(meeting.school.district), meeting.principal
    assert as_account(office).get(url(check_in)).status_code == 404
    meeting.teacher.is_active = False
    meeting.teacher.save()

    listed = {
        account: as_account(account).get(reverse("data_check_ins")).context["left_behind"]
        for account in (office, principal, make_school_admin(make_school(meeting.school.district)), meeting.other)
    }
    assert [set(found) for found in listed.values()] == [{check_in, elsewhere}, {check_in}, set(), set()]
    assert as_account(meeting.other).get(url(check_in)).status_code == 404
    assert as_account(principal).get(url(elsewhere)).status_code == 404

    page = as_account(principal).get(url(check_in)).content.decode()
    assert "Whoever called this meeting has left." in page
    assert as_account(principal).post(url(check_in), {"person": principal.pk}).status_code == 302
    assert owner_of(check_in) == principal
    assert not check_in.readers.exists()


def test_two_windows_hand_on_once(meeting, as_account, monkeypatch):
    check_in = meeting.call(meeting.teacher)
    stale = DataCheckIn.objects.get(pk=check_in.pk)
    client = as_account(meeting.principal)
    client.post(url(check_in), {"person": meeting.teacher.pk})
    monkeypatch.setattr("paths.views.data_check_in_hand_on.get_object_or_404", lambda *_, **__: stale)
    answer = client.post(url(check_in), {"email": meeting.other.email}, follow=True)
    assert "Somebody was quicker" in answer.content.decode()
    assert owner_of(check_in) == meeting.teacher
