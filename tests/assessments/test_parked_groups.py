"""A section whose suggestion fails or kills its process is parked after five tries and shown; others have theirs."""

import os
import signal
from datetime import timedelta

import psycopg2
import pytest
from django.db import OperationalError
from django.db.models import F
from django.urls import reverse

from assessments.models import GroupSuggestion, StaleSection, SuggestionFailure
from assessments.services import boards, outbox, suggesting
from tests.factories.profiles import make_roster, make_school, make_school_admin, make_section
from tests.processes import in_another_process


def a_while_later() -> None:
    for model, name in ((StaleSection, "due_at"), (SuggestionFailure, "last_at")):
        model.objects.update(**{name: F(name) - timedelta(minutes=2)})


def mark(section, ago: int = 0) -> None:
    StaleSection.objects.create(section_id=section.pk)
    StaleSection.objects.filter(section_id=section.pk).update(due_at=F("due_at") - timedelta(seconds=ago))


def spoil(grouped) -> None:
    """Its next suggestion fails, whoever makes it."""
    GroupSuggestion.objects.filter(section=grouped.section).update(settings={"k": "no number"})


@pytest.fixture
def parked(grouped):
    suggesting.suggest_due()
    spoil(grouped)
    mark(grouped.section)
    for _ in range(5):
        suggesting.suggest_due()
        a_while_later()
    assert SuggestionFailure.objects.get().times == 5
    return grouped


@pytest.mark.django_db(transaction=True)
def test_suggestion_that_kills_its_process_is_parked_and_the_others_are_made(grouped, as_account, monkeypatch):
    """SIGKILL, as a machine out of memory sends it: nothing can be said or written after it."""
    suggesting.suggest_due()
    before = boards.current_board(grouped.section).version
    other = make_section(make_roster(grouped.section.roster.school))
    mark(grouped.section, ago=10)
    mark(other)
    make = suggesting.make_board

    def make_or_die(section, *rest, **named):
        if section.pk == grouped.section.pk:
            os.kill(os.getpid(), signal.SIGKILL)
        return make(section, *rest, **named)

    monkeypatch.setattr(suggesting, "make_board", make_or_die)
    seen = []
    for _ in range(8):
        ended = in_another_process(suggesting.suggest_due)
        seen.append((ended, dict(SuggestionFailure.objects.values_list("section_id", "times"))))
        a_while_later()

    times = [1, 2, 3, 4, 5, 5, 5, 5]
    assert seen == [(-signal.SIGKILL if n < 5 else 0, {grouped.section.pk: times[n]}) for n in range(8)]
    assert set(StaleSection.objects.values_list("section_id", flat=True)) == {grouped.section.pk}
    assert boards.current_board(grouped.section).version == before
    assert not suggesting.any_waits()
    assert not suggesting.is_due(grouped.section)
    assert outbox.health()["parked_sections"] == 1
    page = as_account(make_school_admin(grouped.section.roster.school)).get(reverse("parked")).content.decode()
    assert "The worker was killed, most likely for want of memory" in page
    assert f'value="{grouped.section.pk}"' in page
    teacher = as_account(grouped.teacher).get(reverse("section_groups", args=[grouped.section.pk])).content.decode()
    assert "New groups could not be worked out." in teacher

    monkeypatch.undo()
    client = as_account(make_school_admin(grouped.section.roster.school))
    client.post(reverse("parked"), {"section": grouped.section.pk})
    assert suggesting.suggest_due() == 1
    assert boards.current_board(grouped.section).version == before + 1
    assert not SuggestionFailure.objects.exists()


def test_newer_results_are_tried_with_once_an_hour(parked):
    mark(parked.section)
    suggesting.suggest_due()
    assert SuggestionFailure.objects.get().times == 5

    SuggestionFailure.objects.update(last_at=F("last_at") - timedelta(hours=1))
    for _ in range(2):
        suggesting.suggest_due()
        mark(parked.section)

    assert SuggestionFailure.objects.get().times == 6


def test_outage_of_the_database_is_no_failure_of_a_section(grouped, monkeypatch):
    suggesting.suggest_due()
    mark(grouped.section)
    monkeypatch.setattr(suggesting, "make_board", lose_the_connection)
    with pytest.raises(OperationalError):
        suggesting.suggest_due()
    monkeypatch.undo()

    assert suggesting.suggest_due() == 1
    assert not SuggestionFailure.objects.exists()


def lose_the_connection(*_, **__):
    error = OperationalError()
    error.__cause__ = psycopg2.OperationalError()
    raise error


def test_section_in_other_hands_is_not_counted(grouped, monkeypatch):
    suggesting.suggest_due()
    mark(grouped.section)
    monkeypatch.setattr(suggesting, "suggest_marked", lambda *_: False)
    assert suggesting.suggest_due() == 0
    assert not SuggestionFailure.objects.exists()


def test_administrator_is_told_and_tries_again(parked, as_account):
    client = as_account(make_school_admin(parked.section.roster.school))
    assert "New groups of 1 class could not be worked out." in client.get(reverse("school")).content.decode()
    page = client.get(reverse("parked"))
    [row] = page.context["groups"]
    of = row.parked
    assert (of.section, of.times, of.error) == (parked.section, 5, "TypeError")

    GroupSuggestion.objects.update(settings={})
    answer = client.post(reverse("parked"), {"act": "all"}, follow=True)

    assert "Everything is worked out" in answer.content.decode()
    twice = client.post(reverse("parked"), {"section": parked.section.pk}, follow=True)
    assert "That is being tried already." in twice.content.decode()
    assert suggesting.suggest_due() == 1
    assert "could not be worked out" not in client.get(reverse("school")).content.decode()


def test_administrator_of_another_school_is_told_nothing(parked, as_account):
    client = as_account(make_school_admin(make_school(parked.section.district)))
    assert "could not be worked out" not in client.get(reverse("school")).content.decode()
    assert client.get(reverse("parked")).context["groups"] == []
    assert client.post(reverse("parked"), {"section": parked.section.pk}).status_code == 404
    assert client.post(reverse("parked"), {"section": "x"}).status_code == 404
    assert client.post(reverse("parked"), {"act": "all"}).status_code == 302
    assert SuggestionFailure.objects.get().times == 5


def test_hundreds_are_shown_page_by_page(grouped, as_account):
    admin = make_school_admin(grouped.section.roster.school)
    sections = [make_section(roster=grouped.section.roster) for _ in range(51)]
    SuggestionFailure.objects.bulk_create(SuggestionFailure(section_id=each.pk, times=5) for each in sections)
    client = as_account(admin)
    assert "1 to 50 of 51" in client.get(reverse("parked")).content.decode()
    assert len(client.get(reverse("parked"), {"groups": "2", "levels": "x"}).context["groups"]) == 1
