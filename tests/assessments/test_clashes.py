"""Groups that want the same learner or adult at the same time: said to the teachers of both, and only to them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group
from assessments.services.clashes import read_clashes
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.profiles import enroll, make_roster, make_school, make_section, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(taught):
    """Another section of another roster of the school, with one learner of the first."""
    section = make_section(make_roster(taught.section.roster.school), title="5 Maple English")
    enroll(taught.learners[0], section.roster)
    return section


def maths_group(taught, **fields):
    values = {"time_text": "Mon, 9:40 to 10:00", "adult": "Rosa Delgado", **fields}
    return make_group(taught.section, taught.standards[0], taught.learners[:2], **values)


def english_group(taught, english, learners=None, **fields):
    values = {"letter": "C", "time_text": "9:50", "adult": "Ken Lee", **fields}
    return make_group(english, taught.standards[1], taught.learners[:1] if learners is None else learners, **values)


def clashes(section):
    return read_clashes(section, on=timezone.localdate())


def test_learner_in_two_groups_at_once_is_said_on_the_pages_of_both(taught, english, as_account):
    mine, other = maths_group(taught), english_group(taught, english)
    learner, their_teacher = taught.learners[0], make_teacher(english.roster)

    pages = {}
    for section, teacher in ((taught.section, taught.teacher), (english, their_teacher)):
        page = as_account(teacher).get(reverse("section_groups", args=[section.pk])).content.decode()
        pages[section.pk] = page

    assert set(clashes(taught.section)) == {mine.pk}
    assert set(clashes(english)) == {other.pk}
    said = f"At the same time in group C of 5 Maple English (9:50): {learner.name}."
    assert said in pages[taught.section.pk]
    said = f"At the same time in group A of 5 Maple Mathematics (Mon, 9:40 to 10:00): {learner.name}."
    assert said in pages[english.pk]
    assert taught.learners[1].name not in pages[english.pk]


def test_adult_in_two_groups_at_once_is_said_without_anybody_elses_learners(taught, english, as_account):
    maths_group(taught, adult="ken lee ")
    english_group(taught, english, learners=[])

    page = as_account(taught.teacher).get(reverse("section_groups", args=[taught.section.pk])).content.decode()

    assert "At the same time ken lee is with group C of 5 Maple English (9:50)." in page
    assert [clash.learners for found in clashes(taught.section).values() for clash in found] == [()]


def test_groups_of_one_section_clash_too(taught):
    one = maths_group(taught)
    two = make_group(
        taught.section, taught.standards[1], taught.learners[2:], letter="B", time_text="9:40", adult="Rosa Delgado"
    )

    found = clashes(taught.section)

    assert [(clash.letter, clash.is_here, clash.adult) for clash in found[one.pk]] == [("B", True, "Rosa Delgado")]
    assert set(found) == {one.pk, two.pk}


def test_groups_at_different_times_do_not_clash(taught, english):
    maths_group(taught)
    other = english_group(taught, english, adult="Rosa Delgado")
    today, day = timezone.localdate(), timedelta(days=1)
    assert len(clashes(taught.section)) == 1

    for apart in (
        {"time_text": "10:00 to 10:20"},
        {"time_text": "Tue, 9:40"},
        {"time_text": ""},
        {"starts_on": today + 8 * day, "ends_on": today + 9 * day},
        {"starts_on": today - 8 * day, "ends_on": today - day},
        {"closed_at": timezone.now()},
    ):
        as_it_was = {name: getattr(other, name) for name in apart}
        Group.objects.filter(pk=other.pk).update(**apart)
        assert clashes(taught.section) == {}, apart
        Group.objects.filter(pk=other.pk).update(**as_it_was)


def test_learner_who_has_left_and_adult_of_another_school_do_not_clash(taught, english):
    maths_group(taught)
    english_group(taught, english)
    abroad = make_section(make_roster(make_school(taught.section.district)))
    english_group(taught, abroad, learners=[], adult="Rosa Delgado")
    assert len(clashes(taught.section)) == 1
    english.roster.enrollments.of_learners().update(ends_on=timezone.localdate() - timedelta(days=1))

    assert clashes(taught.section) == {}


def test_clashes_cost_one_statement(taught, english):
    maths_group(taught)
    for letter in "CDE":
        english_group(taught, english, letter=letter)

    with assert_statements(exactly=1):
        assert [len(found) for found in clashes(taught.section).values()] == [3]
