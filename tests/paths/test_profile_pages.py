"""The profile in the browser: the learner writes, a teacher writes visibly as a teacher, the circle reads."""

import pytest
from django.urls import reverse

from profiles.models import ProfileEntry
from tests.factories.paths import make_entry


def address(classroom):
    return reverse("profile", args=[classroom.learner.pk])


def texts():
    return [entry.text for entry in ProfileEntry.objects.current()]


def test_learner_adds_words_under_each_prompt(classroom, me):
    for kind in ProfileEntry.Kind.values:
        me.post(address(classroom), {"kind": kind, "text": f"Words for {kind}"})

    assert texts() == [f"Words for {kind}" for kind in ProfileEntry.Kind.values]
    page = me.get(address(classroom)).content.decode()
    assert all(str(kind.label) in page for kind in ProfileEntry.Kind)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "strength", "text": " "}, "Write a few words first."),
        ({"kind": "strength", "text": "x" * 501}, "Write at most 500 letters."),
    ],
)
def test_words_that_do_not_fit_are_refused_with_a_way_out(classroom, me, values, message):
    answer = me.post(address(classroom), values)

    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert texts() == []


def test_learner_changes_words_and_the_old_ones_stay_in_the_history(classroom, me, as_account):
    entry = make_entry(classroom.learner, text="I draw well.")

    me.post(reverse("entry_edit", args=[entry.pk]), {"seen": entry.pk, "text": "I draw maps."})

    page = as_account(classroom.guardian()).get(address(classroom)).content.decode()
    assert page.index("I draw maps.") < page.index("I draw well.")
    assert "changed once" in page


def test_two_windows_show_both_wordings_and_lose_neither(classroom, me):
    entry = make_entry(classroom.learner, text="As it was.")
    url = reverse("entry_edit", args=[entry.pk])
    me.post(url, {"seen": entry.pk, "text": "First window."})

    answer = me.post(url, {"seen": entry.pk, "text": "Second window."})

    page = answer.content.decode()
    newest = ProfileEntry.objects.current().get()
    assert answer.status_code == 409
    assert "First window." in page
    assert "Second window." in page
    assert f'value="{newest.pk}"' in page

    me.post(url, {"seen": newest.pk, "text": "Second window."})
    assert texts() == ["Second window."]
    assert ProfileEntry.objects.count() == 3


def test_entry_is_put_away_and_brought_back(classroom, me):
    entry = make_entry(classroom.learner, text="I like kites.")
    url = reverse("entry_put_away", args=[entry.pk])

    me.post(url, {"away": "1"})
    assert "I like kites." not in me.get(reverse("me"), follow=True).content.decode()
    assert "Put away: 1" in me.get(address(classroom)).content.decode()

    me.post(url, {"away": "0"})
    assert texts() == ["I like kites."]


def test_teacher_adds_words_under_the_own_name(classroom, me, as_account):
    as_account(classroom.teacher).post(address(classroom), {"kind": "strength", "text": "Explains well."})

    page = me.get(address(classroom)).content.decode()
    assert f"<strong>{classroom.teacher.name}</strong>" in page


def test_family_reads_and_does_not_write(classroom, as_account):
    entry = make_entry(classroom.learner, text="I like kites.")
    family = as_account(classroom.guardian())

    page = family.get(address(classroom)).content.decode()
    assert "I like kites." in page
    assert "<textarea" not in page
    assert family.post(address(classroom), {"kind": "strength", "text": "Words"}).status_code == 404
    assert family.post(reverse("entry_put_away", args=[entry.pk])).status_code == 404
    assert texts() == ["I like kites."]


def test_profile_is_not_there_for_strangers(classroom, stranger, as_account):
    entry = make_entry(classroom.learner)

    for account in (stranger, classroom.classmate().account):
        client = as_account(account)
        assert client.get(address(classroom)).status_code == 404
        assert client.post(address(classroom), {"kind": "strength", "text": "Words"}).status_code == 404
        assert client.get(reverse("entry_edit", args=[entry.pk])).status_code == 404
    assert texts() == [entry.text]
