"""Administrators read who changed what: found by who, whom, what, how and day; taken along; and nobody else's."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lrm.acting import IMPORT, PAGE, Actor, acting
from lrm.scope import district_scope
from profiles.models import Account, AuditEntry, BulkExport, Learner
from profiles.views import audit
from tests.budgets import statements
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """A learner whose name and place a colleague changed, and one of another school of the district."""
    school = make_school(make_district(is_demo=True))  # which asks for no second step
    with district_scope(school.district_id):
        roster = make_roster(school, title="Room 4")
        teacher = make_teacher(roster, given_name="Rosa", family_name="Diaz")
        learner = make_learner(school, given_name="Nia", family_name="Adler", account=True)
        other = make_learner(make_school(school.district), given_name="Theo", family_name="Marsh")
        enroll(learner, roster)
        with acting(Actor(PAGE, "learner_name", teacher.pk)):
            Learner.objects.filter(pk=learner.pk).update(given_name="Mia", grade="04")
            Account.objects.filter(pk=learner.account_id).update(password="x")
        with acting(Actor(IMPORT, "roster_import")):
            Learner.objects.filter(pk=other.pk).update(family_name="Marshall")
        yield school, learner, other, teacher


def read(client, **query) -> str:
    return " ".join(client.get(reverse("audit"), query).content.decode().split())


def told(client, **query):
    return client.get(reverse("audit"), query).context["told"]


def test_an_entry_says_who_whom_from_what_to_what_and_how(place, as_account):
    school, learner, _other, _teacher = place
    client = as_account(make_district_admin(school.district))
    (line,) = told(client, place="learner", way="page")
    assert (line.by, line.learner, line.entry.get_way_display()) == ("Rosa Diaz", learner, "on a page")
    assert [(change.column, change.before, change.after) for change in line.changes] == [
        ("first name", "Nia", "Mia"),
        ("grade", "05", "04"),
    ]
    (line,) = told(client, place="account", way="page")
    assert [(change.column, change.is_hidden) for change in line.changes] == [("password", True)]
    assert "(not shown)" in read(client, place="account", way="page")
    (line,) = [line for line in told(client, place="enrollment") if line.learner]
    assert line.about == "Room 4"
    assert ("role", "", "student") in [(change.column, change.before, change.after) for change in line.changes]


def test_each_field_narrows_and_what_does_not_fit_says_so(place, as_account):
    school, learner, other, teacher = place
    client = as_account(make_district_admin(school.district))
    assert {line.by for line in told(client, who="rosa")} == {"Rosa Diaz"}
    assert {line.entry.learner_id or line.entry.account_id for line in told(client, about="Adler")} == {
        learner.pk,
        learner.account_id,
    }
    assert {line.entry.way for line in told(client, way="import")} == {"import"}
    assert {line.entry.account_id for line in told(client, about="Diaz")} == {teacher.pk}
    assert {line.learner for line in told(client, learner=other.pk)} == {other}
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.localdate()
    assert told(client, until=yesterday.isoformat()) == []
    assert len(told(client, since=today.isoformat(), until=today.isoformat())) == AuditEntry.objects.count()
    assert "No change fits" in read(client, who="nobody of this name")
    faulty = client.get(reverse("audit"), {"since": today.isoformat(), "until": yesterday.isoformat()})
    assert faulty.status_code == 422
    assert "The last day is before the first one." in faulty.content.decode()
    for nonsense in ({"place": "x"}, {"learner": "9" * 30}, {"since": "soon"}, {"who": "\0"}):
        assert client.get(reverse("audit"), nonsense).status_code == 422
    assert client.get(reverse("audit"), {"before": "9" * 40}).status_code == 200


def test_a_list_that_is_long_goes_on_where_it_ended_whatever_comes_meanwhile(place, as_account, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 3)
    school, *_rest = place
    client = as_account(make_district_admin(school.district))
    ids, before = [], ""
    while True:
        page = client.get(reverse("audit"), {"before": before} if before else {})
        ids += [line.entry.pk for line in page.context["told"]]
        make_learner(school)
        if (before := page.context["older"]) is None:
            break
    assert ids == sorted(set(ids), reverse=True)
    newer = AuditEntry.objects.filter(pk__gt=ids[0]).count()
    assert len(ids) == AuditEntry.objects.count() - newer


def test_administrators_of_a_school_read_what_is_about_it_and_other_districts_nothing(place, as_account):
    school, learner, other, _teacher = place
    mine = read(as_account(make_school_admin(school)))
    assert "Adler" in mine
    assert "Marsh" not in mine
    assert [line.learner for line in told(as_account(make_school_admin(school)), place="account", learner=learner.pk)]
    assert told(as_account(make_school_admin(school)), learner=other.pk) == []
    elsewhere = make_district_admin(make_district(is_demo=True))
    assert "Adler" not in read(as_account(elsewhere))
    assert told(as_account(elsewhere), about="Adler") == []


def test_it_is_taken_along_as_csv_column_by_column_and_that_is_written_down(place, as_account, monkeypatch):
    school, *_rest = place
    admin = make_district_admin(school.district)
    client = as_account(admin)
    answer = client.get(reverse("audit_csv"), {"place": "learner", "way": "page"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["When", "Changed by", "How"]
    assert [line[-3:] for line in lines[1:]] == [["first name", "Nia", "Mia"], ["grade", "05", "04"]]
    assert {line[2] for line in lines[1:]} == {"on a page (learner_name)"}
    row = BulkExport.objects.get()
    assert (row.account, row.what, row.people) == (admin, "audit_csv", 1)
    monkeypatch.setattr(audit, "MOST_LINES", 1)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("audit_csv"), {"about": "Adler"})
    assert not [sql for sql in statements(captured) if sql.startswith('SELECT "profiles_auditentry"')], "counted only"
    many = client.get(reverse("audit_csv"), {"about": "Adler"}, follow=True)
    assert "do not go into one file" in many.content.decode()
    assert client.get(reverse("audit_csv"), {"place": "x"}, follow=True).status_code == 422


def test_reading_it_costs_the_same_for_much_as_for_little(place, as_account, django_assert_max_num_queries):
    school, *_rest = place
    client = as_account(make_district_admin(school.district))
    for _each in range(20):
        make_teacher(make_roster(school))
    with django_assert_max_num_queries(20) as counted:
        read(client)
    few = len(counted)
    for _each in range(20):
        make_teacher(make_roster(school))
    with django_assert_max_num_queries(few):
        read(client)
