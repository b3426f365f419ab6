"""What load balancers and operators ask; no personal data in the answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import MarkFailure, StaleMark, SuggestionFailure


def test_livez_needs_no_database(client):
    """No database is open to this test: a query would fail it."""
    answer = client.get("/livez")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")


@pytest.mark.django_db
def test_readyz_without_work_says_that_none_is_due(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "database": "ok",
        "oldest_due_mark_seconds": None,
        "parked_marks": 0,
        "parked_sections": 0,
        "late": False,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "late"), [(30, False), (90, True)])
def test_readyz_tells_the_age_of_the_oldest_due_mark(client, seconds, late):
    now = timezone.now()
    for age in (seconds, 5):
        StaleMark.objects.create(learner_id=1, subject_id=1, due_at=now - timedelta(seconds=age))
    StaleMark.objects.create(learner_id=1, subject_id=1, due_at=now + timedelta(days=1))
    said = client.get("/readyz").json()
    assert seconds <= said["oldest_due_mark_seconds"] < seconds + 20
    assert said["late"] is late


@pytest.mark.django_db
def test_readyz_counts_parked_work(client):
    MarkFailure.objects.create(learner_id=1, subject_id=1, times=MarkFailure.PARKED_AT, error="TimeoutError")
    StaleMark.objects.create(learner_id=1, subject_id=1, due_at=timezone.now() - timedelta(minutes=5))
    SuggestionFailure.objects.create(section_id=1, times=SuggestionFailure.PARKED_AT, error="TimeoutError")
    said = client.get("/readyz").json()
    assert (said["parked_marks"], said["parked_sections"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_readyz_without_a_database_says_so_and_no_more(client, monkeypatch):
    connection.close()
    with monkeypatch.context() as changed:
        changed.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        changed.setitem(connection.settings_dict, "PORT", "1")
        answer = client.get("/readyz")
    connection.close()
    assert (answer.status_code, answer.json()) == (503, {"database": "error"})


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_probes_take_no_other_verb(client, address):
    assert client.post(address).status_code == 405
