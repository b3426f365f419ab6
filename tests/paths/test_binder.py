"""The binder: the same words for learner, family and teacher, and nothing that is for staff."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from profiles.models import AccessLog
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.paths import make_goal, make_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(classroom):
    return reverse("binder", args=[classroom.learner.pk])


def sheet(page):
    """The sheet of paper, without who opened it and the way back."""
    text = page.content.decode()
    return text[text.index("<main") : text.index('<footer class="binder-foot')]


def test_binder_is_the_same_for_learner_family_and_teacher(classroom, url, as_account):
    make_goal(classroom.learner, what="I choose the right sum.", steps=["Draw", "Explain"])
    make_path(classroom.learner, title="Fractions")
    pages = [as_account(who).get(url) for who in (classroom.account, classroom.guardian(), classroom.teacher)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert sheet(pages[0]) == sheet(pages[1]) == sheet(pages[2])
    assert "I choose the right sum." in sheet(pages[0])
    assert AccessLog.objects.filter(route="binder").count() == 2


def test_groups_in_the_binder_are_dates_and_topic_only(classroom, url, as_account):
    today = timezone.localdate()
    over = make_group(
        classroom.section,
        classroom.standards[0],
        [classroom.learner],
        adult="Ms. Ito",
        place="Window table",
        starts_on=today - timedelta(days=20),
        ends_on=today - timedelta(days=10),
    )
    words = sheet(as_account(classroom.account).get(url))
    groups = words[words.index('id="binder-groups"') :]
    groups = groups[: groups.index("</section>")]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", groups)).strip()
    assert over.focus.heading in said
    assert not [word for word in ("Ms. Ito", "Window table", over.get_purpose_display()) if word in words]


def test_binder_of_a_learner_without_anything_says_so(classroom, as_account):
    nobody = classroom.classmate(given_name="Odalys")
    words = sheet(as_account(classroom.teacher).get(reverse("binder", args=[nobody.pk])))
    for said in ("Nothing is written here yet.", "No goal right now.", "We talked, and we agree"):
        assert said in words


def test_binder_takes_as_many_statements_for_many_goals_as_for_one(classroom, url, as_account):
    client = as_account(classroom.teacher)
    for _ in range(3):
        make_goal(classroom.learner, steps=["Draw", "Explain"])
    with assert_statements(12):
        client.get(url)
