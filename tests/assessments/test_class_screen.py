"""The class screen: counts and growth for everybody, nobody by name, and no low."""

import json
import re

import pytest
from django.urls import reverse

from assessments.screen_drawing import draw_columns
from assessments.services.class_screen import Mark, ScreenColumn, read_class_screen, since_of
from assessments.services.policies import Policies
from profiles.models import Learner, ScreenName
from profiles.services import screen_names
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_account, make_learner

pytestmark = pytest.mark.django_db

FIRST_ID = 918_273_600
"""So large that no count, date or token holds it by chance."""


@pytest.fixture
def known(taught):
    """Three learners whose every word and id can be told from all else; the last one is Starting on everything.

    On the first standard one was Secure a month ago, two has become it; on the second two went to Extending.
    """
    taught.section.roster.enrollments.of_learners().delete()
    school = taught.section.roster.school
    learners = []
    for number, word in enumerate(["Quillon", "Vexanna", "Zorbito"]):
        account = make_account(school.district, email=f"mail-{word.lower()}@example.org", given_name=f"Ac{word}")
        learner = make_learner(
            school,
            id=FIRST_ID + number,
            account=account,
            given_name=f"Given{word}",
            preferred_name=word,
            family_name=f"Mc{word}",
            key=f"sis-{word}",
            number=f"88{number}",
        )
        enroll(learner, taught.section.roster)
        learners.append(learner)
    first, second = taught.standards
    old = make_assessment(taught.section, taught.standards, given_on=days_ago(40).date())
    new = make_assessment(taught.section, taught.standards, given_on=days_ago(2).date())
    one, two, three = learners
    give(old, one, first, 3)
    give(old, two, first, 1)
    give(new, two, first, 4)
    give(new, two, second, 4)
    give(old, three, first, 1)
    give(new, three, second, 1)
    work_off()
    taught.join(2)  # a class large enough to be told about
    taught.learners = learners
    return taught


def screen(known, **fields):
    since = since_of("21", known.section, today=days_ago(0).date())
    return read_class_screen(
        known.section, Policies(known.section.district_id), since=since, with_aliases=True, **fields
    )


def identifying(learner: Learner) -> list[str]:
    account = learner.account
    assert account is not None
    return [
        learner.given_name,
        learner.preferred_name,
        learner.family_name,
        account.email,
        account.given_name,
        str(learner.key),
        str(learner.pk),
        str(learner.uuid),
    ]


@pytest.mark.parametrize("query", ["", "?names=alias", "?names=alias&since=term"])
def test_nothing_that_identifies_a_learner_is_in_the_page_or_in_what_it_asks_for(known, as_account, query):
    screen_names.choose(learner=known.learners[1], animal="otter", place="river")
    client = as_account(known.teacher)
    wall = client.get(reverse("section_wall", args=[known.section.pk])).content.decode()
    page = client.get(reverse("class_screen", args=[known.section.pk]) + query)
    text = page.content.decode()
    version = client.get(re.search(r'data-version-url="([^"]+)"', text)[1])

    answers = [text, version.content.decode(), json.dumps(dict(page.headers)), json.dumps(dict(version.headers))]
    for learner in known.learners:
        assert [learner.name in wall, str(learner.pk) in wall] == [True, True]  # what is looked for would be found
        assert [word for word in identifying(learner) for answer in answers if word.lower() in answer.lower()] == []


def test_counts_are_those_at_secure_or_more_and_new_is_what_was_not_yet(known):
    found = screen(known)

    first, second = found.columns
    assert first.marks == [Mark(3, is_new=False), Mark(3, is_new=True)]
    assert second.marks == [Mark(4, is_new=True)]
    assert (found.together, found.new) == (3, 2)


def test_no_low_is_on_the_page(known, as_account):
    page = as_account(known.teacher).get(reverse("class_screen", args=[known.section.pk])).content.decode()

    assert [
        word for word in ("Starting", "Building", "no result", 'data-mark="1"', 'data-mark="2"') if word in page
    ] == []
    assert "Together we are Secure 3 times." in page


def test_standard_that_nobody_has_reached_has_no_column(known):
    three = known.learners[2]
    other = make_assessment(known.section, [known.standards[0]])
    give(other, known.learners[0], known.standards[0], 1)
    give(other, known.learners[1], known.standards[0], 1)
    give(other, three, known.standards[0], 1)
    work_off()

    assert [column.standard for column in screen(known).columns] == [known.standards[1]]


def test_news_is_told_only_of_those_who_chose_it_and_moved_up(known):
    one, two, three = known.learners
    assert screen(known).stories == []
    for learner, animal in [(one, "fox"), (two, "otter"), (three, "owl")]:
        screen_names.choose(learner=learner, animal=animal, place="river")

    (story,) = screen(known).stories
    assert (story.who, story.standard, story.level, story.more) == ("Otter of the river", known.standards[1], 4, 1)

    screen_names.take_back(learner=two)
    assert screen(known).stories == []


def test_words_of_a_classmate_are_not_given_twice(known, as_account):
    one, two, _three = known.learners
    screen_names.choose(learner=one, animal="otter", place="river")
    client = as_account(two.account)

    refused = client.post(reverse("screen_name"), {"act": "choose", "animal": "otter", "place": "river"})
    nonsense = client.post(reverse("screen_name"), {"act": "choose", "animal": "Vexanna", "place": "river"})

    assert (refused.status_code, nonsense.status_code) == (422, 422)
    assert "Somebody in your class has these words." in refused.content.decode()
    taken = client.post(reverse("screen_name"), {"act": "choose", "animal": "otter", "place": "sea"}, follow=True)
    assert "On the class screen you are Otter of the sea." in taken.content.decode()
    client.post(reverse("screen_name"), {"act": "take_back"})
    assert screen_names.aliases_on([one.pk, two.pk]) == [screen_names.Alias(one.pk, "Otter of the river")]


def test_class_of_four_is_told_nothing_but_why(known, as_account):
    last = known.section.roster.enrollments.of_learners().order_by("-pk").first()
    last.delete()

    found = screen(known)
    page = as_account(known.teacher).get(reverse("class_screen", args=[known.section.pk]) + "?names=alias")

    assert (found.is_small, found.columns, found.stories) == (True, [], [])
    assert "This page is for classes of 5 students or more" in page.content.decode()


def test_words_that_two_have_name_nobody(known):
    one, two, three = known.learners
    for learner, animal in [(one, "fox"), (two, "otter"), (three, "owl")]:
        screen_names.choose(learner=learner, animal=animal, place="river")
    ScreenName.objects.filter(learner=two).update(animal="fox")

    found = screen_names.aliases_on([one.pk, two.pk, three.pk])
    assert found == [screen_names.Alias(three.pk, "Owl of the river")]


def test_words_are_chosen_and_kept_by_somebody_without_a_class_today(known):
    one = known.learners[0]
    known.section.roster.enrollments.filter(learner=one).update(
        starts_on=days_ago(9).date(), ends_on=days_ago(1).date()
    )

    screen_names.choose(learner=one, animal="fox", place="sea")

    assert screen_names.aliases_on([one.pk]) == [screen_names.Alias(one.pk, "Fox of the sea")]


def test_drawing_has_equal_marks_inside_equal_frames():
    columns = [ScreenColumn(None, [Mark(4, False)] * n + [Mark(3, True)]) for n in (0, 6, 40)]  # type: ignore[arg-type]  # drawing asks no standard

    drawn = draw_columns(columns)

    assert [len(column["marks"]) for column in drawn] == [1, 7, 41]
    assert {(column["width"], column["height"]) for column in drawn} == {(72, 14 * 24 + 26)}
    for column in drawn:
        places = {(mark["x"], mark["y"]) for mark in column["marks"]}
        assert len(places) == len(column["marks"])
        assert all(12 <= x <= 60 and 26 <= y <= 14 * 24 + 14 for x, y in places)
        assert 0 < column["numeral_y"] < min(y for _, y in places)
