"""A learner's groups on the pages of the learner: the same neutral words for everybody who may read them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import GroupTask
from assessments.services.learner_groups import PastGroup, read_own_groups
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.profiles import make_roster, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(classroom):
    """With all that a group can have, and a classmate in it."""
    found = make_group(
        classroom.section,
        classroom.standards[0],
        [classroom.learner, classroom.classmate(given_name="Odalys")],
        adult="Ms. Ito",
        place="Window table",
        time_text="Mon, 9:40",
    )
    for position, (tier, text) in enumerate(
        [("core", "Fold strips"), ("help", "Draw first"), ("further", "Invent one")]
    ):
        GroupTask.objects.create(group=found, position=position, tier=tier, text=text, url="https://example.org/fold")
    return found


def own(classroom):
    return read_own_groups(classroom.learner, on=timezone.localdate())


def body(client, url):
    page = client.get(url).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_group_stands_in_neutral_words_on_every_page_of_the_learner(classroom, group, as_account):
    page_of = reverse("learner", args=[classroom.learner.pk])
    pages = {
        "me": body(as_account(classroom.account), page_of),
        "home": body(as_account(classroom.account), reverse("home")),
        "family": body(as_account(classroom.guardian()), page_of),
        "teacher": body(as_account(classroom.teacher), page_of),
    }
    assert group.get_purpose_display() == "Reteach"

    for name, page in pages.items():
        assert f'<p class="group-topic">{group.focus.heading}</p>' in page, name
        assert "With Ms. Ito, Window table, Mon, 9:40. today to" in page, name
        for tier, task in (
            ("For everybody", "Fold strips"),
            ("With more help", "Draw first"),
            ("To go further", "Inv"),
        ):
            assert f'<span class="group-tier">{tier}</span> <a href="https://example.org/fold"' in page, name
            assert task in page, name
        assert "eteach" not in page, name
        assert "result here" not in page, name
        if name != "teacher":  # whose page leads on along the class list
            assert "Odalys" not in page, name


def test_group_that_is_over_leaves_dates_and_topic_only(classroom, group):
    today = timezone.localdate()
    last_week = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=2)}
    make_group(classroom.section, classroom.standards[1], [classroom.learner], **last_week, place="Carpet")
    closed = {"starts_on": today - timedelta(days=1), "ends_on": today, "closed_at": timezone.now()}
    make_group(classroom.section, classroom.standards[2], [classroom.learner], **closed)

    found = own(classroom)

    assert [one.topic for one in found.now] == [group.focus.heading]
    assert found.past == [
        PastGroup(classroom.standards[2].heading, closed["starts_on"], today),
        PastGroup(classroom.standards[1].heading, last_week["starts_on"], last_week["ends_on"]),
    ]


def test_history_of_groups_is_on_the_page_for_family_and_staff(classroom, as_account):
    today = timezone.localdate()
    over = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=2), "place": "Carpet"}
    group = make_group(classroom.section, classroom.standards[1], [classroom.learner], adult="Ms. Ito", **over)
    url = reverse("learner", args=[classroom.learner.pk])
    for account in (classroom.account, classroom.guardian(), classroom.teacher):
        page = body(as_account(account), url)
        assert "1 group before" in page
        assert f"<span>{group.focus.heading}</span>" in page
        assert "Ms. Ito" not in page
        assert "Carpet" not in page


def test_group_that_never_was_and_group_of_a_class_left_are_not_said(classroom):
    today = timezone.localdate()
    ahead = {"starts_on": today + timedelta(days=3), "ends_on": today, "closed_at": timezone.now()}
    make_group(classroom.section, classroom.standards[0], [classroom.learner], **ahead)
    other = make_section(make_roster(classroom.school))
    make_group(other, classroom.standards[1], [classroom.learner])
    soon = make_group(
        classroom.section, classroom.standards[2], [classroom.learner], starts_on=today + timedelta(days=3)
    )

    found = own(classroom)

    assert ([one.topic for one in found.now], found.past) == ([soon.focus.heading], [])


def test_own_groups_cost_one_statement_however_many(classroom, group):
    with assert_statements(exactly=1):
        own(classroom)
    for standard in classroom.standards:
        make_group(classroom.section, standard, [classroom.learner])

    with assert_statements(exactly=1):
        assert len(own(classroom).now) == 4
