"""Good news at home: private until the learner shows it, to the family alone, and taken back."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from paths.models import ShownAtHome
from tests.factories.paths import make_goal, make_mastery, make_reflection
from tests.factories.profiles import make_guardian, make_learner, make_school_admin


@pytest.fixture
def standard(classroom):
    """One in which the learner has gone from Starting to Secure."""
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 1.0), (1, 3.1)])
    return classroom.standards[0]


def url_of(standard) -> str:
    return reverse("show_rise", args=[standard.pk])


def list_of(classroom) -> str:
    return reverse("shown_at_home", args=[classroom.learner.pk])


def words_of(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_one_tap_on_home_shows_the_rise_with_own_words_and_no_classmate(classroom, standard, me):
    classmate = classroom.classmate(given_name="Zuri")
    make_mastery(classmate, standard, 4, days=[(9, 1.0), (1, 4.0)])
    make_reflection(make_goal(classroom.learner, standards=(standard,)), text="I draw the story first now.")
    assert url_of(standard) in me.get(reverse("home")).content.decode()

    page = words_of(me.get(url_of(standard)))

    assert "You went from Starting to Secure." in page
    assert "“I draw the story first now.”" in page
    assert "Zuri" not in page


def test_family_reads_it_once_the_learner_chose_and_not_after_it_was_taken_back(classroom, standard, me, as_account):
    mother = as_account(make_guardian(classroom.learner))
    me.get(url_of(standard))
    assert "Nothing here yet" in words_of(mother.get(list_of(classroom)))

    me.post(url_of(standard), {"words": "Look what I can do"})

    page = words_of(mother.get(list_of(classroom)))
    assert f"{classroom.learner.first_name} went from Starting to Secure." in page
    assert "“Look what I can do”" in page
    me.post(reverse("show_rise_take_back", args=[ShownAtHome.objects.get().pk]))
    assert "Nothing here yet" in words_of(mother.get(list_of(classroom)))


def test_shown_twice_is_one_with_the_newer_words(classroom, standard, me):
    for words in ("First", "First", "Then"):
        me.post(url_of(standard), {"words": words})

    assert [row.words for row in ShownAtHome.objects.all()] == ["Then"]


def test_words_that_are_too_long_are_kept_and_not_shown(classroom, standard, me):
    answer = me.post(url_of(standard), {"words": "x" * 281})

    assert (answer.status_code, "x" * 281 in answer.content.decode()) == (422, True)
    assert not ShownAtHome.objects.exists()


def test_what_did_not_rise_is_not_there(classroom, standard, me):
    assert me.get(url_of(classroom.standards[1])).status_code == 404
    assert me.post(url_of(classroom.standards[1]), {"words": ""}).status_code == 404


def test_nobody_but_learner_and_family_reads_the_list(classroom, standard, me, as_account):
    me.post(url_of(standard), {"words": "For home"})
    other_family = make_guardian(make_learner(classroom.school))
    unconfirmed = make_guardian(classroom.learner, confirmed=False)
    people = (classroom.teacher, make_school_admin(classroom.school), classroom.classmate().account)
    for account in (*people, other_family, unconfirmed):
        assert as_account(account).get(list_of(classroom)).status_code in (302, 403, 404)


def test_only_the_learner_takes_it_back(classroom, standard, me, as_account):
    me.post(url_of(standard), {"words": ""})
    url = reverse("show_rise_take_back", args=[ShownAtHome.objects.get().pk])

    for account in (classroom.classmate().account, make_guardian(classroom.learner), classroom.teacher):
        assert as_account(account).post(url).status_code in (403, 404)
    assert ShownAtHome.objects.get().taken_back_at is None


def test_page_about_the_child_leads_the_family_to_the_list(classroom, standard, as_account):
    client = as_account(make_guardian(classroom.learner))

    assert list_of(classroom) in client.get(reverse("learner", args=[classroom.learner.pk])).content.decode()
