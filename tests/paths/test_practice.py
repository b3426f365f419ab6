"""Practice: whom goals, check-ins, choices and conferences reach, what a figure opens, and what is not listed."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.minimums import Minimums
from lrm.scope import district_scope
from paths.models import Place as Room
from paths.models import Project, StepProposal, TryRequest, Worked
from paths.services.practice import (
    ANSWERED,
    ASKED,
    BLOCK,
    CHECK_IN,
    CHOICE,
    CONFERENCE,
    GOAL,
    OFFERED,
    OWN,
    PLACE,
    enough_together,
    read_practice,
)
from profiles import second_step
from profiles.models import AccessLog, Enrollment, Learner
from profiles.policy_values import Line
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, make_group
from tests.factories.classes import join
from tests.factories.paths import (
    make_board,
    make_check_in,
    make_conference,
    make_goal,
    make_path,
    make_project,
    make_try_request,
)
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    make_block,
    make_district_admin,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_session,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


class Place:
    """A class of twelve in grade 5 and one of twelve in grade 4, at one of two schools; the other has three."""

    def __init__(self):
        self.school = make_school(name="Alder Creek")
        self.far = make_school(self.school.district, name="Birchwood")
        self.section = make_section(make_roster(self.school, grade="05"), title="5 Larch")
        self.teacher = make_teacher(self.section.roster)
        self.standard = make_standard(make_framework(self.school.district), code="5.NF.1")
        self.learners = join(self.section.roster, 12)
        self.younger = join(make_roster(self.school, grade="04"), 12)
        self.others = join(make_roster(self.far, grade="05"), 3)
        self.today = timezone.localdate()

    def facts(self, learner, *, since=None):
        since = since or self.today - timedelta(days=60)
        ids = [self.school.pk, self.far.pk]
        found = read_practice(ids, zone="America/New_York", since=since, today=self.today)
        return next((row.facts for row in found.rows if row.learner_id == learner.pk), None)


@pytest.fixture
def place():
    found = Place()
    with district_scope(found.school.district_id):
        yield found


def test_what_counts_as_a_goal_a_check_in_a_choice_a_conference_and_an_answer(place):
    live, done, chose, proposed, planned, asked = place.learners[:6]
    goal = make_goal(live)
    make_check_in(goal, at=days_ago(3))
    make_check_in(make_goal(done, state="achieved", achieved_at=timezone.now()), at=days_ago(20))
    board = make_board(chose)
    board.steps.filter(position=1).update(chosen_at=days_ago(2))
    make_board(proposed)
    StepProposal.objects.create(learner=proposed, title="Read it aloud")
    StepProposal.objects.create(learner=planned, title="No more", state=StepProposal.State.TAKEN_BACK)
    make_project(planned, state=Project.State.DRAFT)
    make_conference(live, place.teacher, held_at=days_ago(1))
    make_conference(planned, place.teacher)
    make_try_request(asked, place.standard, place.section)
    make_try_request(
        asked, make_standard(place.standard.framework), place.section, state="done", closed_at=timezone.now()
    )
    make_try_request(live, place.standard, place.section, state=TryRequest.State.WITHDRAWN, closed_at=timezone.now())
    assert [place.facts(learner) for learner in place.learners[:6]] == [
        {GOAL: 1, CHECK_IN: 1, CONFERENCE: 1},
        {},
        {CHOICE: 1, OFFERED: 1},
        {CHOICE: 1, OFFERED: 1},
        {},
        {ASKED: 2, ANSWERED: 1},
    ]


def test_days_in_kinds_of_groups_count_once_each_and_within_the_term(place):
    first, second, *_rest = place.learners
    start = place.today - timedelta(days=9)
    make_group(place.section, place.standard, [first], starts_on=start, ends_on=place.today - timedelta(days=5))
    make_group(place.section, place.standard, [first], starts_on=start + timedelta(days=2), closed_at=days_ago(2))
    make_group(place.section, place.standard, [second], purpose="extend", ends_on=place.today + timedelta(days=9))
    make_group(place.section, place.standard, [second], starts_on=place.today + timedelta(days=1))
    block = make_block(place.section, [place.teacher])
    make_group(block.section, place.standard, [second], purpose="extend", starts_on=place.today - timedelta(days=1))
    assert place.facts(first) == {"reteach": 8}
    assert place.facts(first, since=place.today - timedelta(days=4)) == {"reteach": 3}
    assert place.facts(second) == {"extend": 2, BLOCK: 2}
    assert place.facts(second).get(OWN) is None


def test_learners_are_counted_once_at_home_and_who_is_in_no_class_is_left_out(place, as_account):
    Enrollment.objects.create(
        roster=make_roster(place.far), learner=place.learners[0], role="learner", starts_on=place.today
    )
    Enrollment.objects.filter(learner=place.learners[1]).update(ends_on=place.today - timedelta(days=1))
    Learner.objects.filter(pk=place.learners[2].pk).update(left_on=place.today)
    page = as_account(make_district_admin(place.school.district)).get(reverse("practice"))
    lines = {line.name: line.learners for line in page.context["lines"]}
    assert lines == {"All schools": 25, "Alder Creek": 22, "Birchwood": 3}
    assert [line.left_out for line in page.context["lines"]] == [1, 1, 0]


def test_who_is_in_no_class_is_told_by_why_on_page_panel_and_file(place, as_account):
    first, second, third, fourth, *_rest = place.learners
    yesterday, tomorrow = place.today - timedelta(days=1), place.today + timedelta(days=1)
    lists = Enrollment.objects.filter(roster=place.section.roster)
    lists.filter(learner=first).update(ends_on=yesterday)
    lists.filter(learner=second).update(starts_on=tomorrow)
    lists.filter(learner=third).delete()
    lists.filter(learner=fourth).update(ends_on=yesterday)
    block = make_block(place.section, [place.teacher])
    Enrollment.objects.create(roster=block.section.roster, learner=fourth, role="learner", starts_on=place.today)
    client = as_account(make_school_admin(place.school))
    said = "1 on no class list yet, 1 not on one any more, 1 on one from a later day, 1 in a tutoring block alone"
    page = client.get(reverse("practice"), {"at": f"all.{GOAL}"})
    total, fourth_grade, fifth_grade = page.context["lines"]
    assert (total.left_out, fourth_grade.left_out, fifth_grade.left_out) == (4, 0, 4)
    assert [line.reasons for line in (total, fifth_grade)] == [
        f"{said}; A group to extend: 8 of a grade with too few"
    ] * 2
    text = " ".join(page.content.decode().split())
    assert f"<b>4</b> <small>{said}" in text
    assert f"4 students are left out: {said}. As of today" in text
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("practice_csv")).content.decode("utf-8-sig"))))
    goal, *_others, extend = [row for row in rows if row["Grade"] == "Grade 5"]
    columns = ["", ": on no class list yet", ": in a tutoring block alone", ": of a grade with too few"]
    assert [goal[f"Left out{column}"] for column in columns] == ["4", "1", "1", "0"]
    assert [extend[f"Left out{column}"] for column in columns] == ["12", "1", "1", "8"]


def test_page_says_first_what_to_do_and_a_figure_opens_who_is_missing(place, as_account, monkeypatch):
    for learner in place.learners[:10] + place.younger:
        make_goal(learner)
    make_try_request(place.learners[0], place.standard, place.section)
    client = as_account(make_school_admin(place.school))
    page = client.get(reverse("practice"))
    text = page.content.decode()
    assert text.index("What to do next") < text.index("<table")
    first, second, *_rest = page.context["advice"]
    assert first["text"].startswith("1 student waits for an answer")
    assert second["text"].startswith("2 of 24 students have no live goal.")
    total, younger, older = page.context["lines"]
    assert [line.name for line in (total, younger, older)] == ["Alder Creek", "Grade 4", "Grade 5"]
    assert (total.cell(GOAL).said, younger.cell(GOAL).said, older.cell(GOAL).said) == ("92 %", "100 %", "83 %")
    assert (younger.cell(GOAL).url, total.cell(ANSWERED).n) == ("", 1)
    panel = client.get(older.cell(GOAL).url, headers={"hx-request": "true"})
    missing = {learner.pk for learner in place.learners[10:]}
    assert {learner.pk for learner in panel.context["missing"]} == missing
    looked = AccessLog.objects.order_by("-pk").first()
    assert set(looked.learner_ids) == missing
    url = panel.context["list_csv_url"]
    assert client.get(url).status_code == 302
    monkeypatch.setattr(second_step, "is_fresh", lambda request: True)
    rows = csv.DictReader(io.StringIO(client.get(url).content.decode("utf-8-sig")))
    assert {row["Student"] for row in rows} == {learner.name for learner in place.learners[10:]}
    for at in ("", "all", "05.extend", "all.extend", "99.goal", "all.teacher"):
        status = 200 if at == "" else 404
        assert client.get(reverse("practice"), {"at": at}).status_code == status
        assert client.get(reverse("practice_list_csv"), {"at": at}).status_code == 404


def test_kinds_of_groups_leave_out_small_grades_from_every_figure(place, as_account):
    make_group(place.section, place.standard, place.learners[:6], purpose="extend")
    make_group(place.section, place.standard, place.others, purpose="extend", letter="B")
    whole = as_account(make_district_admin(place.school.district))
    lines = {line.name: line for line in whole.get(reverse("practice")).context["lines"]}
    told = {name: (line.cell("extend").said, line.cell("extend").n) for name, line in lines.items()}
    assert told == {"All schools": ("25 %", 24), "Alder Creek": ("25 %", 24), "Birchwood": ("n < 10", None)}
    by_grade = {line.name: line for line in whole.get(reverse("practice"), {"by": "grade"}).context["lines"]}
    told = {name: (line.cell("extend").said, line.cell("extend").n) for name, line in by_grade.items()}
    assert told == {"All schools": ("25 %", 24), "Grade 4": ("≤ 20 %", 12), "Grade 5": ("50 %", 12)}
    rows = list(csv.DictReader(io.StringIO(whole.get(reverse("practice_csv")).content.decode("utf-8-sig"))))
    assert [(row["Share"], row["Reached"], row["n"]) for row in rows if row["Measure"] == "A group to extend"] == [
        ("25 %", "", "24"),
        ("25 %", "", "24"),
        ("n < 10", "", ""),
    ]
    found = read_practice(
        [place.school.pk, place.far.pk], zone="UTC", since=place.today - timedelta(days=9), today=place.today
    )
    assert {row.school_id for row in enough_together(found.rows, Minimums(4))} == {place.school.pk}
    assert len(enough_together(found.rows, Minimums(3))) == 27
    assert len(enough_together(found.rows, Minimums(3, {place.far.pk: 4}))) == 24
    make_rule(Line.MINIMUM_N, 13, school=place.school)
    lines = whole.get(reverse("practice")).context["lines"]
    assert [line.cell("extend").said for line in lines] == ["n < 13", "n < 13", "n < 10"]


def test_other_schools_and_undeclared_fields_are_not_there(place, as_account):
    client = as_account(make_school_admin(place.school))
    for route in ("practice", "practice_csv"):
        for query in ({"school": place.far.pk}, {"school": "x"}, {"by": "family_name"}, {"by": "school"}):
            assert client.get(reverse(route), query).status_code == 404
    for someone in (place.teacher, make_teacher(place.others[0].enrollments.first().roster)):
        assert as_account(someone).get(reverse("practice")).status_code == 404


def test_term_is_that_of_the_calendar_and_without_one_twelve_weeks(place, as_account):
    client = as_account(make_school_admin(place.school))
    days = {"starts_on": place.today - timedelta(days=5), "ends_on": place.today + timedelta(days=50)}
    make_session(place.school.district, title="Fall", **days)
    make_session(place.school.district, title="A grading period", kind="grading_period", **days)
    make_conference(place.learners[0], place.teacher, held_at=days_ago(7))
    page = client.get(reverse("practice"))
    assert page.context["term"].title == "Fall"
    assert page.context["lines"][0].cell(CONFERENCE).found.reached == 0
    place.section.session.__class__.objects.all().update(starts_on=place.today + timedelta(days=1))
    page = client.get(reverse("practice"))
    assert (page.context["term"].title, page.context["term"].starts_on) == ("", place.today - timedelta(weeks=12))
    assert page.context["lines"][0].cell(CONFERENCE).found.reached == 1


def test_place_besides_the_classroom_counts(place):
    step = make_path(place.learners[0]).steps.first()
    for kind, day in (("classroom", place.today), ("library", place.today)):
        room = Room.objects.create(school=place.school, name=kind.title(), kind=kind)
        Worked.objects.create(step=step, place=room, place_name=room.name, day=day)
    assert place.facts(place.learners[0]) == {PLACE: 1}


def test_nobody_in_a_class_yet_says_what_is_missing(as_account):
    admin = as_account(make_school_admin(make_school()))
    assert "Nobody is in a class yet" in admin.get(reverse("practice")).content.decode()
    assert admin.get(reverse("practice_csv")).status_code == 200


def test_many_students_of_several_schools_are_read_one_school_at_a_time(place, as_account, monkeypatch):
    monkeypatch.setattr("paths.forms.practice.MOST_AT_ONCE", 26)
    client = as_account(make_district_admin(place.school.district))
    page = client.get(reverse("practice"))
    assert "Choose a school" in page.content.decode()
    assert client.get(reverse("practice_csv")).status_code == 400
    one = client.get(page.context["choose"][1]["url"])
    assert one.context["lines"][0].name == "Birchwood"


def test_statements_are_as_many_for_ten_and_a_thousand_students(place, as_account):
    client = as_account(make_school_admin(place.school))
    client.get(reverse("practice"))
    with assert_statements(at_most=10) as few:
        client.get(reverse("practice"), {"at": f"all.{GOAL}"})
    join(place.section.roster, 1000)
    with assert_statements(exactly=len(few)):
        page = client.get(reverse("practice"), {"at": f"all.{GOAL}"})
    assert page.context["lines"][0].learners == 1024
    assert len(page.context["missing"]) == 100
    assert "The others are in the CSV." in page.content.decode()
