"""The first page: everybody where they belong; what is next; good news."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.policies import Policies
from paths.models import Goal
from paths.services.celebrations import Day, last_rise, latest_rise
from paths.services.learner_page import goals_with_progress, progress_of
from paths.services.next_for_you import Do, next_for_you
from paths.services.path_pages import paths_of
from paths.views.home import greeting
from tests.budgets import assert_statements
from tests.factories.paths import make_check_in, make_entry, make_goal, make_mastery, make_path
from tests.factories.profiles import make_account, make_guardian, make_learner, make_school_admin

TODAY = date(2026, 10, 13)


def way(*levels):
    return [Day(TODAY + timedelta(days=place), float(level), level) for place, level in enumerate(levels)]


@pytest.mark.parametrize(
    ("levels", "rise"),
    [
        ((2, 1, 2, 3), (3, 2, 3)),
        ((2, 3, 3), (1, 2, 3)),
        ((1,), None),
        ((2, 3, 2), None),
        ((4, 3, 4), None),  # back where it was: quiet
        ((1, 3, 2, 4), (3, 2, 4)),
    ],
)
def test_last_rise_is_to_a_level_that_was_never_there(levels, rise):
    expected = rise and (TODAY + timedelta(days=rise[0]), rise[1], rise[2])

    assert last_rise(way(*levels)) == expected


def test_latest_rise_is_drawn_with_its_dip(classroom):
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(21, 2.0), (14, 1.35), (7, 2.42), (0, 3.45)])

    found = latest_rise(classroom.learner, policies=Policies(classroom.district.pk), today=timezone.localdate())

    assert (str(found.before), str(found.after), len(found.days)) == ("Building", "Secure", 4)
    heights = [dot["y"] for dot in found.climb["dots"]]
    assert heights[1] > heights[0] > heights[2] > heights[3]
    assert heights[2] > found.climb["secure_y"] > heights[3]


@pytest.mark.parametrize(
    "days",
    [
        [(40, 1.0), (20, 3.0)],  # too long ago
        [(5, 3.0)],  # a first result is a beginning
        [(9, 1.0), (6, 3.0), (2, 2.0)],  # newer results are lower
    ],
)
def test_latest_rise_is_none_where_there_is_no_news(classroom, days):
    make_mastery(classroom.learner, classroom.standards[0], 3, days=days)

    assert latest_rise(classroom.learner, policies=Policies(classroom.district.pk), today=timezone.localdate()) is None


def lines(learner, *, drafts=(), reflected=(), has_words=True):
    live = [progress_of(goal) for goal in goals_with_progress(Goal.objects.filter(learner=learner).live())]
    found = next_for_you(
        goals=live,
        drafts=drafts,
        paths=paths_of(learner),
        reflected=reflected,
        has_words=has_words,
        today=timezone.localdate(),
    )
    return [line.do for line in found]


def test_next_for_a_learner_with_nothing_is_a_goal_and_words(classroom):
    assert lines(classroom.learner, has_words=False) == [Do.WRITE_GOAL, Do.TELL_ABOUT_ME]


def test_next_for_a_fresh_check_in_is_nothing(classroom):
    make_check_in(make_goal(classroom.learner))

    assert lines(classroom.learner) == []


def test_next_puts_a_question_first_and_the_check_in_last(classroom):
    goal = make_goal(classroom.learner, asked_at=timezone.now())
    make_check_in(goal, at=timezone.now() - timedelta(days=8))
    make_path(classroom.learner)

    assert lines(classroom.learner) == [Do.ANSWER, Do.STEP, Do.CHECK_IN]


def test_next_after_all_steps_is_to_say_what_helped_once(classroom):
    goal = make_goal(classroom.learner, steps=("One",))
    goal.steps.update(done_at=timezone.now())
    make_check_in(goal)

    assert lines(classroom.learner) == [Do.REFLECT]
    assert lines(classroom.learner, reflected=[goal.pk]) == []


def test_next_for_a_goal_whose_day_is_over_is_to_decide(classroom):
    goal = make_goal(classroom.learner, due_on=timezone.localdate() - timedelta(days=1))
    make_check_in(goal)

    assert lines(classroom.learner) == [Do.DECIDE]


def test_next_is_four_lines_at_most(classroom):
    for _ in range(6):
        make_path(classroom.learner)

    assert len(lines(classroom.learner)) == 4


@pytest.mark.parametrize(("hour", "word"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "evening")])
def test_greeting_follows_the_clock(hour, word):
    assert greeting("Ana", hour) == f"Good {word}, Ana."


def test_home_of_a_learner_shows_goal_next_and_the_climb(classroom, as_account):
    goal = make_goal(classroom.learner, steps=("One", "Two"))
    make_path(classroom.learner, steps=("Watch the clock",))
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])

    page = as_account(classroom.account).get(reverse("home")).content.decode()

    assert goal.what in page
    assert "Watch the clock" in page
    assert "You went from Building to Secure." in page
    assert reverse("receipt", args=[classroom.learner.pk, classroom.standards[0].pk]) in page


def test_home_of_a_learner_costs_the_same_for_little_and_for_much(classroom, as_account):
    client = as_account(classroom.account)
    make_goal(classroom.learner)
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    with assert_statements(at_most=12):
        client.get(reverse("home"))
    for standard in classroom.standards[1:]:
        make_goal(classroom.learner, steps=("One",), standards=(standard,))
        make_path(classroom.learner)
        make_entry(classroom.learner)
        make_mastery(classroom.learner, standard, 3, days=[(9, 2.0), (1, 3.1)])

    with assert_statements(at_most=12):
        client.get(reverse("home"))


def test_home_sends_staff_to_their_work(classroom, as_account):
    answer = as_account(classroom.teacher).get(reverse("home"))
    admin = as_account(make_school_admin(classroom.school)).get(reverse("home"))

    assert answer.status_code == admin.status_code == 302
    assert as_account(classroom.teacher).get(answer.url, follow=True).status_code == 200


def test_home_of_who_is_on_no_list_today_says_so_and_lets_them_leave(classroom, as_account):
    answer = as_account(make_account(classroom.school.district)).get(reverse("home"))
    assert answer.status_code == 200
    assert "You are on no list today" in answer.content.decode()
    assert reverse("sign_out") in answer.content.decode()


def test_home_of_a_family_with_one_child_is_the_page_of_the_child(classroom, as_account):
    answer = as_account(classroom.guardian()).get(reverse("home"))

    assert answer.url == reverse("learner", args=[classroom.learner.pk])


def test_home_of_a_family_with_two_children_asks_whose(classroom, as_account):
    account = make_guardian(classroom.learner)
    sibling = make_learner(classroom.school, given_name="Bo")
    make_guardian(sibling)  # another family's right to the same child
    account.guardianships.create(
        learner=sibling, starts_on=timezone.localdate() - timedelta(days=3), confirmed_at=timezone.now()
    )

    page = as_account(account).get(reverse("home")).content.decode()

    assert reverse("learner", args=[classroom.learner.pk]) in page
    assert reverse("learner", args=[sibling.pk]) in page
