"""Who teaches a class, by hand: substitutes until a day, co-teachers, aides."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Account, Enrollment, Learner, Roster, RosterAct, StaffNote
from tests.factories.profiles import (
    enroll,
    make_account,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def teacher(roster, client):
    account = make_teacher(roster)
    client.force_login(account)
    return account


@pytest.fixture
def colleague(roster):
    return make_teacher(make_roster(roster.school), given_name="Sol")


def today():
    return timezone.localdate()


def add(client, roster, **fields):
    data = {"role": "substitute", "starts_on": today(), "ends_on": today() + timedelta(days=5), "uuid": uuid4()}
    return client.post(f"/rosters/{roster.pk}/staff/add/", {**data, **fields})


def role_of(account, roster) -> list[tuple]:
    rows = Enrollment.objects.of_staff().filter(account=account, roster=roster).order_by("pk")
    return list(rows.values_list("role", "starts_on", "ends_on"))


def test_substitute_has_the_class_until_the_last_day_and_no_longer(client, roster, teacher, colleague):
    section = make_section(roster)
    learner = make_learner(roster.school)
    enroll(learner, roster)
    assert add(client, roster, account=colleague.pk).status_code == 302
    assert role_of(colleague, roster) == [("substitute", today(), today() + timedelta(days=5))]
    client.force_login(colleague)
    addresses = (f"/sections/{section.pk}/wall/", f"/sections/{section.pk}/enter/", f"/learners/{learner.pk}/")
    assert [client.get(address, follow=True).status_code for address in addresses] == [200, 200, 200]
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        client.force_login(colleague)  # the session of an hour ago is over by itself
        assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_substitute_reads_no_notes_of_staff_and_changes_no_list(client, roster, teacher, colleague):
    learner = make_learner(roster.school)
    row = enroll(learner, roster)
    StaffNote.objects.create(uuid=uuid4(), learner=learner, author=teacher, text="Quiet since Monday")
    add(client, roster, account=colleague.pk)
    substitute = Account.objects.get(pk=colleague.pk)
    assert list(StaffNote.objects.visible_to(substitute)) == []
    assert list(Learner.objects.noted_by(substitute)) == []
    assert roster not in Roster.objects.editable_by(substitute)
    client.force_login(substitute)
    assert client.post(f"/enrollments/{row.pk}/withdraw/", {"from_day": today()}).status_code == 404
    assert add(client, roster, account=colleague.pk).status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ends_on": ""}, "Until which day?"),
        ({"ends_on": "2020-01-01", "starts_on": "2019-12-01"}, "This day is past."),
        ({"starts_on": "2099-01-01"}, "This is before the first day."),
        ({"account": ""}, "Say who."),
        ({"role": "teacher"}, "Select a valid choice"),
        ({"uuid": "x"}, "Reload it"),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_is_added(client, roster, teacher, colleague, fields, message):
    page = add(client, roster, **{"account": colleague.pk, **fields})
    assert page.status_code == 422
    assert message in page.content.decode()
    assert role_of(colleague, roster) == []


def test_person_of_another_school_is_named_by_administrators_only(client, roster, teacher):
    stranger = make_account(roster.district, email="sub@example.org")
    assert add(client, roster, account=stranger.pk).status_code == 422
    assert add(client, roster, email="sub@example.org").status_code == 422
    client.force_login(make_school_admin(roster.school))
    assert add(client, roster, email="nobody@example.org").status_code == 422
    assert add(client, roster, email="SUB@example.org").status_code == 302
    assert [role for role, _first, _last in role_of(stranger, roster)] == ["substitute"]


def test_same_role_twice_is_refused_and_the_same_form_twice_is_once(client, roster, teacher, colleague):
    uuid = uuid4()
    answers = [add(client, roster, account=colleague.pk, uuid=uuid).status_code for _ in range(2)]
    assert answers == [302, 302]
    page = add(client, roster, account=colleague.pk)
    assert "has this role here already" in page.content.decode()
    assert len(role_of(colleague, roster)) == 1


def test_aide_stays_without_a_last_day_until_one_is_said(client, roster, teacher, colleague):
    add(client, roster, account=colleague.pk, role="aide", ends_on="")
    row = Enrollment.objects.get(account=colleague, roster=roster)
    assert row.ends_on is None
    data = {"ends_on": today(), "seen": "", "uuid": uuid4()}
    client.post(f"/enrollments/{row.pk}/last-day/", data)
    assert role_of(colleague, roster) == [("aide", today(), today())]
    act = RosterAct.objects.order_by("pk").last()
    client.post(f"/roster-steps/{act.uuid}/undo/")
    assert role_of(colleague, roster) == [("aide", today(), None)]


def test_last_day_from_an_older_page_changes_nothing(client, roster, teacher, colleague):
    row = enroll(colleague, roster, role="aide", ends_on=today() + timedelta(days=9))
    data = {"ends_on": today(), "seen": "", "uuid": uuid4()}
    page = client.post(f"/enrollments/{row.pk}/last-day/", data, follow=True)
    assert "Changed meanwhile" in page.content.decode()
    row.refresh_from_db()
    assert row.ends_on == today() + timedelta(days=9)


def test_teacher_ends_no_teacher_and_not_the_own_role(client, roster, teacher):
    other = enroll(make_account(roster.district), roster)
    own = Enrollment.objects.get(account=teacher)
    for row in (other, own):
        page = client.post(f"/enrollments/{row.pk}/last-day/", {"ends_on": today(), "seen": "", "uuid": uuid4()})
        assert "Only the school’s administrators" in page.content.decode()
        row.refresh_from_db()
        assert row.ends_on is None


def test_teacher_does_not_undo_what_the_office_did_with_staff(client, roster, teacher, colleague):
    row = enroll(colleague, roster)
    admin = make_school_admin(roster.school)
    client.force_login(admin)
    client.post(f"/enrollments/{row.pk}/last-day/", {"ends_on": today(), "seen": "", "uuid": uuid4()})
    act = RosterAct.objects.get()
    client.force_login(teacher)
    assert client.post(f"/roster-steps/{act.uuid}/undo/").status_code == 404
    client.force_login(make_school_admin(make_school(roster.district)))
    assert client.post(f"/roster-steps/{act.uuid}/undo/").status_code == 404
    client.force_login(admin)
    client.post(f"/roster-steps/{act.uuid}/undo/")
    row.refresh_from_db()
    assert row.ends_on is None
