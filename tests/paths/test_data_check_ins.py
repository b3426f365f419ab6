"""Check-ins of data meetings: whose students stand in the grid, what was decided, what happened since, who reads it."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.mastery.left_out import EXCUSED
from assessments.models import Mastery
from lrm.scope import district_scope
from paths.models import DataCheckIn, DataCheckInReader, DataDecision, Goal
from paths.services.check_in_grid import MOST
from profiles.models import AccessLog, Learner, Support
from standards.models import Subject
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, make_assessment, make_result
from tests.factories.classes import join
from tests.factories.profiles import make_district_admin, make_roster, make_school, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code
from tests.paths.data_meeting import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    found = Meeting()
    with district_scope(found.school.district_id):
        yield found


def url(check_in, route="data_check_in", **query):
    address = reverse(route, args=[check_in.uuid])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


def rows(answer):
    return {row["learner"].pk: row for row in answer.context["rows"]}


def text_of(answer, learner, column):
    return next(str(cell["text"]) for cell in rows(answer)[learner.pk]["cells"] if cell["key"] == column)


def sent(**changes):
    today = timezone.localdate().isoformat()
    return {"uuid": uuid4(), "name": "Fractions", "held_on": today, "columns": ["met"], "act": "save"} | changes


def decision_form(**changes):
    return {"uuid": uuid4(), "text": "Work with the aide", "due_on": ""} | changes


def test_a_colleague_sees_of_a_shared_grid_only_whom_they_may_open(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    meeting.decide(check_in, meeting.ana)
    meeting.decide(check_in, meeting.cleo, text="Ask about reading")
    meeting.decide(check_in, text="Two weeks of fractions")
    whole = as_account(meeting.principal).get(url(check_in))
    assert set(rows(whole)) == {meeting.ana.pk, meeting.ben.pk, meeting.cleo.pk}
    part = as_account(meeting.teacher).get(url(check_in))
    assert set(rows(part)) == {meeting.ana.pk, meeting.ben.pk}
    page = part.content.decode()
    assert ("Work with the aide" in page, "Two weeks of fractions" in page) == (True, True)
    assert ("Ask about reading" in page, meeting.cleo.name in page, meeting.cleo.name in whole.content.decode()) == (
        False,
        False,
        True,
    )
    assert as_account(meeting.teacher).get(url(check_in, at=meeting.cleo.pk)).status_code == 404
    assert as_account(meeting.other).get(url(check_in)).status_code == 404


def test_who_looked_is_noted_for_every_student_of_the_grid(meeting, as_account):
    check_in = meeting.call()
    as_account(meeting.principal).get(url(check_in))
    assert AccessLog.objects.latest("pk").learner_ids == sorted([meeting.ana.pk, meeting.ben.pk, meeting.cleo.pk])


def test_filters_narrow_by_class_grade_and_teacher(meeting, as_account):
    client = as_account(meeting.principal)
    Learner.objects.filter(pk=meeting.ben.pk).update(grade="04")
    Learner.objects.exclude(pk=meeting.ben.pk).update(grade="05")

    def found(**filters):
        return set(rows(client.get(url(meeting.call(filters=filters)))))

    assert found(section=str(meeting.birch.pk)) == {meeting.cleo.pk}
    assert found(grade="05") == {meeting.ana.pk, meeting.cleo.pk}
    assert found(teacher=str(meeting.teacher.pk)) == {meeting.ana.pk, meeting.ben.pk}
    nowhere = client.get(url(meeting.call(filters={"section": "x" * 40})))
    assert (nowhere.context["rows"], "Nobody fits these filters" in nowhere.content.decode()) == ([], True)


def test_since_counts_from_the_end_of_the_day_of_the_meeting(meeting, as_account):
    first, second = meeting.standards
    meeting.level(meeting.ana, first, (20, 2), (9, 2), (3, 3))
    meeting.level(meeting.ana, second, (20, 4), (2, 3))
    meeting.level(meeting.ben, first, (1, 1))
    assessment = make_assessment(meeting.maple, [first])
    make_result(assessment, meeting.ana, first, 3, ago=3)
    make_result(make_assessment(meeting.maple, [first]), meeting.ana, first, 2, ago=20)
    answer = as_account(meeting.principal).get(url(meeting.call()))
    assert text_of(answer, meeting.ana, "since") == "1 standard up · 1 down · 1 result"
    assert text_of(answer, meeting.ben, "since") == "1 first assessed"
    assert text_of(answer, meeting.cleo, "since") == ""
    assert text_of(answer, meeting.ana, "met") == "2 of 2"
    opened = as_account(meeting.principal).get(url(answer.context["check_in"], at=meeting.ana.pk))
    moves = [(move["label"], move["before"], move["now"]) for move in opened.context["moves"]]
    assert moves == [("5.NF.1", "Building", "Secure"), ("5.NF.2", "Extending", "Secure")]


def test_since_counts_one_subject_where_the_check_in_is_about_one(meeting, as_account):
    reading = make_standard(make_framework(meeting.school.district), subject=_other_subject(meeting), code="R.1")
    meeting.level(meeting.ana, reading, (3, 3))
    meeting.level(meeting.ana, meeting.standards[0], (3, 2))
    every = as_account(meeting.principal).get(url(meeting.call()))
    assert text_of(every, meeting.ana, "since") == "2 first assessed"
    one = meeting.call(filters={"subject": str(reading.subject_id)})
    answer = as_account(meeting.principal).get(url(one))
    assert (text_of(answer, meeting.ana, "since"), text_of(answer, meeting.ana, "met")) == (
        "1 first assessed",
        "1 of 1",
    )


def _other_subject(meeting):
    return Subject.objects.create(district=meeting.school.district, key="reading", title="Reading")


def test_a_decision_says_what_happened_since_it_was_made(meeting, as_account):
    check_in = meeting.call(held_on=meeting.today - timedelta(days=30))
    meeting.decide(check_in, meeting.ana, ago=5)
    meeting.decide(check_in, text="Everybody sets a goal", ago=5)
    Goal.objects.create(learner=meeting.ana, state=Goal.State.LIVE, what="Halves", author=meeting.teacher)
    Goal.objects.create(
        learner=meeting.ben, state=Goal.State.LIVE, what="Thirds", author=meeting.teacher, created_at=days_ago(9)
    )
    Support.objects.create(learner=meeting.ana, kind=Support.Kind.EXTRA_TIME, starts_on=meeting.today)
    answer = as_account(meeting.principal).get(url(check_in))
    said = {line.about: line.since for line in answer.context["lines"]}
    assert said == {
        meeting.ana.name: "1 goal written · 1 support began",
        "Everybody here": "1 goal written · 1 support began",
    }


def test_a_decision_is_kept_once_done_changed_taken_back_and_put_back(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    client, form = as_account(meeting.teacher), decision_form(learner=meeting.ana.pk, owner=meeting.principal.pk)
    for _twice in range(2):
        answer = client.post(url(check_in, "data_check_in_decide"), form)
        assert answer.url == url(check_in, at=meeting.ana.pk)
    decision = DataDecision.objects.get()
    assert (decision.learner, decision.owner, decision.by) == (meeting.ana, meeting.principal, meeting.teacher)
    assert decision.decided_on == meeting.today

    def act(name, by=meeting.principal, **more):
        answer = as_account(by).post(reverse("data_decision", args=[decision.uuid]), {"act": name, **more})
        decision.refresh_from_db()
        return answer.status_code

    act("done")
    assert (decision.done_by, bool(decision.done_at)) == (meeting.principal, True)
    act("open")
    assert decision.done_at is None
    changed = {"text": "Work with Sam", "owner": meeting.teacher.pk, "due_on": ""}
    assert act("change", version=1, **changed) == 302
    assert (decision.text, decision.owner, decision.version) == ("Work with Sam", meeting.teacher, 2)
    assert act("change", version=1, **(changed | {"text": "Mine"})) == 409
    assert decision.text == "Work with Sam"
    act("withdraw")
    page = as_account(meeting.principal).get(url(check_in))
    assert (page.context["lines"], page.context["taken_back"]) == ([], [decision])
    act("restore")
    assert decision.withdrawn_at is None
    assert act("nonsense") == 404
    assert act("done", by=meeting.other) == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "There were no words yet"),
        ({"owner": "0"}, "not shared with this person"),
        ({"due_on": "2020-01-01"}, "This day is past"),
        ({"due_on": "the 3rd"}, "cannot be read"),
    ],
)
def test_a_decision_that_cannot_be_is_said_and_keeps_what_was_typed(meeting, as_account, changes, said):
    check_in = meeting.call()
    form = decision_form(learner=meeting.ana.pk, owner=meeting.principal.pk) | changes
    answer = as_account(meeting.principal).post(url(check_in, "data_check_in_decide"), form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert DataDecision.objects.count() == 0


def test_nobody_decides_about_a_student_whom_they_may_not_open(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    form = decision_form(learner=meeting.cleo.pk, owner=meeting.teacher.pk)
    assert as_account(meeting.teacher).post(url(check_in, "data_check_in_decide"), form).status_code == 404
    assert DataDecision.objects.count() == 0


def test_a_check_in_is_saved_once_shared_changed_and_removed_with_undo(meeting, as_account):
    client = as_account(meeting.principal)
    form = sent(section=meeting.maple.pk, school="", people=[meeting.teacher.pk])
    for _twice in range(2):
        answer = client.post(reverse("data_check_in_new"), form)
    check_in = DataCheckIn.objects.get()
    assert answer.url == url(check_in)
    assert (check_in.filters, check_in.columns) == ({"section": str(meeting.maple.pk)}, ["met"])
    assert check_in.readers.get().account == meeting.teacher
    changed = sent(uuid=check_in.uuid, name="Fractions, again", version=1, grade="05", columns=["goals", "supports"])
    assert client.post(url(check_in, "data_check_in_change"), changed).status_code == 302
    check_in.refresh_from_db()
    assert (check_in.name, check_in.version, check_in.readers.count()) == ("Fractions, again", 2, 0)
    late = client.post(url(check_in, "data_check_in_change"), changed | {"name": "Late"})
    assert (late.status_code, "changed in another window" in late.content.decode()) == (409, True)
    assert as_account(meeting.teacher).post(url(check_in, "data_check_in_remove")).status_code == 404
    answer = client.post(url(check_in, "data_check_in_remove"))
    page = client.get(answer.url)
    assert (page.context["lines"], page.context["undo"]) == ([], check_in)
    assert client.get(url(check_in)).status_code == 404
    assert client.post(url(check_in, "data_check_in_remove"), {"act": "restore"}).url == url(check_in)
    assert client.get(url(check_in)).status_code == 200


def test_a_look_says_who_would_be_in_it_keeps_what_was_typed_and_saves_nothing(meeting, as_account):
    form = sent(section=meeting.maple.pk, act="look", name="", held_on="soon")
    answer = as_account(meeting.principal).post(reverse("data_check_in_new"), form)
    assert (answer.status_code, answer.context["n"], DataCheckIn.objects.count()) == (200, 2, 0)
    assert meeting.ana.name in answer.content.decode()
    assert 'value="soon"' in answer.content.decode()


def test_colleagues_stay_ticked_when_the_district_looks_at_another_school(meeting, as_account):
    other = make_school(meeting.school.district)
    office = as_account(make_district_admin(meeting.school.district))
    form = sent(school=other.pk, people=[meeting.teacher.pk])
    looked = office.post(reverse("data_check_in_new"), form | {"act": "look"})
    assert (looked.context["n"], looked.context["form"]["people"].value()) == (0, [str(meeting.teacher.pk)])
    assert meeting.teacher.name in looked.content.decode()
    assert office.post(reverse("data_check_in_new"), form).status_code == 302
    assert DataCheckInReader.objects.get().account == meeting.teacher
    # Who does not administer the district names those who are offered, and nobody by a number.
    far = make_teacher(make_roster(other))
    refused = as_account(meeting.principal).post(reverse("data_check_in_new"), sent(people=[far.pk]))
    assert (refused.status_code, far.name in refused.content.decode()) == (422, False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Give it a name"),
        ({"columns": []}, "Tick at least one column"),
        ({"held_on": "2126-01-01"}, "This day is far off"),
        ({"section": "9"}, "not among the others"),
        ({"email": "nobody@example.org"}, "Nobody on the staff"),
    ],
)
def test_a_check_in_that_cannot_be_is_said(meeting, as_account, changes, said):
    answer = as_account(meeting.principal).post(reverse("data_check_in_new"), sent() | changes)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert DataCheckIn.objects.count() == 0


def test_more_students_than_a_grid_shows_are_said_and_not_shown(meeting, as_account, monkeypatch):
    monkeypatch.setattr("paths.services.check_in_grid.MOST", 2)
    monkeypatch.setattr("paths.views.data_check_ins.MOST", 2)
    client = as_account(meeting.principal)
    refused = client.post(reverse("data_check_in_new"), sent())
    assert (refused.status_code, "a grid shows 2 at most" in refused.content.decode()) == (422, True)
    answer = client.get(url(meeting.call()))
    assert (answer.context["rows"], answer.context["is_wide"]) == ([], True)
    assert MOST == 300


def test_the_grid_is_shown_and_sorted_as_asked(meeting, as_account):
    meeting.level(meeting.ana, meeting.standards[0], (3, 3))
    meeting.level(meeting.ben, meeting.standards[0], (60, 1))
    check_in = meeting.call()
    meeting.decide(check_in, meeting.ana)
    client = as_account(meeting.principal)

    def order(**query):
        return [row["learner"] for row in client.get(url(check_in, **query)).context["rows"]]

    assert order(show="decided") == [meeting.ana]
    assert set(order(show="no_result")) == {meeting.ben, meeting.cleo}
    assert order(sort="met")[:2] == [meeting.ben, meeting.ana]
    assert order(sort="decisions")[0] == meeting.ana
    assert len(order(show="nonsense", sort="nonsense")) == 3


def test_the_file_holds_what_the_page_shows_after_a_second_step(meeting, as_account):
    check_in = meeting.call(columns=["met", "supports"])
    meeting.decide(check_in, meeting.ana, text="=Work", due_on=meeting.today)
    Support.objects.create(learner=meeting.ana, kind=Support.Kind.READ_ALOUD, starts_on=meeting.today)
    meeting.level(meeting.ana, meeting.standards[0], (3, 3))
    meeting.level(meeting.ana, meeting.standards[1], (3, 3))
    excused = {"level": None, "shown_level": None, "value_micro": None, "n": 0, "left_out": EXCUSED}
    Mastery.objects.filter(standard=meeting.standards[1]).update(**excused)
    client = as_account(meeting.principal)
    text = " ".join(client.get(url(check_in)).content.decode().split())
    assert "1 standard of a student with a record and no level (1 excused); 2 students have no level at all." in text
    assert "of levels: Newest counts most, 65 %." in text
    asked = client.get(url(check_in, "data_check_in_csv"))
    assert (asked.status_code, "next=" in asked.url) == (302, True)
    answer = with_fresh_code(client).get(url(check_in, "data_check_in_csv", show="decided"))
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == [
        *("Student", "Key", "Grade", "Classes", "Standards met", "Supports", "Decisions"),
        *("Left out", "Left out: excused", "Left out: not seen", "Left out: practice only"),
        *("Left out: no level by the method yet", "Method", "As of"),
    ]
    assert row[7:13] == ["1", "1", "0", "0", "0", "Newest counts most, 65 %"]
    assert row[0] == meeting.ana.name
    assert row[4:7] == [
        "1 of 1",
        "Read aloud",
        f"'=Work, {meeting.principal.name}, until {meeting.today.isoformat()}, open",
    ]


def test_list_names_ones_own_and_those_that_are_shared(meeting, as_account):
    mine, shared = meeting.call(by=meeting.teacher, name="Mine"), meeting.call(meeting.teacher, name="Shared")
    meeting.call(name="Of others")
    meeting.decide(shared, meeting.cleo)
    meeting.decide(shared, done_at=timezone.now())
    page = as_account(meeting.teacher).get(reverse("data_check_ins"))
    lines = {line["check_in"]: (line["open"], line["n"]) for line in page.context["lines"]}
    assert lines == {mine: (0, 0), shared: (0, 1)}


def test_list_begins_with_what_is_ones_own_to_do(meeting, as_account):
    check_in = meeting.call(meeting.teacher)
    later = meeting.decide(check_in, meeting.ana, owner=meeting.teacher, due_on=meeting.today + timedelta(days=9))
    first = meeting.decide(check_in, owner=meeting.teacher, due_on=meeting.today)
    meeting.decide(check_in, meeting.ben, owner=meeting.teacher, done_at=timezone.now())
    meeting.decide(check_in, meeting.ben, owner=meeting.teacher, withdrawn_at=timezone.now())
    meeting.decide(check_in, meeting.cleo, owner=meeting.teacher)
    meeting.decide(check_in, meeting.ben)
    page = as_account(meeting.teacher).get(reverse("data_check_ins"))
    assert [each["decision"] for each in page.context["to_do"]] == [first, later]
    assert [each["url"] for each in page.context["to_do"]] == [
        url(check_in, at="all"),
        url(check_in, at=meeting.ana.pk),
    ]
    assert AccessLog.objects.latest("pk").learner_ids == [meeting.ana.pk]
    DataCheckIn.objects.update(removed_at=timezone.now())
    assert as_account(meeting.teacher).get(reverse("data_check_ins")).context["to_do"] == []


def test_statements_do_not_grow_with_students_and_decisions(meeting, as_account):
    def statements(check_in):
        client = as_account(meeting.principal)
        with assert_statements(at_most=20) as captured:
            assert client.get(url(check_in, at=meeting.ana.pk)).status_code == 200
        return len(captured.captured_queries)

    few = statements(meeting.call())
    for learner in join(meeting.maple.roster, 20):
        meeting.level(learner, meeting.standards[0], (20, 2), (3, 3))
    check_in = meeting.call()
    for learner in Learner.objects.all():
        meeting.decide(check_in, learner)
        meeting.decide(check_in)
    assert statements(check_in) == few
