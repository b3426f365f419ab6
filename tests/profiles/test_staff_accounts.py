"""Staff are asked in by e-mail; administrators see who is in, change roles, end accounts."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Account, AccountEvent, AdminRole, Invitation
from profiles.services.staff_accounts import State, in_state, state_of
from tests.factories.profiles import (
    PASSWORD,
    enroll,
    make_account,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_system,
    make_teacher,
)
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    roster = make_roster(make_school(make_district(name="Three Rivers"), name="Alder Creek"))
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def office(roster, as_account):
    return with_fresh_code(as_account(make_school_admin(roster.school, given_name="Ines", family_name="Sato")))


@pytest.fixture
def district_office(roster, as_account):
    return with_fresh_code(as_account(make_district_admin(roster.district, given_name="Kim", family_name="Ortega")))


def facts(roster, **more):
    return {
        "given_name": "Rosa",
        "family_name": "Delgado",
        "email": "rosa@example.org",
        "work": "teaches",
        "school": roster.school_id,
    } | more


def invite(client, roster, **more):
    return client.post("/staff/invite/", facts(roster, **more))


def link_in(message) -> str:
    return re.search(r"http://testserver(/invitation/\S+)", message.body)[1]


def change(client, account, act):
    return client.post(f"/staff/{account.pk}/change/", {"act": act}, follow=True).content.decode()


def events(account) -> list[str]:
    return [event.kind for event in AccountEvent.objects.filter(account=account).order_by("pk")]


def invited(client, roster, mailoutbox, callbacks, **more):
    """(account, link)"""
    with callbacks(execute=True):
        assert invite(client, roster, **more).status_code == 302
    return Account.objects.get(email=more.get("email", "rosa@example.org")), link_in(mailoutbox[-1])


def test_invited_person_chooses_a_password_and_is_in(roster, office, mailoutbox, django_capture_on_commit_callbacks):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    assert mailoutbox[0].to == ["rosa@example.org"]
    assert "Ines Sato invites you to LRM at Three Rivers" in mailoutbox[0].body
    person = Client()
    answer = person.get(link)
    assert (answer.status_code, answer["Location"]) == (302, "/invitation/")
    assert "Welcome, Rosa" in person.get("/invitation/").content.decode()
    answer = person.post("/invitation/", {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    assert person.session["_auth_user_id"] == str(account.pk)
    assert events(account) == ["invited", "accepted"]
    assert "opens nothing anymore" in Client().get(link, follow=True).content.decode()


def test_secret_is_stored_as_a_hash_and_stands_in_no_page(
    roster, office, mailoutbox, django_capture_on_commit_callbacks
):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    secret = link.split("/")[2]
    person = Client()
    page = person.get(link, follow=True)
    assert secret not in page.content.decode()
    assert secret not in Invitation.objects.get().digest
    assert secret not in office.get(f"/staff/{account.pk}/").content.decode()


def test_looking_at_the_link_uses_nothing_up_and_a_weak_password_neither(
    roster, office, mailoutbox, django_capture_on_commit_callbacks
):
    _account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    Client().get(link, follow=True)  # a mail program that looks ahead
    person = Client()
    person.get(link)
    answer = person.post("/invitation/", {"password": "short"})
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.content.decode()
    assert person.post("/invitation/", {"password": PASSWORD}).status_code == 302


def test_link_is_over_after_seven_days(roster, office, mailoutbox, django_capture_on_commit_callbacks):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=False):
        person = Client()
        person.get(link)
        assert person.post("/invitation/", {"password": PASSWORD}).status_code == 409
        assert state_of(account, Invitation.objects.get()) == State.OVER


def test_sent_again_the_old_link_opens_nothing(roster, office, mailoutbox, django_capture_on_commit_callbacks):
    account, old = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        change(office, account, "send")
    new = link_in(mailoutbox[-1])
    assert "opens nothing anymore" in Client().get(old, follow=True).content.decode()
    assert "Welcome, Rosa" in Client().get(new, follow=True).content.decode()
    assert events(account) == ["invited", "resent"]


def test_taken_back_neither_the_link_nor_a_forgotten_password_opens(
    roster, office, mailoutbox, django_capture_on_commit_callbacks
):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    person = Client()
    person.get(link)
    assert "Taken back" in change(office, account, "revoke")
    assert person.post("/invitation/", {"password": PASSWORD}).status_code == 409
    Client().post("/password/reset/", {"email": "rosa@example.org"})
    assert len(mailoutbox) == 1
    account.refresh_from_db()
    assert account.is_active is False
    with django_capture_on_commit_callbacks(execute=True):
        change(office, account, "reopen")
        change(office, account, "send")
    assert "Welcome, Rosa" in Client().get(link_in(mailoutbox[-1]), follow=True).content.decode()


def test_whoever_came_in_otherwise_has_used_the_link_up(roster, office, mailoutbox, django_capture_on_commit_callbacks):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    account.set_password(PASSWORD)
    account.save()
    Client().post("/sign-in/email/", {"login": account.email, "password": PASSWORD})
    assert "opens nothing anymore" in Client().get(link, follow=True).content.decode()
    assert "come in meanwhile" not in change(office, account, "revoke")
    assert Account.objects.get(pk=account.pk).is_active is True


def test_link_opened_where_somebody_else_is_signed_in_changes_nobody(
    roster, office, mailoutbox, django_capture_on_commit_callbacks
):
    account, link = invited(office, roster, mailoutbox, django_capture_on_commit_callbacks)
    page = office.get(link, follow=True).content.decode()
    assert "signed in as Ines Sato; the invitation is for Rosa Delgado" in page
    office.post("/invitation/", {"password": PASSWORD})
    account.refresh_from_db()
    assert account.has_usable_password() is False


def test_invited_administrator_administers_from_the_first_day(roster, district_office):
    invite(district_office, roster, work=AdminRole.Kind.DISTRICT)
    account = Account.objects.get(email="rosa@example.org")
    assert account.roles == {"district_admin"}
    assert events(account) == ["role_given", "invited"]


def test_school_office_invites_to_its_own_school_alone(roster, office):
    other = make_school(roster.district)
    for refused in ({"work": AdminRole.Kind.DISTRICT}, {"school": other.pk}, {"school": ""}):
        assert invite(office, roster, **refused).status_code == 422
    assert Account.objects.filter(email="rosa@example.org").exists() is False
    assert invite(office, roster, work=AdminRole.Kind.SCHOOL).status_code == 302
    assert Account.objects.get(email="rosa@example.org").access.school_ids == {roster.school_id}


def test_address_that_cannot_be_invited_is_said(roster, office):
    make_account(make_district(), email="far@example.org")
    make_account(roster.district, email="child@example.org", kind=Account.Kind.LEARNER)
    make_teacher(roster, email="here@example.org", given_name="Bo", family_name="Lee", password=PASSWORD)
    for email, said in {
        "far@example.org": "in use elsewhere",
        "child@example.org": "belongs to a student",
        "Here@example.org": "Bo Lee is here already",
        "no address": "This is no e-mail address.",
    }.items():
        answer = invite(office, roster, email=email)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_parent_who_comes_to_work_here_keeps_the_child(roster, office):
    child = make_learner(roster.school)
    guardian = make_guardian(child, email="rosa@example.org")
    assert invite(office, roster, work=AdminRole.Kind.SCHOOL).status_code == 302
    account = Account.objects.get(pk=guardian.pk)
    assert account.roles == {"guardian", "school_admin"}
    assert account.kind == Account.Kind.STAFF


def test_those_of_a_roster_are_invited_together(roster, office, mailoutbox, django_capture_on_commit_callbacks):
    teachers = [make_teacher(roster) for _ in range(3)]
    far = make_teacher()
    with django_capture_on_commit_callbacks(execute=True):
        office.post("/staff/", {"rows": [teachers[0].pk, teachers[1].pk, far.pk]})
    assert sorted(message.to[0] for message in mailoutbox) == sorted(each.email for each in teachers[:2])


@pytest.mark.parametrize("state", list(State))
def test_the_list_shows_who_stands_where_the_state_says(state, roster, district_office):
    people = {
        State.ACTIVE: make_account(roster.district, last_login=timezone.now(), family_name="Active"),
        State.INVITED: make_account(roster.district, family_name="Invited"),
        State.OVER: make_account(roster.district, family_name="Over"),
        State.NOT_ASKED: make_account(roster.district, family_name="Unasked"),
        State.ENDED: make_account(roster.district, is_active=False, family_name="Ended"),
    }
    now = timezone.now()
    for key, days in ((State.INVITED, 1), (State.OVER, -1)):
        Invitation.objects.create(account=people[key], expires_at=now + timedelta(days=days))
    found = in_state(Account.objects.filter(pk__in=[each.pk for each in people.values()]), state, now=now)
    assert list(found) == [people[state]]
    assert state_of(people[state], getattr(people[state], "invitation", None)) == state
    page = district_office.get("/staff/", {"show": state, "q": people[state].family_name}).content.decode()
    assert people[state].email in page


def test_ended_account_is_out_at_once_and_comes_back(roster, office):
    teacher = make_teacher(roster)
    person = Client()
    person.force_login(teacher)
    assert person.get("/students/").status_code == 200
    assert "cannot sign in anymore" in change(office, teacher, "end")
    assert person.get("/students/").status_code == 302
    assert "can sign in again" in change(office, teacher, "reopen")
    assert events(teacher) == ["ended", "reopened"]


def test_nobody_ends_or_raises_themselves(roster, district_office):
    me = Account.objects.get(family_name="Ortega")
    assert district_office.post(f"/staff/{me.pk}/change/", {"act": "end"}).status_code == 404
    assert district_office.post(f"/staff/{me.pk}/role/", {"give": roster.school_id}).status_code == 404
    role = me.admin_roles.get()
    assert district_office.post(f"/staff/{me.pk}/role/", {"end": role.pk}).status_code == 404


def test_school_office_does_not_change_who_works_elsewhere_too(roster, office):
    elsewhere = make_roster(make_school(roster.district))
    both = make_teacher(roster)
    enroll(both, elsewhere)
    district = make_district_admin(roster.district)
    enroll(district, roster)
    for account in (both, district):
        assert office.get(f"/staff/{account.pk}/").status_code == 200
        assert office.post(f"/staff/{account.pk}/change/", {"act": "end"}).status_code == 404
    past = make_teacher(roster)
    enroll(past, elsewhere, ends_on=timezone.localdate() - timedelta(days=1))
    assert office.post(f"/staff/{past.pk}/change/", {"act": "end"}).status_code == 302


def test_roles_are_given_and_ended_and_kept_in_the_account_s_history(roster, district_office):
    teacher = make_teacher(roster)
    district_office.post(f"/staff/{teacher.pk}/role/", {"give": roster.school_id})
    assert Account.objects.get(pk=teacher.pk).access.school_ids == {roster.school_id}
    district_office.post(f"/staff/{teacher.pk}/role/", {"end": teacher.admin_roles.get().pk})
    assert Account.objects.get(pk=teacher.pk).roles == {"teacher"}
    text = district_office.get(f"/staff/{teacher.pk}/").content.decode()
    assert "may administer, Alder Creek" in text
    assert "administers no longer, Alder Creek" in text
    assert text.count("by Kim Ortega") == 2


def test_nobody_is_let_administer_without_a_second_step_of_the_last_minutes(roster, as_account):
    """A screen that was left open would else make an account with a second step of its own, which takes files along."""
    desk, teacher = as_account(make_district_admin(roster.district)), make_teacher(roster)
    for sent in (
        invite(desk, roster, work="district_admin", school=""),
        invite(desk, roster, work="school_admin"),
        desk.post(f"/staff/{teacher.pk}/role/", {"give": "district"}),
        desk.post(f"/staff/{teacher.pk}/change/", {"act": "reset_step"}),
    ):
        assert (sent.status_code, sent["Location"].partition("?")[0]) == (302, "/account/second-step/")
    for page in ("/staff/invite/", f"/staff/{teacher.pk}/"):
        assert "go on with it first" in desk.get(page).content.decode()
    assert not Account.objects.filter(email="rosa@example.org").exists()
    assert not teacher.admin_roles.exists()
    assert invite(desk, roster).status_code == 302  # whoever teaches
    assert Account.objects.filter(email="rosa@example.org").exists()
    assert "go on with it first" not in with_fresh_code(desk).get(f"/staff/{teacher.pk}/").content.decode()


def test_school_office_ends_no_role_of_the_district(roster, office):
    district = make_district_admin(roster.district)
    enroll(district, roster)
    role = district.admin_roles.get()
    office.post(f"/staff/{district.pk}/role/", {"end": role.pk})
    role.refresh_from_db()
    assert role.ends_on is None


@pytest.mark.parametrize("sent", ["", "0", "-1", "9" * 30, "x", "²"])
def test_ids_that_are_none_change_nothing(sent, roster, office):
    teacher = make_teacher(roster)
    assert office.post("/staff/", {"rows": [sent]}).status_code == 302
    assert office.post(f"/staff/{teacher.pk}/role/", {"end": sent}).status_code in (302, 404)
    assert office.get("/staff/", {"page": sent, "show": sent, "q": sent}).status_code == 200


def test_systems_are_no_staff(roster, office, district_office):
    kim = Account.objects.get(family_name="Ortega")
    make_system(kim)
    make_system(kim, roster.school)
    for client in (office, district_office):
        page = client.get("/staff/")
        assert "System" not in page.text
        assert "Ortega" in page.text or "Sato" in page.text
    system = Account.objects.filter(kind=Account.Kind.INTEGRATION).first()
    assert district_office.get(f"/staff/{system.pk}/").status_code == 404
