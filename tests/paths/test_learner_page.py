"""One page about a learner, the same for teacher, family and learner; its cost does not grow."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import MasteryPolicy
from assessments.services.policies import Policies
from lrm.grades import grade_name
from paths.services.mastery_rows import standards_of, strong_and_next
from profiles.models import AccessLog, ProfileEntry
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.paths import make_check_in, make_entry, make_goal, make_mastery, make_path
from tests.factories.profiles import make_district_admin, make_guardian, make_learner, make_school_admin
from tests.factories.standards import make_prerequisite, make_standard

WORDS_FOR_STAFF = ("Write a goal with", "Plan a new path", "Take this path off", "paths/new/", "How sure?")


def url(classroom):
    return reverse("learner", args=[classroom.learner.pk])


def subjects_of(classroom):
    return standards_of(
        classroom.learner,
        roster_ids=[classroom.roster.pk],
        since=None,
        policies=Policies(classroom.district.pk),
        today=timezone.localdate(),
    )


@pytest.fixture
def full(classroom):
    """A learner with a bit of everything."""
    make_entry(classroom.learner, text="I notice patterns.")
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],), steps=("One", "Two"), why="To be on time.")
    make_check_in(goal, confidence=2, text="Slower but right.")
    make_path(classroom.learner, title="Clocks", steps=("Watch it", "Try it"))
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    return classroom


def test_page_shows_words_goal_path_and_levels_to_the_circle(full, as_account):
    for account in (full.teacher, full.account, full.guardian()):
        page = as_account(account).get(url(full)).content.decode()

        for words in ("I notice patterns.", "To be on time.", "Slower but right.", "Watch it", "1 of 3 with results"):
            assert words in page
        assert reverse("receipt", args=[full.learner.pk, full.standards[0].pk]) in page


def test_page_keeps_what_is_for_staff_out_of_the_document_of_others(full, as_account):
    for account in (full.account, full.guardian()):
        page = as_account(account).get(url(full)).content.decode()

        assert [words for words in WORDS_FOR_STAFF if words in page] == []
        assert (
            full.classmate(given_name="Zebulon").first_name not in as_account(account).get(url(full)).content.decode()
        )


def test_page_offers_staff_the_work(full, as_account):
    page = as_account(full.teacher).get(url(full)).content.decode()

    assert [words for words in WORDS_FOR_STAFF[:4] if words not in page] == []


def test_page_leads_administrators_to_what_is_kept_and_no_teacher(full, as_account):
    leads = {
        kind: reverse("learner_data", args=[full.learner.pk]) in as_account(who).get(url(full)).content.decode()
        for kind, who in {
            "district": make_district_admin(full.district),
            "school": make_school_admin(full.roster.school),
            "teacher": full.teacher,
            "student": full.account,
        }.items()
    }

    assert leads == {"district": True, "school": True, "teacher": False, "student": False}


def test_page_names_the_next_and_the_previous_student_of_the_class(classroom, as_account):
    for name in ("Aba", "Zoe"):
        classroom.classmate(given_name=name)

    page = as_account(classroom.teacher).get(url(classroom)).content.decode()

    assert "Previous: Aba" in page
    assert "Next: Zoe" in page


def test_page_is_not_there_for_strangers(full, stranger, as_account):
    elsewhere = make_guardian(make_learner(full.school))
    for account in (stranger, full.classmate().account, elsewhere):
        assert as_account(account).get(url(full)).status_code == 404


def test_page_notes_who_looked_but_not_the_learner(full, as_account):
    family = full.guardian()
    for account in (full.teacher, family, full.account):
        as_account(account).get(url(full))

    seen = AccessLog.objects.filter(route="learner").values_list("account", "learner_ids").order_by("pk")
    assert list(seen) == [(full.teacher.pk, [full.learner.pk]), (family.pk, [full.learner.pk])]


def test_page_of_the_learner_before_anything_says_how_things_come(classroom, as_account):
    page = as_account(classroom.account).get(url(classroom)).content.decode()

    assert "You have no goal right now." in page
    assert "No results yet. Coming up:" in page


def test_page_costs_fourteen_statements_and_a_hundred_kilobytes_with_forty_standards(full, as_account):
    framework = full.standards[0].framework
    client = as_account(full.teacher)
    with assert_statements(at_most=14):
        client.get(url(full))
    for number in range(37):
        standard = make_standard(framework, short_title=f"A title of usual length {number}")
        make_mastery(full.learner, standard, 1 + number % 4, days=[(30, 1.0), (20, 2.0), (10, 2.5), (3, 3.0)])
        make_prerequisite(full.standards[1], standard)
    for _ in range(4):
        goal = make_goal(full.learner, standards=tuple(full.standards), steps=("One", "Two", "Three"))
        make_check_in(goal, text="On the way.")
        make_path(full.learner)
        make_entry(full.learner)
        full.classmate()

    with assert_statements(at_most=14):
        page = client.get(url(full))
    assert len(page.content) <= 100_000


def test_standard_above_others_stands_over_them_with_its_coverage(classroom, as_account):
    framework = classroom.standards[0].framework
    parent = make_standard(framework, code="5.NF", short_title="Fractions", is_leaf=False)
    below = [make_standard(framework, parent=parent) for _ in range(3)]
    for level, standard in ((4, below[0]), (2, below[1])):
        make_mastery(classroom.learner, standard, level)
    day = timezone.localdate() - timedelta(days=1)
    MasteryPolicy._base_manager.create(district=framework.district, starts_on=day, parent_rule="lowest")

    page = as_account(classroom.account).get(url(classroom)).content.decode()

    assert "Fractions <small>2 of 3 assessed, 1 met</small>" in page
    (subject,) = [subject for subject in subjects_of(classroom) if subject.parents]
    assert [(above.level, above.children) for above in subject.parents] == [(2, {one.pk for one in below})]


def test_me_is_the_own_page(classroom, as_account):
    assert as_account(classroom.account).get(reverse("me")).url == url(classroom)


def test_levels_come_from_the_projection_of_real_results(classroom, as_account):
    """Two, one, then a three: 65 % of the newest each time is 2.4225, which is Building."""
    standard = classroom.standards[0]
    for days, points in ((4, 2), (3, 1), (2, 3)):
        day = timezone.localdate() - timedelta(days=days)
        give(make_assessment(classroom.section, [standard], given_on=day), classroom.learner, standard, points)
    work_off()

    (subject,) = subjects_of(classroom)
    (row,) = subject.seen
    assert (row.level, row.word, row.n) == (2, "Building", 3)
    assert [round(value, 4) for _day, value in row.days] == [2.0, 1.35, 2.4225]
    assert "3 results in all." in as_account(classroom.teacher).get(url(classroom)).content.decode()


def test_standards_without_a_level_are_named_apart(classroom):
    make_mastery(classroom.learner, classroom.standards[1], 2)

    (subject,) = subjects_of(classroom)

    assert [row.standard_id for row in subject.seen] == [classroom.standards[1].pk]
    assert [row.standard_id for row in subject.not_assessed] == [classroom.standards[0].pk, classroom.standards[2].pk]


def test_next_is_a_standard_whose_prerequisites_are_secure(classroom):
    first, second, third = classroom.standards
    make_prerequisite(first, second)
    make_prerequisite(second, third)
    make_mastery(classroom.learner, first, 4)

    found = strong_and_next(subjects_of(classroom))

    assert [row.standard_id for row in found.strong] == [first.pk]
    assert (found.next_up.standard_id, found.before) == (second.pk, 1)


def test_nothing_computed_enters_the_profile_by_itself(classroom, as_account):
    make_mastery(classroom.learner, classroom.standards[0], 4)
    client = as_account(classroom.account)

    page = client.get(reverse("profile", args=[classroom.learner.pk]) + "?kind=strength&text=Clocks").content.decode()

    assert ">\nClocks</textarea>" in page
    assert not ProfileEntry.objects.exists()


@pytest.mark.parametrize(
    ("code", "name"), [("05", "Grade 5"), ("KG", "Kindergarten"), ("UG", "UG"), ("", ""), ("12", "Grade 12")]
)
def test_grade_name(code, name):
    assert grade_name(code) == name


def test_path_is_ordered_and_ticked_by_the_learner_in_the_browser(classroom, as_account):
    path = make_path(classroom.learner)
    client = as_account(classroom.account)
    first = path.steps.first()

    client.post(reverse("step_move", args=[first.pk]), {"to": "down"})
    client.post(reverse("step_done", args=[first.pk]), {"done": "1"})

    first.refresh_from_db()
    assert (first.position, first.done_by) == (2, classroom.account)
    page = client.get(reverse("my_path")).content.decode()
    assert page.index("Second") < page.index("First")


def test_path_order_from_an_old_window_is_a_conflict(classroom, as_account):
    path = make_path(classroom.learner)
    ids = list(path.steps.values_list("pk", flat=True))
    client = as_account(classroom.account)
    address = reverse("path_order", args=[path.pk])

    assert json.loads(client.post(address, {"version": 1, "step": ids[::-1]}).content) == {"version": 2}
    answer = client.post(address, {"version": 1, "step": ids})

    assert (answer.status_code, answer.json()) == (409, {"version": 2})
    assert list(path.steps.order_by("position").values_list("pk", flat=True)) == ids[::-1]


def test_path_of_another_learner_is_not_there(classroom, stranger, as_account):
    path = make_path(classroom.learner)
    step = path.steps.first()

    for account in (stranger, classroom.classmate().account, classroom.guardian()):
        client = as_account(account)
        assert client.post(reverse("step_move", args=[step.pk]), {"to": "down"}).status_code == 404
        assert client.post(reverse("step_done", args=[step.pk]), {"done": "1"}).status_code == 404
        assert client.post(reverse("path_order", args=[path.pk]), {"version": 1}).status_code == 404
    step.refresh_from_db()
    assert (step.position, step.done_at) == (1, None)
