"""Notes for staff only: who reads them, and that nobody else meets them on any page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Account, Enrollment, StaffNote
from tests.factories.paths import make_staff_note
from tests.factories.profiles import (
    enroll,
    make_account,
    make_district,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)

pytestmark = pytest.mark.django_db
SECRET = "Walrus glasses since October"


@pytest.fixture
def place():
    """(learner, roster, teacher, note) with the scope of the district open."""
    school = make_school(make_district())
    roster = make_roster(school)
    make_section(roster)
    learner = make_learner(school, account=True)
    enroll(learner, roster)
    teacher = make_teacher(roster)
    with district_scope(school.district_id):
        yield learner, roster, teacher, make_staff_note(learner, teacher, text=SECRET)


def as_account(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="profiles.backends.AccountBackend")
    return client


def reads(account: Account) -> bool:
    return StaffNote.objects.visible_to(Account.objects.get(pk=account.pk)).exists()


def test_note_is_read_by_staff_of_the_learner_who_stay(place):
    learner, roster, teacher, _note = place
    people = {
        "author": teacher,
        "aide": make_teacher(roster, role=Enrollment.Role.AIDE),
        "administrator": make_school_admin(learner.home_school),
        "substitute": make_teacher(roster, role=Enrollment.Role.SUBSTITUTE),
        "other class": make_teacher(make_roster(learner.home_school)),
        "learner": learner.account,
        "guardian": make_guardian(learner),
        "nobody": make_account(learner.district),
    }
    assert {name for name, account in people.items() if reads(account)} == {"author", "aide", "administrator"}


def test_note_of_a_class_that_has_ended_is_read_no_longer(place):
    _learner, _roster, teacher, _note = place
    Enrollment.objects.filter(account=teacher).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert not reads(teacher)


def test_note_is_on_no_page_that_a_learner_a_guardian_or_a_substitute_opens(place):
    learner, roster, teacher, note = place
    routes = ["home", "goals", "my_path", "talks", "my_view", "learners"]
    pages = [reverse(route) for route in routes] + [
        reverse(route, args=[learner.pk]) for route in ("learner", "binder", "profile", "learner_talks", "staff_notes")
    ]
    substitute = make_teacher(roster, role=Enrollment.Role.SUBSTITUTE)
    for account in (learner.account, make_guardian(learner), substitute):
        client = as_account(account)
        assert [url for url in pages if SECRET in client.get(url).content.decode()] == []
        assert client.get(reverse("staff_notes", args=[learner.pk])).status_code == 404
        assert client.post(reverse("staff_note_put_away", args=[note.pk])).status_code == 404
        assert (
            reverse("staff_notes", args=[learner.pk])
            not in client.get(reverse("learner", args=[learner.pk])).content.decode()
        )
    assert SECRET in as_account(teacher).get(reverse("staff_notes", args=[learner.pk])).content.decode()


def test_note_warns_while_it_is_written_and_is_kept_once(place):
    learner, _roster, teacher, _note = place
    client, url = as_account(teacher), reverse("staff_notes", args=[learner.pk])
    assert "A parent may have the right to read this." in client.get(url).content.decode()

    form = {"uuid": str(uuid4()), "text": "Sits in front"}
    client.post(url, form)
    client.post(url, form)

    assert [note.text for note in StaffNote.objects.all()] == ["Sits in front", SECRET]


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_note_that_cannot_be_kept_is_refused_with_its_words(place, text):
    learner, _roster, teacher, _note = place

    answer = as_account(teacher).post(reverse("staff_notes", args=[learner.pk]), {"uuid": str(uuid4()), "text": text})

    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert StaffNote.objects.count() == 1


def test_note_is_put_away_by_its_author_only_and_comes_back(place):
    learner, roster, teacher, note = place
    url = reverse("staff_note_put_away", args=[note.pk])

    assert as_account(make_teacher(roster)).post(url, {"away": "1"}).status_code == 404
    as_account(teacher).post(url, {"away": "1"})
    note.refresh_from_db()
    assert note.archived_at is not None
    assert SECRET in as_account(teacher).get(reverse("staff_notes", args=[learner.pk])).content.decode()
    as_account(teacher).post(url, {"away": "0"})
    note.refresh_from_db()
    assert note.archived_at is None


def test_note_with_the_identifier_of_another_is_not_there(place):
    learner, roster, _teacher, note = place
    other = as_account(make_teacher(roster))

    answer = other.post(reverse("staff_notes", args=[learner.pk]), {"uuid": str(note.uuid), "text": "Mine now"})

    assert answer.status_code == 404
    note.refresh_from_db()
    assert note.text == SECRET
