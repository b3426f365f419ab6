"""A learner says on one page where they see themselves; staff see it beside the level, biggest difference first."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import MasteryPolicy, SelfRating
from assessments.services.self_ratings import rate
from tests.factories.paths import make_goal, make_mastery
from tests.factories.profiles import make_district
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(classroom):
    """Levels 3, 2 and none; of the second the learner has said 4, long ago 1."""
    first, second, _third = classroom.standards
    make_mastery(classroom.learner, first, 3, days=[(9, 3.0)])
    make_mastery(classroom.learner, second, 2, days=[(9, 2.0)])
    for days, level in ((9, 1), (3, 4)):
        view = {second: (level, f"Words for {level}")}
        rate(learner=classroom.learner, views=view, at=timezone.now() - timedelta(days=days))
    return classroom


def stored(classroom):
    rows = SelfRating.objects.filter(learner=classroom.learner).newest()
    return {row.standard_id: (row.level, row.words) for row in rows}


def test_page_stores_what_was_changed_and_keeps_words_that_still_fit(rated, as_account):
    first, second, third = rated.standards
    client = as_account(rated.account)
    url = reverse("my_view")
    assert client.get(url).content.decode().count("checked") == 1

    said = client.post(url, {f"rate.{first.pk}": "2", f"rate.{second.pk}": "4", f"rate.{third.pk}": ""}, follow=True)

    assert "Saved. The grown-ups at your school can see it." in said.content.decode()
    assert stored(rated) == {first.pk: (2, ""), second.pk: (4, "Words for 4")}
    client.post(url, {f"rate.{second.pk}": "none"})
    assert stored(rated)[second.pk] == (None, "")


@pytest.mark.parametrize("value", ["5", "x", "²", "9" * 5000])
def test_level_off_the_scale_stores_nothing_of_all(rated, as_account, value):
    first, second, _third = rated.standards
    before = stored(rated)

    said = as_account(rated.account).post(
        reverse("my_view"), {f"rate.{first.pk}": "2", f"rate.{second.pk}": value}, follow=True
    )

    assert "That was not saved." in said.content.decode()
    assert stored(rated) == before


def test_old_page_takes_nothing_back_that_was_said_since(rated, as_account):
    first, second, _third = rated.standards
    client = as_account(rated.account)
    page = " ".join(client.get(reverse("my_view")).content.decode().split())
    assert re.findall(r'name="(was\.\d+)" value="(\d)"', page) == [(f"was.{second.pk}", "4")]
    rate(learner=rated.learner, views={second: (3, "Since")}, at=timezone.now())

    client.post(reverse("my_view"), {f"rate.{second.pk}": "4", f"was.{second.pk}": "4", f"rate.{first.pk}": "2"})

    assert stored(rated) == {first.pk: (2, ""), second.pk: (3, "Since")}


def test_rows_offer_the_levels_of_their_own_framework(rated, as_account):
    framework = rated.standards[0].framework
    MasteryPolicy.objects.create(
        district=framework.district,
        framework=framework,
        starts_on=timezone.localdate(),
        cuts=[0.5],
        level_words=["Not yet", "There"],
        mastery_level=2,
    )

    context = as_account(rated.account).get(reverse("my_view")).context

    offered = [[item["word"] for item in row["choices"]] for subject in context["subjects"] for row in subject["rows"]]
    assert offered == [["Not yet", "There"]] * 3
    assert [[item["word"] for item in key] for key in context["keys"]] == [["Not yet", "There"]]


def test_standard_of_another_district_is_not_there(rated, as_account):
    foreign = make_standard(make_framework(make_district()))

    assert as_account(rated.account).post(reverse("my_view"), {f"rate.{foreign.pk}": "2"}).status_code == 404
    assert as_account(rated.account).post(reverse("my_view"), {"rate.x": "2"}).status_code == 404


def test_staff_see_the_biggest_difference_first_and_points_for_a_talk(rated, as_account):
    today = timezone.localdate()
    make_goal(rated.learner, what="I read a clock", due_on=today + timedelta(days=10))
    make_goal(rated.learner, what="I swim", due_on=today + timedelta(days=40))

    page = as_account(rated.teacher).get(reverse("learner", args=[rated.learner.pk]))

    (subject,) = page.context["subjects"]
    second = rated.standards[1]
    assert [(row.standard_id, row.results, row.own, row.gap) for row in subject.seen] == [
        (second.pk, 2, 4, 2),
        (rated.standards[0].pk, 3, None, 0),
    ]
    name = rated.learner.first_name
    views, goal = page.context["talk"]
    assert views.text == f"{name} sees one standard higher than the level shown."
    assert views.url == reverse("receipt", args=[rated.learner.pk, second.pk])
    assert goal.text.startswith("The goal “I read a clock” ends ")


def test_own_page_keeps_its_order_and_holds_no_talk_points(rated, as_account):
    page = as_account(rated.account).get(reverse("learner", args=[rated.learner.pk]))

    assert [row.level for row in page.context["subjects"][0].seen] == [3, 2]
    assert "For your talk" not in page.content.decode()
    assert reverse("my_view") in page.content.decode()
