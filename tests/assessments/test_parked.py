"""A mark that cannot be worked off is parked after five attempts and shown; nobody else waits for it.

The poison is a constraint of the database that refuses one learner's levels, so everything up to it is real.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.db.models import F
from django.urls import reverse

from assessments.models import MarkFailure, Mastery, StaleMark
from assessments.services import outbox, recompute
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_district_admin, make_school, make_school_admin
from tests.processes import in_another_process

LIVE = StaleMark.Lane.LIVE


@contextmanager
def refused(condition: str) -> Iterator[None]:
    """While this is open the database takes no level for which the condition is false."""
    _say(f"ALTER TABLE assessments_mastery ADD CONSTRAINT poison CHECK ({condition}) NOT VALID")
    try:
        yield
    finally:
        _say("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE assessments_mastery DROP CONSTRAINT poison")


def _say(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def minutes_later() -> None:
    StaleMark.objects.update(due_at=F("due_at") - timedelta(minutes=1))
    MarkFailure.objects.update(last_at=F("last_at") - timedelta(minutes=1))


def try_many_times() -> list[int]:
    """How often the pair had failed after each of ten rounds that are minutes apart."""
    times = []
    for _ in range(10):
        while recompute.recompute_due(LIVE):
            pass
        times.append(MarkFailure.objects.values_list("times", flat=True).first())
        minutes_later()
    return times


@pytest.fixture
def parked(taught) -> Iterator[None]:
    """The first learner's levels are refused, five times over; the poison stays until the test ends."""
    assessment = make_assessment(taught.section, taught.standards)
    poisoned = taught.learners[0]
    with refused(f"learner_id <> {poisoned.pk}"):
        for learner in taught.learners:
            give(assessment, learner, taught.standards[0], 3)
        try_many_times()
        yield


def test_poisoned_mark_is_parked_after_five_attempts_and_the_rest_computed(taught):
    assessment = make_assessment(taught.section, taught.standards)
    poisoned, *others = taught.learners
    with refused(f"learner_id <> {poisoned.pk}"):
        for learner in taught.learners:
            give(assessment, learner, taught.standards[0], 3)

        assert try_many_times() == [1, 2, 3, 4, 5, 5, 5, 5, 5, 5]

        assert set(Mastery.objects.values_list("learner_id", "shown_level")) == {(each.pk, 3) for each in others}
        assert [mark.learner_id for mark in StaleMark.objects.all()] == [poisoned.pk]
        assert outbox.health() == {"oldest_due_mark_seconds": None, "parked_marks": 1, "parked_sections": 0}
        assert MarkFailure.objects.get().error == "CheckViolation"


def test_new_evidence_about_a_parked_pair_is_tried_once_more(taught, parked):
    give(make_assessment(taught.section, taught.standards), taught.learners[0], taught.standards[0], 2)

    assert try_many_times()[:3] == [6, 6, 6]


@pytest.mark.django_db(transaction=True)
def test_lost_database_is_no_failure_of_a_pair(taught):
    give(make_assessment(taught.section, taught.standards), taught.learners[0], taught.standards[0], 3)
    with refused("pg_terminate_backend(pg_backend_pid())"):
        with pytest.raises(psycopg2.OperationalError):
            recompute.recompute_due(LIVE)
        connection.close()
    minutes_later()

    work_off()

    assert MarkFailure.objects.count() == 0

    assert Mastery.objects.get().shown_level == 3


@pytest.mark.django_db(transaction=True)
def test_pair_that_kills_its_process_is_parked_and_the_rest_computed(taught, as_account, monkeypatch):
    """SIGKILL, as a machine out of memory sends it: nothing can be said or written after it."""
    poisoned, *others = taught.learners
    assessment = make_assessment(taught.section, taught.standards)
    for learner in taught.learners:
        give(assessment, learner, taught.standards[0], 3)
    read = recompute.read_pairs

    def read_or_die(pairs, *rest, **more):
        if any(learner == poisoned.pk for learner, _ in pairs):
            os.kill(os.getpid(), signal.SIGKILL)
        return read(pairs, *rest, **more)

    monkeypatch.setattr(recompute, "read_pairs", read_or_die)
    monkeypatch.setattr(recompute, "SUSPECTS", 2)
    seen = []
    for _ in range(8):
        ended = in_another_process(lambda: recompute.recompute_due(LIVE))
        failures = dict(MarkFailure.objects.values_list("learner_id", "times"))
        seen.append((ended, failures.pop(poisoned.pk), len(failures)))
        minutes_later()

    assert [each[:2] for each in seen] == [(-signal.SIGKILL, n) for n in (1, 2, 3, 4, 5)] + [(0, 5)] * 3
    # All three, then two of them, then each alone, the oldest first.
    assert [each[2] for each in seen] == [2, 2, 1, 0, 0, 0, 0, 0]
    assert set(Mastery.objects.values_list("learner_id", "shown_level")) == {(each.pk, 3) for each in others}
    page = as_account(make_school_admin(taught.section.roster.school)).get(reverse("parked"))
    assert "The worker was killed, most likely for want of memory" in page.content.decode()
    assert outbox.health() == {"oldest_due_mark_seconds": None, "parked_marks": 1, "parked_sections": 0}


@pytest.mark.parametrize("make_admin", [make_school_admin, make_district_admin])
def test_administrator_is_told_and_tries_again(taught, parked, as_account, make_admin):
    school = taught.section.roster.school
    client = as_account(make_admin(school if make_admin is make_school_admin else school.district))
    poisoned, subject = taught.learners[0], taught.standards[0].subject
    said = client.get(reverse("school")).content.decode()
    assert "Levels of 1 student in a subject could not be worked out." in said
    assert reverse("parked") in said
    page = client.get(reverse("parked"))
    [row] = page.context["levels"]
    of = row.parked
    assert (of.learner, of.subject, of.times, of.error) == (poisoned, subject, 5, "CheckViolation")
    assert f"{poisoned.name}</a>" in page.content.decode()

    _say("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE assessments_mastery DROP CONSTRAINT poison")
    answer = client.post(reverse("parked"), {"pair": f"{poisoned.pk}.{subject.pk}"}, follow=True)
    _say("ALTER TABLE assessments_mastery ADD CONSTRAINT poison CHECK (true)")

    assert "Everything is worked out" in answer.content.decode()
    twice = client.post(reverse("parked"), {"pair": f"{poisoned.pk}.{subject.pk}"}, follow=True)
    assert "That is being tried already." in twice.content.decode()
    work_off()
    assert Mastery.objects.get(learner=poisoned).shown_level == 3
    assert "could not be worked out" not in client.get(reverse("school")).content.decode()


def test_administrator_of_another_school_is_told_nothing(taught, parked, as_account):
    other = make_school(taught.section.district)
    client = as_account(make_school_admin(other))
    assert "could not be worked out" not in client.get(reverse("school")).content.decode()
    assert client.get(reverse("parked")).context["levels"] == []

    pair = f"{taught.learners[0].pk}.{taught.standards[0].subject_id}"

    assert client.post(reverse("parked"), {"pair": pair}).status_code == 404
    assert client.post(reverse("parked"), {"act": "all"}).status_code == 302
    assert MarkFailure.objects.get().times == 5


@pytest.mark.parametrize("pair", ["", "1", "x.y", "1.2.3", f"{2**70}.1"])
def test_pair_that_is_none_is_not_found(taught, as_account, pair):
    client = as_account(make_school_admin(taught.section.roster.school))
    assert client.post(reverse("parked"), {"pair": pair}).status_code == 404
