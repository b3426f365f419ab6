"""The profile in the learner's own words: dated, authored, revised with history, archived not deleted."""

import pytest
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import ProfileEntry
from profiles.services import entries
from profiles.services.entries import EntryChanged
from tests.factories.profiles import enroll, make_learner, make_roster, make_teacher

NOW = timezone.now()


@pytest.fixture
def learner(db):
    found = make_learner(account=True)
    with district_scope(found.district_id):
        yield found


def add(learner, text="I draw well.", kind="strength", by=None):
    return entries.add_entry(learner=learner, kind=kind, text=text, by=by or learner.account, now=NOW)


def current():
    return [entry.text for entry in ProfileEntry.objects.current()]


def test_add_entry_is_dated_and_authored(learner):
    entry = add(learner)

    assert (entry.author, entry.created_at, current()) == (learner.account, NOW, ["I draw well."])


def test_add_entry_twice_is_one(learner):
    assert add(learner) == add(learner, " I draw well. ")
    assert current() == ["I draw well."]


def test_add_entry_of_a_teacher_stands_beside_the_same_words_of_the_learner(learner):
    roster = make_roster(learner.home_school)
    enroll(learner, roster)
    teacher = make_teacher(roster)

    add(learner)
    add(learner, by=teacher)

    assert {entry.author for entry in ProfileEntry.objects.current()} == {learner.account, teacher}


def test_revise_entry_keeps_the_old_wording(learner):
    entry = add(learner)

    newer = entries.revise_entry(entry=entry, text="I draw maps well.", by=learner.account, now=NOW)

    assert current() == ["I draw maps well."]
    assert (newer.replaces, newer.replaces.text) == (entry, "I draw well.")


def test_revise_entry_with_the_same_words_changes_nothing(learner):
    entry = add(learner)

    assert entries.revise_entry(entry=entry, text="I draw well. ", by=learner.account, now=NOW) == entry
    assert ProfileEntry.objects.count() == 1


def test_revise_entry_from_two_windows_tells_the_second_and_keeps_the_first(learner):
    entry = add(learner)
    entries.revise_entry(entry=entry, text="First window.", by=learner.account, now=NOW)

    with pytest.raises(EntryChanged) as refused:
        entries.revise_entry(entry=entry, text="Second window.", by=learner.account, now=NOW)

    assert refused.value.newest.text == "First window."
    assert current() == ["First window."]


def test_revise_entry_twice_with_the_same_words_is_one(learner):
    entry = add(learner)
    first = entries.revise_entry(entry=entry, text="I draw maps.", by=learner.account, now=NOW)

    assert entries.revise_entry(entry=entry, text="I draw maps.", by=learner.account, now=NOW) == first


def test_archive_entry_puts_it_away_and_restore_brings_it_back(learner):
    entry = add(learner)

    entries.archive_entry(entry=entry)
    assert (current(), ProfileEntry.objects.count()) == ([], 1)

    entries.restore_entry(entry=entry)
    assert current() == ["I draw well."]
