"""The first page that a learner opens on a slow line: all that it brings, and how much of that is script."""

import pytest
from django.urls import reverse

from tests.factories.paths import (
    make_artifact,
    make_check_in,
    make_entry,
    make_goal,
    make_mastery,
    make_message,
    make_path,
    make_talk,
)
from tests.weights import first_visit

pytestmark = pytest.mark.django_db

ALL_BYTES, SCRIPT_BYTES = 100_000, 30_000


def test_first_page_of_a_learner_is_light_whichever_it_is(classroom, as_account):
    learner = classroom.learner
    goal = make_goal(learner, standards=tuple(classroom.standards), steps=("Draw it", "Say it", "Teach it"))
    for number in range(6):
        make_check_in(goal, text=f"On the way for the {number + 1}. time.")
        make_path(learner, title=f"Path {number}")
        make_entry(learner)
        make_artifact(learner, goal=goal, text="I built a bridge of paper. It held nine books.")
    for standard in classroom.standards:
        make_mastery(learner, standard, 3, days=[(20, 1.0), (9, 2.0), (1, 3.1)])
    talk = make_talk(learner, classroom.section)
    for _number in range(10):
        make_message(talk)
    client = as_account(classroom.account)
    urls = [
        reverse("home"),
        reverse("goals"),
        reverse("goal", args=[goal.pk]),
        reverse("goal_new"),
        reverse("my_path"),
        reverse("learner_work", args=[learner.pk]),
        reverse("hand_in", args=[learner.pk]),
        reverse("talks"),
        reverse("talk", args=[talk.pk]),
        reverse("learner", args=[learner.pk]),
        reverse("profile", args=[learner.pk]),
        reverse("receipt", args=[learner.pk, classroom.standards[0].pk]),
    ]
    weighed = {url: first_visit(client, url) for url in urls}

    assert {url: found for url, found in weighed.items() if found[0] > ALL_BYTES or found[1] > SCRIPT_BYTES} == {}


def test_script_is_as_long_each_time_it_is_sent(classroom, as_account):
    client, url = as_account(classroom.account), reverse("home")
    assert len({first_visit(client, url)[1] for _time in range(5)}) == 1
