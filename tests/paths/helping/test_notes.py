"""Switched on by the class, learners say what they can help with and what they would like help with."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import SectionStandard
from paths.models import PeerClass, PeerMatch, PeerNote
from paths.services.waiting.home import read_at_home
from tests.factories.paths import make_mastery, make_peer_note
from tests.factories.profiles import make_section
from tests.factories.standards import make_standard
from tests.paths.helping.said import page_of, words

Because = PeerMatch.Because


def test_a_class_has_it_off_until_its_teacher_switches_it_on(classroom, me, teacher):
    assert "Your class does not do this yet" in page_of(me, "my_helping")
    me.post(reverse("my_helping"), words(classroom))
    assert not PeerNote.objects.exists()

    teacher.post(reverse("helping_switch", args=[classroom.section.pk]), {"do": "pairs_on"})
    me.post(reverse("my_helping"), words(classroom))

    assert [(note.kind, note.text, note.learner_id) for note in PeerNote.objects.all()] == [
        ("wish", "With the stories", classroom.learner.pk)
    ]


def test_switching_off_hides_everything_and_keeps_it(classroom, me, teacher, pair):
    switch = reverse("helping_switch", args=[classroom.section.pk])
    shown = page_of(me, "my_helping")
    assert "Ben" in shown

    teacher.post(switch, {"do": "pairs_off"})

    assert "Ben" not in page_of(me, "my_helping")
    assert "Ben" not in page_of(teacher, "section_helping", classroom.section.pk)
    assert me.post(reverse("pair_act", args=[pair.pk]), {"do": "yes"}).status_code == 404
    assert read_at_home(classroom.learner, classroom.account, today=timezone.localdate()).lines == []

    teacher.post(switch, {"do": "pairs_on"})
    assert "Ben" in page_of(me, "my_helping")
    assert PeerClass.objects.get().changed_by == classroom.teacher


def test_the_same_form_twice_is_one_note(classroom, me, switched_on):
    form = words(classroom)
    for _click in range(2):
        me.post(reverse("my_helping"), form)

    assert PeerNote.objects.count() == 1


def test_other_words_for_the_same_standard_take_the_place_of_the_first_ones_and_keep_them(classroom, me, switched_on):
    me.post(reverse("my_helping"), words(classroom))
    me.post(reverse("my_helping"), words(classroom, kind="offer", text="I draw them"))

    rows = PeerNote.objects.order_by("pk")
    assert [(row.kind, row.text, row.closed_at is None) for row in rows] == [
        ("wish", "With the stories", False),
        ("offer", "I draw them", True),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": ""}, "Pick what it is about."),
        ({"what": "0-0"}, "Pick one from the list."),
        ({"kind": ""}, "Say if you can help or would like help."),
        ({"text": "x" * 141}, "This is longer than 140 letters."),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_what_was_typed(classroom, me, switched_on, change, said):
    answer = me.post(reverse("my_helping"), words(classroom, **change))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert change.get("text", "With the stories") in answer.content.decode()
    assert not PeerNote.objects.exists()


def test_standards_of_another_class_cannot_be_named(classroom, me, switched_on):
    other = make_section(classroom.roster)
    standard = make_standard(classroom.standards[0].framework)
    SectionStandard.objects.create(section=other, standard=standard, position=1)
    for what in (f"{other.pk}-{standard.pk}", f"{classroom.section.pk}-{standard.pk}"):
        assert me.post(reverse("my_helping"), words(classroom, what=what)).status_code == 422


def test_a_note_that_is_taken_back_stays_in_the_history(classroom, me, switched_on):
    note = make_peer_note(classroom.learner, classroom.section, classroom.standards[0], text="With clocks")

    me.post(reverse("note_take_back", args=[note.pk]))

    note.refresh_from_db()
    assert note.closed_at is not None
    assert "With clocks" in page_of(me, "my_helping")


def test_classmates_read_no_notes_and_no_levels(classroom, as_account, ben, switched_on):
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0], text="With clocks")
    make_mastery(classroom.learner, classroom.standards[0], 1)

    for route in ("my_helping", "good_news", "home"):
        page = page_of(as_account(ben.account), route)
        assert "With clocks" not in page
        assert classroom.learner.family_name not in page
