"""Guardians: invited, confirmed by the school, ended at once; and who has looked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import AccessLog, Account, Guardianship
from tests.budgets import assert_statements
from tests.factories.profiles import (
    enroll,
    make_account,
    make_district,
    make_guardian,
    make_learner,
    make_roster,
    make_school_admin,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(db):
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def child(roster):
    learner = make_learner(roster.school, given_name="Amara", account=True)
    enroll(learner, roster)
    return learner


@pytest.fixture
def teacher(roster):
    return make_teacher(roster, given_name="Rosa", family_name="Delgado")


@pytest.fixture
def office(roster):
    return make_school_admin(roster.school, given_name="Ines", family_name="Sato")


def invitation(**more):
    today = timezone.localdate()
    return {
        "given_name": "Ngozi",
        "family_name": "Okafor",
        "email": "ngozi@example.org",
        "relation": "Mom",
        "starts_on": str(today),
        "ends_on": "",
    } | more


def invite(client, child, **more):
    return client.post(reverse("learner_family", args=[child.pk]), invitation(**more), follow=True)


def change(client, row, act, **more):
    return client.post(reverse("guardian_change", args=[row.pk]), {"act": act, **more}, follow=True)


def may_read(client_of, account, child):
    return client_of(account).get(reverse("learner", args=[child.pk])).status_code == 200


def test_teacher_invites_and_the_office_confirms_with_one_mail(
    child, teacher, office, as_account, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert "The office confirms it" in invite(as_account(teacher), child).content.decode()
    row = Guardianship.objects.get()
    assert (row.invited_by, row.confirmed_at, mail.outbox) == (teacher, None, [])
    assert not may_read(as_account, row.account, child)

    with django_capture_on_commit_callbacks(execute=True):
        as_account(office).post(reverse("families"), {"rows": [row.pk]})
    row.refresh_from_db()
    assert row.confirmed_by == office
    assert may_read(as_account, row.account, child)
    (message,) = mail.outbox
    assert message.to == ["ngozi@example.org"]
    assert "Amara" not in message.subject + message.body


def test_link_of_the_mail_sets_a_password_and_works_once(
    child, office, client, as_account, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(as_account(office), child)
    (link,) = (line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    page = client.get(link, follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": "a long way home", "password2": "a long way home"})

    assert answer.status_code == 302
    assert Account.objects.get(email="ngozi@example.org").check_password("a long way home")
    assert "password1" not in client.get(link, follow=True).content.decode()


def test_ended_sees_nothing_from_the_next_request_on_and_can_be_let_back(child, office, as_account):
    guardian = make_guardian(child)
    row = Guardianship.objects.get(account=guardian)
    reading = as_account(guardian)
    assert reading.get(reverse("learner", args=[child.pk])).status_code == 200
    change(as_account(office), row, "end")
    assert reading.get(reverse("learner", args=[child.pk])).status_code in (403, 404)
    row.refresh_from_db()
    assert row.ended_by == office
    change(as_account(office), row, "undo")
    assert reading.get(reverse("learner", args=[child.pk])).status_code == 200


def test_rights_follow_the_days_of_each_child(child, office, roster, as_account):
    guardian = make_guardian(child)
    sibling = make_learner(roster.school)
    enroll(sibling, roster)
    assert not may_read(as_account, guardian, sibling)
    row = Guardianship.objects.get(account=guardian)
    today = timezone.localdate()
    change(as_account(office), row, "dates", starts_on=str(today + timedelta(days=3)), ends_on="")
    assert not may_read(as_account, guardian, child)
    change(as_account(office), row, "dates", starts_on=str(today - timedelta(days=3)), ends_on=str(today))
    assert may_read(as_account, guardian, child)
    refused = change(as_account(office), row, "dates", starts_on=str(today), ends_on=str(today - timedelta(days=1)))
    assert "The last day is before the first one." in refused.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nowhere"}, "This is no e-mail address."),
        ({"email": ""}, "Write the address."),
        ({"given_name": " "}, "Write the first name."),
        ({"starts_on": "soon"}, "This is no day."),
        ({"ends_on": "2020-01-01"}, "This day is over."),
    ],
)
def test_invitation_with_a_mistake_says_which_and_keeps_the_rest(child, office, as_account, wrong, said):
    answer = invite(as_account(office), child, **wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Mom"' in answer.content.decode()
    assert not Guardianship.objects.exists()


def test_address_of_a_student_of_elsewhere_or_of_somebody_on_the_list_is_refused(child, office, as_account):
    make_account(child.home_school.district, kind="learner", email="child@example.org")
    make_account(make_district(), kind="guardian", email="far@example.org")
    client = as_account(office)
    invite(client, child)
    for email, said in (
        ("child@example.org", "belongs to a student"),
        ("FAR@example.org", "in use elsewhere"),
        ("Ngozi@Example.org", "is on the list already"),
    ):
        answer = invite(client, child, email=email)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), email
    assert Guardianship.objects.count() == 1


def test_one_account_has_several_children_and_comes_back_after_an_end(child, office, roster, as_account):
    client = as_account(office)
    sibling = make_learner(roster.school)
    invite(client, child)
    invite(client, sibling)
    assert Account.objects.filter(email="ngozi@example.org").count() == 1
    row = Guardianship.objects.get(learner=child)
    change(client, row, "end")
    invite(client, child, relation="Mama")
    row.refresh_from_db()
    assert (row.relation, row.ended_by, Guardianship.objects.count()) == ("Mama", None, 2)


def test_guardian_reads_who_looked_without_the_names_of_others_of_the_family(child, teacher, office, as_account):
    mother, father = make_guardian(child, given_name="Ngozi"), make_guardian(child, given_name="Obi")
    as_account(teacher).get(reverse("learner", args=[child.pk]))
    as_account(teacher).get(reverse("binder", args=[child.pk]))
    as_account(father).get(reverse("learner", args=[child.pk]))
    url = reverse("who_looked", args=[child.pk])
    page = as_account(mother).get(url)
    (day,) = page.context["days"]

    assert (day.looks[0].who, day.looks[0].role, day.looks[0].times) == ("Rosa Delgado", "teacher", 2)
    assert day.looks[0].pages == "the binder, the page about the child"
    assert [look.who for look in day.looks[1:]] == ["Another member of the family"]
    assert "Obi" not in page.content.decode()
    assert "Obi" in as_account(office).get(url).content.decode()
    assert as_account(teacher).get(url).status_code in (403, 404)


def test_earlier_days_of_who_looked_are_reached_thirty_at_a_time(child, teacher, as_account):
    mother, url, today = as_account(make_guardian(child)), reverse("who_looked", args=[child.pk]), timezone.localdate()
    for days in (29, 30, 59, 395):
        at = timezone.now() - timedelta(days=days)
        AccessLog.objects.create(
            at=at, account=teacher, district_id=child.district_id, route="learner", learner_ids=[child.pk]
        )
    found, address = [], url
    while address:
        page = mother.get(address)
        found += [[(today - day.day).days for day in page.context["days"] if (today - day.day).days]]
        window = page.context["window"]
        address = f"{url}?until={window.earlier}" if window.earlier else ""
        assert (f'href="?until={window.earlier}"' in page.content.decode()) is bool(address)
    assert [days for days in found if days] == [[29], [30, 59], [395]]
    for wrong in ("yesterday", "1900-01-01", "2999-01-01", "9999-12-31", "0001-01-01"):
        assert mother.get(url, {"until": wrong}).status_code == 200
    assert mother.get(url, {"until": "2999-01-01"}).context["window"].last == today


def test_who_looked_costs_the_same_for_much_as_for_little(child, teacher, as_account):
    mother, client = as_account(make_guardian(child)), as_account(teacher)
    url = reverse("who_looked", args=[child.pk])
    for _again in range(2):
        with assert_statements(exactly=6):
            mother.get(url)
        for _look in range(5):
            client.get(reverse("learner", args=[child.pk]))


def test_page_of_the_family_says_where_everybody_stands(child, teacher, office, as_account):
    make_guardian(child, given_name="Reads")
    make_guardian(child, given_name="Waits", confirmed=False)
    make_guardian(child, given_name="Was", ends_on=timezone.localdate() - timedelta(days=9))
    found = as_account(teacher).get(reverse("learner_family", args=[child.pk])).context["guardians"]

    assert [(g.row.account.given_name, str(g.state)) for g in found] == [
        ("Reads", "on"),
        ("Waits", "waiting"),
        ("Was", "ended"),
    ]
