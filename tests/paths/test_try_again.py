"""Ready to try again: asked with proof, placed, tried in the same grid; the new try takes the place of the old ones."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Mastery
from lrm.days import said
from paths.models import Artifact, TryPlace, TryRequest
from paths.services.errors import NotNow
from paths.services.today import read_today
from paths.services.try_places import Place, answer_request, close_place, open_places, start_try, wanted_by
from paths.services.try_requests import (
    AlreadyAsked,
    NoClass,
    Proof,
    ask_to_try,
    free_places,
    give_place_back,
    section_for,
    show_more,
    take_place,
    withdraw,
)
from standards.models import Standard
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.paths import make_goal, make_mastery
from tests.factories.profiles import enroll, make_learner, make_roster, make_section, make_teacher

State = TryRequest.State
NOW = timezone.now()


@pytest.fixture
def asked(classroom):
    return ask(classroom)


def ask(classroom, learner=None, *, words="I drew both sums.", **values):
    learner = learner or classroom.learner
    values = {"standard": classroom.standards[0], "uuid": uuid.uuid4(), "by": learner.account, "now": NOW} | values
    return ask_to_try(learner=learner, proof=Proof(words), **values)


def open_for(classroom, *requests, seats=None, **place):
    return open_places(
        section=classroom.section,
        standard=classroom.standards[0],
        request_ids=[row.pk for row in requests],
        place=Place(seats=seats or len(requests), **place),
        by=classroom.teacher,
        now=NOW,
    )


def states():
    return list(TryRequest.objects.order_by("pk").values_list("state", flat=True))


def result(section, standard, learner, points, *, kind=Assessment.Kind.REASSESSMENT):
    return give(make_assessment(section, [standard], kind=kind), learner, standard, points)


# The learner


def test_request_goes_to_the_class_that_teaches_the_standard(classroom, asked):
    assert (asked.section, asked.state) == (classroom.section, State.ASKED)


def test_request_for_what_no_class_teaches_goes_to_any_class_and_without_a_class_nowhere(classroom):
    other = make_section(classroom.roster)
    assert section_for(classroom.learner, classroom.standards[0]) == classroom.section
    alone = make_learner(classroom.school, account=True)
    assert other != classroom.section
    with pytest.raises(NoClass):
        ask(classroom, alone)


def test_same_form_twice_is_one_request_and_another_form_for_the_standard_is_told(classroom):
    form = uuid.uuid4()
    assert ask(classroom, uuid=form) == ask(classroom, uuid=form)
    with pytest.raises(AlreadyAsked):
        ask(classroom)
    assert TryRequest.objects.count() == 1


def test_request_that_is_over_lets_a_new_one_begin(classroom, asked):
    withdraw(request_id=asked.pk, now=NOW)
    ask(classroom)

    assert states() == [State.WITHDRAWN, State.ASKED]


def test_proof_holds_own_work_only(classroom):
    mine, theirs = (
        Artifact.objects.create(learner=learner, by=learner.account, kind="text", text="Ten clocks.")
        for learner in (classroom.learner, classroom.classmate())
    )
    found = ask_to_try(
        learner=classroom.learner,
        standard=classroom.standards[0],
        uuid=uuid.uuid4(),
        proof=Proof("I practiced.", work_ids=(mine.pk, theirs.pk)),
        by=classroom.account,
        now=NOW,
    )
    assert list(found.work.all()) == [mine]


def test_learner_asks_from_the_receipt_in_two_pages(classroom, me):
    result(classroom.section, classroom.standards[0], classroom.learner, 2, kind=Assessment.Kind.FORMATIVE)
    work_off()
    receipt = me.get(reverse("receipt", args=[classroom.learner.pk, classroom.standards[0].pk])).content.decode()
    url = re.search(r'href="([^"]*try-again/\?standard=\d+)"', receipt)[1]

    form = me.get(url).content.decode()
    assert re.search(rf'<option value="{classroom.standards[0].pk}"\s+selected', form)
    me.post(url, {"standard": classroom.standards[0].pk, "practiced": "Ten clocks.", "link": "example.org/clock"})

    found = TryRequest.objects.get()
    assert (found.practiced, found.link) == ("Ten clocks.", "https://example.org/clock")
    assert me.get(url).url == reverse("try_request", args=[found.pk])


@pytest.mark.parametrize("values", [{}, {"practiced": ""}, {"practiced": "x", "link": "javascript:alert(1)"}])
def test_request_without_proof_or_with_another_kind_of_link_is_refused(classroom, me, values):
    answer = me.post(reverse("try_new"), {"standard": classroom.standards[0].pk} | values)

    assert (answer.status_code, TryRequest.objects.count()) == (422, 0)


def test_answered_request_waits_again_once_more_is_shown(classroom, asked, me, teacher):
    teacher.post(reverse("try_answer", args=[asked.pk]), {"text": "First show me one with 12ths."})
    assert states() == [State.ANSWERED]
    assert "First show me one with 12ths." in me.get(reverse("try_request", args=[asked.pk])).content.decode()

    me.post(reverse("try_change", args=[asked.pk]), {"practiced": "Here is one with 12ths."})
    assert states() == [State.ASKED]


# Places


def test_places_go_to_the_longest_waiting_and_the_others_wait_on(classroom):
    first, second, third = (
        ask(classroom, classroom.classmate(), now=NOW + timedelta(minutes=number)) for number in range(3)
    )
    open_for(classroom, third, second, first, seats=2)

    assert states() == [State.PLACED, State.PLACED, State.ASKED]


def test_place_given_back_is_free_for_another(classroom, asked):
    place = open_for(classroom, asked)
    other = ask(classroom, classroom.classmate())
    assert list(free_places(other)) == []

    give_place_back(request_id=asked.pk, now=NOW)
    assert list(free_places(other)) == [place]
    take_place(request_id=other.pk, place_id=place.pk, now=NOW)
    assert states() == [State.ASKED, State.PLACED]


def test_last_seat_is_taken_once(classroom, asked):
    place = open_for(classroom, asked)
    with pytest.raises(NotNow):
        take_place(request_id=ask(classroom, classroom.classmate()).pk, place_id=place.pk, now=NOW)


def test_seat_of_another_standard_is_not_for_this_request(classroom, asked):
    place = open_for(classroom, asked, seats=5)
    other = ask(classroom, classroom.classmate(), standard=classroom.standards[1])
    with pytest.raises(NotNow):
        take_place(request_id=other.pk, place_id=place.pk, now=NOW)


def test_day_that_is_over_has_no_free_seat(classroom, asked):
    open_for(classroom, asked, seats=3, day=timezone.localdate() - timedelta(days=1))
    assert list(free_places(ask(classroom, classroom.classmate()))) == []


def test_closed_place_lets_its_requests_wait_again(classroom, asked):
    place = open_for(classroom, asked)

    assert close_place(place_id=place.pk, now=NOW) == 1
    assert states() == [State.ASKED]


def test_what_is_placed_is_neither_answered_nor_reworded(classroom, asked):
    open_for(classroom, asked)
    with pytest.raises(NotNow):
        answer_request(request_id=asked.pk, text="Hm.", by=classroom.teacher, now=NOW)
    with pytest.raises(NotNow):
        show_more(request_id=asked.pk, proof=Proof("More."), by=classroom.account, now=NOW)


def test_teacher_opens_places_on_the_page_and_the_learner_sees_where(classroom, asked, teacher, me):
    page = teacher.get(reverse("try_requests")).content.decode()
    assert asked.practiced in page

    day = timezone.localdate() + timedelta(days=1)
    values = {"request": [asked.pk], "seats": "1", "day": str(day), "time_text": "11:15", "place": "Window table"}
    teacher.post(reverse("try_open"), values)

    found = me.get(reverse("try_request", args=[asked.pk])).content.decode()
    assert ["11:15" in found, "Window table" in found] == [True, True]
    me.post(reverse("try_act", args=[asked.pk]), {"do": "give_back"})
    assert states() == [State.ASKED]


@pytest.mark.parametrize(
    "values", [{"seats": "1"}, {"seats": "0", "any_time": "on"}, {"seats": "1", "day": "2020-01-01"}, {"seats": "x"}]
)
def test_places_without_a_day_or_a_seat_are_not_opened_and_the_choice_stays(asked, teacher, values):
    answer = teacher.post(reverse("try_open"), {"request": [asked.pk], **values})

    assert (answer.status_code, states()) == (422, [State.ASKED])
    assert re.search(rf'value="{asked.pk}"[^>]*\schecked', answer.content.decode())


def test_page_of_the_teacher_costs_the_same_for_one_and_for_thirty(classroom, asked, teacher):
    teacher.get(reverse("try_requests"))
    with assert_statements(at_most=14) as one:
        teacher.get(reverse("try_requests"))
    for _ in range(29):
        ask(classroom, classroom.classmate())

    with assert_statements(exactly=len([q for q in one.captured_queries if "SAVEPOINT" not in q["sql"]])):
        teacher.get(reverse("try_requests"))


# The new try


def test_whole_way_from_a_low_level_to_a_celebrated_one(classroom, me, teacher, as_account):
    standard, learner = classroom.standards[0], classroom.learner
    for ago, points in ((20, 1), (10, 2)):
        early = make_assessment(classroom.section, [standard], given_on=timezone.localdate() - timedelta(days=ago))
        give(early, learner, standard, points, at=days_ago(ago))
    work_off()
    before = Mastery.objects.get(learner=learner, standard=standard)
    asked = ask(classroom)
    bystander = classroom.classmate()
    place = open_for(classroom, asked, day=timezone.localdate())

    answer = teacher.post(reverse("try_start", args=[place.pk]))
    grid = teacher.get(answer.url).content.decode()
    assert [learner.name in grid, bystander.name in grid] == [True, False]
    assessment = Assessment.objects.get(kind=Assessment.Kind.REASSESSMENT)
    assert teacher.post(reverse("try_start", args=[place.pk])).url == answer.url  # twice is one assessment

    teacher.post(
        reverse("assessment_cells", args=[assessment.pk]),
        {"cells": [{"learner": learner.pk, "standard": standard.pk, "text": "4"}]},
        content_type="application/json",
    )
    work_off()

    after = Mastery.objects.get(learner=learner, standard=standard)
    assert (before.shown_level, after.shown_level, after.value_micro) == (2, 4, 4_000_000)
    receipt = me.get(reverse("receipt", args=[learner.pk, standard.pk])).content.decode()
    assert receipt.count("earlier try, not counted") == 2
    asked.refresh_from_db()
    place.refresh_from_db()
    assert (asked.state, place.closed_at is None) == (State.DONE, False)
    home = me.get(reverse("home")).content.decode()
    assert "You went from Building to Extending." in home
    assert "You tried again" in home
    assert "Thank you" in me.get(reverse("try_request", args=[asked.pk])).content.decode()


def test_result_that_is_no_new_try_or_of_another_standard_leaves_the_request(classroom, asked):
    result(classroom.section, classroom.standards[0], classroom.learner, 3, kind=Assessment.Kind.FORMATIVE)
    result(classroom.section, classroom.standards[1], classroom.learner, 3)
    result(classroom.section, classroom.standards[0], classroom.classmate(), 3)
    assert states() == [State.ASKED]

    result(classroom.section, classroom.standards[0], classroom.learner, 2)
    assert states() == [State.DONE]


def test_saving_what_is_no_new_try_asks_the_database_nothing_more(classroom):
    assessment = make_assessment(classroom.section, [classroom.standards[0]])
    with assert_statements(at_most=20) as captured:
        give(assessment, classroom.learner, classroom.standards[0], 3)

    assert [query for query in captured.captured_queries if "paths_try" in query["sql"]] == []


# Today and Home


def test_today_names_them_first_and_in_one_line(classroom, teacher):
    learners = [classroom.learner, classroom.classmate(), classroom.classmate()]
    for number, learner in enumerate(learners):
        ask(classroom, learner, now=NOW + timedelta(minutes=number))
    make_goal(classroom.learner, standards=(classroom.standards[1],), what="Something that waits for a yes")
    page = teacher.get(reverse("today")).content.decode()

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    names = f"{learners[0].first_name}, {learners[1].first_name} and {learners[2].first_name}"
    assert f"{names} are ready to try {classroom.standards[0].label} again" in text
    assert "Open 3 places" in text
    assert text.index("are ready to try") < text.index("Something that waits")


def test_today_of_a_teacher_of_another_class_says_nothing_of_it(asked, stranger, as_account):
    assert "ready to try" not in as_account(stranger).get(reverse("today")).content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "Their place is open."), (-1, "Their place is open."), (0, "Today, 10:15."), (7, None)],
)
def test_place_is_on_today_once_its_week_has_come_and_at_once_where_it_has_none(classroom, teacher, asked, days, words):
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    open_for(classroom, asked, day=day, time_text="10:15")

    page = teacher.get(reverse("today")).content.decode()

    assert [each for each in ("Their place is open.", "Today, 10:15.") if each in page] == ([words] if words else [])
    assert page.count("10:15") == (1 if days == 0 else 0)


@pytest.mark.parametrize("days", [1, 6])
def test_place_of_a_later_day_of_the_week_is_told_with_its_day(classroom, teacher, asked, days):
    day = timezone.localdate() + timedelta(days=days)
    open_for(classroom, asked, day=day, time_text="10:15")

    make_goal(classroom.learner, standards=(classroom.standards[1],))

    lines = read_today(classroom.teacher, today=timezone.localdate()).lines

    assert [(line.part, line.reason) for line in lines if line.key.startswith("try_place:")] == [
        ("week", f"{said(day)}, 10:15.")
    ]
    assert lines[0].key.startswith("goal")


def test_standard_whose_statement_has_several_lines_stays_one_name(classroom, teacher, me, asked):
    Standard._base_manager.filter(pk=asked.standard_id).update(
        code="", short_title="", statement="Add\nand\r\nsubtract."
    )
    open_for(classroom, asked, day=timezone.localdate(), time_text="10:15")

    assert "tries Add and  subtract. again" in teacher.get(reverse("today")).content.decode()
    assert "Try again: Add and  subtract." in me.get(reverse("home")).content.decode()


def test_home_offers_a_new_try_and_says_when_there_is_a_place(classroom, me):
    row = make_mastery(classroom.learner, classroom.standards[0], 2)
    Mastery.objects.filter(pk=row.pk).update(last_observed_at=NOW - timedelta(days=8))
    assert "Ready to try again?" in me.get(reverse("home")).content.decode()

    asked = ask(classroom)
    open_for(classroom, asked, time_text="11:15", day=timezone.localdate())
    home = me.get(reverse("home")).content.decode()
    assert ["Ready to try again?" in home, "Try again: " in home, "11:15" in home] == [False, True, True]


# Rights


def test_request_is_read_by_the_circle_and_answered_by_the_class_alone(classroom, asked, as_account, stranger):
    url = reverse("try_request", args=[asked.pk])
    readers = (classroom.account, classroom.teacher, classroom.guardian(), classroom.classmate().account, stranger)
    assert [as_account(reader).get(url).status_code for reader in readers] == [200, 200, 200, 404, 404]

    answer = reverse("try_answer", args=[asked.pk])
    assert as_account(stranger).post(answer, {"text": "Hm."}).status_code == 404
    assert wanted_by(stranger) == []


def test_learner_moved_to_another_class_keeps_the_request(classroom, asked):
    new = make_section(make_roster(classroom.school))
    enroll(classroom.learner, new.roster)
    asked.refresh_from_db()

    assert asked.state == State.ASKED
    assert [row.requests for row in wanted_by(classroom.teacher)] == [[asked]]


def test_place_with_nobody_starts_nothing_else_than_its_own_class(classroom, asked, as_account):
    place = open_for(classroom, asked)
    assert (
        as_account(make_teacher(make_roster(classroom.school))).post(reverse("try_start", args=[place.pk])).status_code
        == 404
    )
    assert start_try(place_id=place.pk, by=classroom.teacher)[1] == [classroom.learner.pk]
    assert TryPlace.objects.get().assessment.kind == Assessment.Kind.REASSESSMENT
