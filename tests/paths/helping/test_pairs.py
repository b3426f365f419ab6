"""Two are paired by their teacher, say yes or not now, and stop when they like."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Wish
from paths.models import PeerMatch, PeerNote
from paths.services.peers import pairs
from paths.services.waiting.home import read_at_home
from tests.factories.paths import make_mastery, make_peer_note
from tests.factories.profiles import make_section
from tests.paths.helping.said import make, page_of, two

Because = PeerMatch.Because


def test_teacher_sees_who_asks_and_offers_with_levels_and_a_suggestion(classroom, teacher, ben, switched_on):
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer", text="I draw them")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0], text="With clocks")
    make_mastery(classroom.learner, classroom.standards[0], 2)

    page = page_of(teacher, "section_helping", classroom.section.pk)

    assert "“I draw them”" in page
    assert "“With clocks”" in page
    assert 'data-level="2"' in page
    assert f"{ben.name} could help {classroom.learner.name}. The two have not worked together yet." in page


def test_a_pair_is_made_once_and_asks_both(classroom, teacher, ben, switched_on):
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0])
    form = two(classroom, ben, classroom.learner, place="By the window")
    for _click in range(2):
        answer = teacher.post(reverse("section_helping", args=[classroom.section.pk]), form)
        assert answer.status_code == 302

    row = PeerMatch.objects.get()
    assert (row.helper, row.asker, row.time_text, row.place, row.made_by) == (
        ben,
        classroom.learner,
        "11:15",
        "By the window",
        classroom.teacher,
    )
    for learner, title in (
        (ben, f"Help Ana with {row.standard.heading}?"),
        (classroom.learner, f"Ben could help you: {row.standard.heading}"),
    ):
        lines = read_at_home(learner, learner.account, today=timezone.localdate()).lines
        assert [line.title for line in lines] == [title]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "2020-01-01"}, "That day is over."),
        ({"ends_on": "2020-01-01"}, "The last day lies before the first one."),
        ({"ends_on": "2100-01-01"}, "A pair lasts 60 days at most."),
        ({"helper": "0"}, "Pick somebody from the list."),
    ],
)
def test_a_pair_that_cannot_be_made_says_why(classroom, teacher, ben, switched_on, change, said):
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0])

    answer = teacher.post(
        reverse("section_helping", args=[classroom.section.pk]), two(classroom, ben, classroom.learner) | change
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "11:15" in answer.content.decode()
    assert not PeerMatch.objects.exists()


def test_two_who_are_kept_apart_are_neither_suggested_nor_paired(classroom, teacher, ben, switched_on):
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0])
    elsewhere = make_section(classroom.roster)
    wish = Wish.objects.create(section=elsewhere, kind=Wish.Kind.APART, first=ben, second=classroom.learner)
    page = reverse("section_helping", args=[classroom.section.pk])

    assert "could help" not in teacher.get(page).content.decode()
    answer = teacher.post(page, two(classroom, ben, classroom.learner))
    assert answer.status_code == 422
    assert "kept apart" in answer.content.decode()
    assert not PeerMatch.objects.exists()

    wish.lifted_at = timezone.now()
    wish.save()
    assert "could help" in teacher.get(page).content.decode()


def test_a_learner_is_in_one_pair_of_the_class_at_a_time_in_either_part(classroom, ben, pair):
    cem = classroom.classmate(given_name="Cem")
    make_peer_note(cem, classroom.section, classroom.standards[0])
    make_peer_note(ben, classroom.section, classroom.standards[1])
    make_peer_note(cem, classroom.section, classroom.standards[1], "offer")
    for helper, asker, standard in ((ben, cem, 0), (cem, ben, 1)):
        with pytest.raises(pairs.TakenAlready):
            make(classroom, helper, asker, standard_id=classroom.standards[standard].pk)

    assert list(PeerMatch.objects.all()) == [pair]


def test_a_pair_past_its_last_day_is_over_and_leaves_both_free(classroom, me, ben, pair):
    yesterday = timezone.localdate() - timedelta(days=1)
    PeerMatch.objects.filter(pk=pair.pk).update(day=yesterday, ends_on=yesterday, agreed_at=timezone.now())

    assert "It is over." in page_of(me, "my_helping")
    assert me.post(reverse("pair_act", args=[pair.pk]), {"do": "yes"}).status_code == 302
    made = make(classroom, ben, classroom.learner)

    pair.refresh_from_db()
    assert (pair.ended_because, pair.asker_says) == (Because.OVER, "")
    assert made.pk != pair.pk


def test_a_pair_begins_when_both_say_yes(classroom, as_account, ben, pair):
    url = reverse("pair_act", args=[pair.pk])
    as_account(classroom.account).post(url, {"do": "yes"})
    pair.refresh_from_db()
    assert pair.agreed_at is None
    assert "Now Ben is asked too." in page_of(as_account(classroom.account), "my_helping")

    for _click in range(2):
        as_account(ben.account).post(url, {"do": "yes"})

    pair.refresh_from_db()
    assert pair.agreed_at is not None
    lines = read_at_home(classroom.learner, classroom.account, today=timezone.localdate()).lines
    assert [(line.title, line.reason) for line in lines] == [
        (f"You and Ben: help with {pair.standard.heading}", "Today, 11:15.")
    ]


def test_not_now_is_told_to_the_teacher_and_never_to_the_other(classroom, as_account, ben, pair):
    url = reverse("pair_act", args=[pair.pk])
    as_account(classroom.account).post(url, {"do": "yes"})
    as_account(ben.account).post(url, {"do": "not_now"})

    mine = page_of(as_account(classroom.account), "my_helping")
    assert "Not this time." in mine
    assert "said not now" not in mine
    assert "Ben said no" not in mine
    teachers = page_of(as_account(classroom.teacher), "section_helping", classroom.section.pk)
    assert f"{ben.account.name} said not now." in teachers
    today = page_of(as_account(classroom.teacher), "today")
    assert "said not now to a pair for" in today
    # What both said stands, and the teacher may pair them with others.
    assert PeerNote.objects.filter(closed_at=None).count() == 2


def test_after_the_other_has_said_not_now_a_yes_from_another_window_changes_nothing(classroom, as_account, ben, pair):
    url = reverse("pair_act", args=[pair.pk])
    as_account(ben.account).post(url, {"do": "not_now"})

    answer = as_account(classroom.account).post(url, {"do": "yes"}, follow=True)

    assert "Here is how it stands now." in answer.content.decode()
    pair.refresh_from_db()
    assert (pair.asker_says, pair.ended_because) == ("", Because.NOT_NOW)


@pytest.mark.parametrize("who", ["helper", "asker"])
def test_either_may_stop_at_any_time(classroom, as_account, ben, pair, who):
    learner = ben if who == "helper" else classroom.learner
    for _click in range(2):
        as_account(learner.account).post(reverse("pair_act", args=[pair.pk]), {"do": "stop"})

    pair.refresh_from_db()
    assert (pair.ended_because, pair.ended_by) == (Because.STOPPED, learner.account)


def test_staff_end_a_pair_and_a_stranger_does_not(classroom, as_account, stranger, pair):
    url = reverse("pair_end", args=[pair.pk])
    assert as_account(stranger).post(url).status_code == 404
    as_account(classroom.teacher).post(url)

    pair.refresh_from_db()
    assert (pair.ended_because, pair.ended_by) == (Because.STAFF, classroom.teacher)


def test_the_asker_who_can_do_it_now_closes_the_wish_with_the_pair(classroom, me, pair):
    PeerMatch.objects.update(agreed_at=timezone.now())

    me.post(reverse("pair_act", args=[pair.pk]), {"do": "done"})

    assert list(PeerNote.objects.filter(closed_at=None).values_list("kind", flat=True)) == ["offer"]


def test_the_helper_can_neither_close_the_wish_nor_thank(classroom, as_account, ben, pair):
    PeerMatch.objects.update(agreed_at=timezone.now())
    for data in ({"do": "done"}, {"do": "thanks", "text": "Me"}):
        as_account(ben.account).post(reverse("pair_act", args=[pair.pk]), data)

    pair.refresh_from_db()
    assert (pair.ended_at, pair.thanks) == (None, "")
