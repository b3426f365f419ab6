"""Learners of a class help each other: who says what, who is paired, what each of them reads, and how it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import SectionStandard, Wish
from paths.models import PeerClass, PeerMatch, PeerNote, PeerReport
from paths.services.peers import pairs
from paths.services.peers.reading import read_class
from paths.services.waiting.home import read_at_home
from profiles.models import Enrollment
from profiles.services import enrollments
from tests.factories.paths import make_mastery, make_pair, make_peer_class, make_peer_note
from tests.factories.profiles import make_guardian, make_school_admin, make_section, make_teacher
from tests.factories.standards import make_standard

Because = PeerMatch.Because


@pytest.fixture
def ben(classroom):
    return classroom.classmate(given_name="Ben", family_name="Castellanos")


@pytest.fixture
def switched_on(classroom):
    return make_peer_class(classroom.section)


@pytest.fixture
def pair(classroom, ben, switched_on):
    """Ben is asked to help the learner, who asked for it."""
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0])
    return make_pair(ben, classroom.learner, classroom.section, classroom.standards[0], made_by=classroom.teacher)


def words(classroom, **fields) -> dict:
    what = f"{classroom.section.pk}-{classroom.standards[0].pk}"
    return {"uuid": str(uuid4()), "what": what, "kind": "wish", "text": "With the stories", **fields}


def two(classroom, helper, asker, **fields) -> dict:
    day = timezone.localdate()
    people = {"helper": helper.pk, "asker": asker.pk, "standard": classroom.standards[0].pk}
    return {
        "uuid": str(uuid4()),
        **people,
        "day": day,
        "ends_on": day + timedelta(days=7),
        "time_text": "11:15",
    } | fields


def page_of(client, name: str, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


# Switching it on


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


# What learners say


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


# Pairs


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


def make(classroom, helper, asker, **fields) -> PeerMatch:
    today = timezone.localdate()
    return pairs.make_pair(
        **{
            "section": classroom.section,
            "standard_id": classroom.standards[0].pk,
            "helper_id": helper.pk,
            "asker_id": asker.pk,
            "meeting": pairs.Meeting(today, today),
            "uuid": uuid4(),
            "by": classroom.teacher,
            "now": timezone.now(),
            **fields,
        }
    )


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


# Thanks and telling


def test_thanks_go_to_the_helper_the_families_and_the_teacher_once(classroom, as_account, ben, pair):
    url = reverse("pair_act", args=[pair.pk])
    me = as_account(classroom.account)
    me.post(url, {"do": "thanks", "text": "Too early"})
    PeerMatch.objects.update(agreed_at=timezone.now())
    me.post(url, {"do": "thanks", "text": "Your drawing helped"})
    me.post(url, {"do": "thanks", "text": "Another line"})

    assert PeerMatch.objects.get().thanks == "Your drawing helped"
    assert "Ana thanks you: “Your drawing helped”" in page_of(as_account(ben.account), "my_helping")
    assert "Your drawing helped" in page_of(as_account(classroom.teacher), "section_helping", classroom.section.pk)
    lines = read_at_home(ben, ben.account, today=timezone.localdate()).lines
    assert ("Ana thanks you", "“Your drawing helped”") in [(line.title, line.reason) for line in lines]


def test_what_is_told_ends_the_pair_and_takes_the_thanks_off(classroom, as_account, ben, pair):
    PeerMatch.objects.update(agreed_at=timezone.now(), thanks="Mean words", thanked_at=timezone.now())
    client = as_account(ben.account)
    for _click in range(2):
        client.post(reverse("pair_tell", args=[pair.pk]), {"why": "It made me sad"})
    report = PeerReport.objects.get()
    teacher = as_account(classroom.teacher)
    assert "It made me sad" in page_of(teacher, "today")

    url = reverse("peer_report_decide", args=[report.pk])
    teacher.post(url, {"do": "end", "answer": "Thank you for telling."})
    teacher.post(url, {"do": "keep", "answer": "No."})

    report.refresh_from_db()
    assert (report.outcome, report.answer, report.decided_by) == ("ended", "Thank you for telling.", classroom.teacher)
    page = page_of(as_account(ben.account), "my_helping")
    assert "Mean words" not in page
    assert "Thank you for telling." in page
    assert read_at_home(ben, ben.account, today=timezone.localdate()).lines == []
    asker = page_of(as_account(classroom.account), "my_helping")
    assert "It made me sad" not in asker
    assert "Thank you for telling." not in asker


def test_a_report_stays_for_grown_ups_when_the_class_switches_it_off(classroom, as_account, ben, pair, switched_on):
    as_account(ben.account).post(reverse("pair_tell", args=[pair.pk]), {"why": "It made me sad"})
    PeerClass.objects.update(pairs_on=False)

    for account in (classroom.teacher, make_school_admin(classroom.school)):
        assert "It made me sad" in page_of(as_account(account), "section_helping", classroom.section.pk)


def test_a_substitute_reads_none_of_it(classroom, as_account, pair):
    substitute = as_account(make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE))

    assert substitute.get(reverse("section_helping", args=[classroom.section.pk])).status_code == 404
    assert "help with" not in page_of(substitute, "today")


# Families, moves


def test_families_read_their_child_and_no_name_of_another(classroom, as_account, ben, pair):
    PeerMatch.objects.update(agreed_at=timezone.now(), thanks="Your drawing helped", thanked_at=timezone.now())
    mother = as_account(classroom.guardian())

    page = page_of(mother, "learner_helping", classroom.learner.pk)

    assert "Gets help from a classmate." in page
    assert "Your drawing helped" in page
    assert "Ben" not in page
    assert mother.get(reverse("learner_helping", args=[ben.pk])).status_code == 404
    assert "Helps a classmate." in page_of(as_account(make_guardian(ben)), "learner_helping", ben.pk)


def test_a_withdrawal_ends_the_pair_and_keeps_it(classroom, as_account, ben, pair):
    row = Enrollment.objects.get(learner=ben)
    enrollments.withdraw(enrollment=row, by=classroom.teacher, from_day=timezone.localdate())

    pair.refresh_from_db()
    assert pair.ended_because == Because.LEFT
    assert "Ben" in page_of(as_account(classroom.account), "my_helping")
    assert "could help" not in page_of(as_account(classroom.teacher), "section_helping", classroom.section.pk)
    assert PeerNote.objects.filter(learner=ben, closed_at=None).count() == 1


def test_a_last_day_that_comes_by_itself_hides_the_pair(classroom, ben, pair):
    Enrollment.objects.filter(learner=ben).update(ends_on=timezone.localdate() - timedelta(days=1))

    today = timezone.localdate()
    assert read_at_home(classroom.learner, classroom.account, today=today).lines == []
    found = read_class(classroom.section, classroom.teacher, today=today)
    assert (found.going, [match.pk for match in found.ended], found.busy) == ([], [pair.pk], set())


def test_lines_at_home_are_those_of_the_pages(classroom, ben, pair):
    """The statement of Home and the querysets say the same pairs."""
    today = timezone.localdate()
    for change in ({}, {"agreed_at": timezone.now()}, {"ends_on": today, "day": today}, {"ended_at": timezone.now()}):
        PeerMatch.objects.filter(pk=pair.pk).update(**change)
        shown = PeerMatch.objects.of(classroom.account).on(today).exists()
        assert bool(read_at_home(classroom.learner, classroom.account, today=today).lines) == shown, change


# Today, and what pages cost


def test_today_says_in_one_line_who_asks_and_how_many_offer(classroom, teacher, ben, switched_on):
    cem = classroom.classmate(given_name="Cem")
    for learner in (classroom.learner, cem):
        make_peer_note(learner, classroom.section, classroom.standards[0])
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")

    page = page_of(teacher, "today")

    assert f"<strong>2 students</strong> ask for help with {classroom.standards[0].label}" in page
    assert "Ana and Cem. 1 offers it." in page

    make_pair(ben, cem, classroom.section, classroom.standards[0])
    assert "<strong>1 student</strong> asks for help with" in page_of(teacher, "today")


@pytest.mark.parametrize("route", ["section_helping", "my_helping", "learner_helping"])
def test_pages_take_as_many_statements_for_many_as_for_few(classroom, as_account, switched_on, route):
    account = {
        "section_helping": classroom.teacher,
        "my_helping": classroom.account,
        "learner_helping": classroom.guardian(),
    }[route]
    pk = {"section_helping": [classroom.section.pk], "my_helping": [], "learner_helping": [classroom.learner.pk]}[route]
    client, counts = as_account(account), []
    for size in (30, 150):
        while PeerNote.objects.count() < size:
            n = PeerNote.objects.count()
            learner = classroom.classmate(given_name=f"Kid {n}")
            kind = "offer" if n % 2 else "wish"
            make_peer_note(learner, classroom.section, classroom.standards[n % 3], kind)
            if n % 3 == 0:
                make_pair(
                    learner,
                    classroom.learner,
                    classroom.section,
                    classroom.standards[0],
                    ended_at=timezone.now(),
                    agreed_at=timezone.now(),
                )
        client.get(reverse(route, args=pk))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse(route, args=pk))
        counts.append(len(made))

    assert counts[0] == counts[1]
