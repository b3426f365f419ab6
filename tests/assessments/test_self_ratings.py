"""A learner's own view: on the district's scale, dated, beside the level, and never in its way."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, SelfRating, StaleMark
from assessments.rating_words import rating_choices
from assessments.services import overrides
from assessments.services.policies import DEFAULTS, Policies
from assessments.services.self_ratings import RatingRefused, history_of, rate
from assessments.services.views_of import gap, read_views
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import make_guardian

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(taught):
    """All three at 4, 2 and 1 on the first standard."""
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(3).date())
    for learner, mark in zip(taught.learners, (4, 2, 1), strict=True):
        give(assessment, learner, taught.standards[0], mark)
    work_off()
    return taught


def say(learner, standard, level, words="", *, days=0):
    rate(learner=learner, views={standard: (level, words)}, at=timezone.now() - timedelta(days=days))


def said(learner, standard):
    return [(row.level, row.words) for row in history_of(learner, standard)]


def test_rating_keeps_its_history_and_is_stored_once(full):
    learner, standard = full.learners[0], full.standards[0]
    say(learner, standard, 2, "With help", days=3)
    say(learner, standard, 2, " With help ", days=2)
    say(learner, standard, 3, "Alone", days=1)
    say(learner, standard, None)

    assert said(learner, standard) == [(None, ""), (3, "Alone"), (2, "With help")]


def test_taking_back_what_was_never_said_is_nothing(full):
    say(full.learners[0], full.standards[0], None)

    assert not SelfRating.objects.exists()


@pytest.mark.parametrize("view", [(5, ""), (0, ""), (2, "x" * 281)])
def test_rating_off_the_scale_or_too_long_stores_nothing_of_all(full, view):
    first, second = full.standards

    with pytest.raises(RatingRefused):
        rate(learner=full.learners[0], views={first: (2, ""), second: view}, at=timezone.now())

    assert not SelfRating.objects.exists()


def test_rating_moves_no_level_and_wakes_no_worker(full, as_account):
    learner, standard = full.learners[0], full.standards[0]
    before = list(Mastery.objects.order_by("learner_id").values())
    client = as_account(learner.account)

    client.post(reverse("rate_myself", args=[standard.pk]), {"level": "1", "words": "I guessed"}, follow=True)

    assert said(learner, standard) == [(1, "I guessed")]
    assert not StaleMark.objects.exists()
    assert list(Mastery.objects.order_by("learner_id").values()) == before


@pytest.mark.parametrize(
    ("sent", "said_so"),
    [
        ({}, "Nothing was saved yet. Pick a level first."),
        ({"level": "9" * 5000}, "That was not saved."),
        ({"level": "9"}, "That was not saved."),
    ],
)
def test_answer_that_cannot_be_stored_stays_in_the_form(full, as_account, sent, said_so):
    learner, standard = full.learners[0], full.standards[0]

    url = reverse("rate_myself", args=[standard.pk])
    answer = as_account(learner.account).post(url, {"words": "I practised at home"} | sent)

    text = answer.content.decode()
    assert (answer.status_code, said_so in text, 'value="I practised at home"' in text) == (422, True, True)
    assert not SelfRating.objects.exists()


def test_receipt_says_who_says_what_to_the_circle_and_only_the_learner_can_answer(full, as_account):
    learner, standard = full.learners[0], full.standards[0]
    say(learner, standard, 2, "I still mix up the signs")
    overrides.set_level(learner=learner, standard=standard, level=3, reason="Seen", by=full.teacher)
    work_off()
    url = reverse("receipt", args=[learner.pk, standard.pk])

    for account in (full.teacher, learner.account, make_guardian(learner)):
        page = as_account(account).get(url)
        who = page.context["who_says"]
        assert (who["results"], who["rating"].level, who["teacher"]) == (4, 2, 3)
        text = page.content.decode()
        assert "I still mix up the signs" in text
        assert ("Where do you see yourself?" in text) is (account == learner.account)


@pytest.mark.parametrize("query", ["", "?as_of="])
def test_words_of_a_rating_that_was_taken_back_are_shown_to_the_learner_only(full, as_account, query):
    learner, standard = full.learners[0], full.standards[0]
    say(learner, standard, 2, "I still mix up the signs", days=3)
    say(learner, standard, None)
    url = reverse("receipt", args=[learner.pk, standard.pk]) + query
    url += (timezone.localdate() - timedelta(days=1)).isoformat() if query else ""

    for account in (full.teacher, learner.account, make_guardian(learner)):
        text = as_account(account).get(url).content.decode()
        assert ("I still mix up the signs" in text) is (account == learner.account)


def test_receipt_of_a_closed_day_shows_what_had_been_said_by_then(full, as_account):
    learner, standard = full.learners[0], full.standards[0]
    say(learner, standard, 1, days=2)
    say(learner, standard, 3)
    url = reverse("receipt", args=[learner.pk, standard.pk]) + f"?as_of={days_ago(1).date()}"

    assert as_account(full.teacher).get(url).context["who_says"]["rating"].level == 1


@pytest.mark.parametrize(("levels", "far"), [((4, 2, 3), 2), ((4, None, 1), 3), ((None, 2, None), 0), ((), 0)])
def test_gap_is_between_the_farthest_two_that_have_been_said(levels, far):
    assert gap(*levels) == far


def test_views_stand_with_the_biggest_difference_first(full):
    one, two, three = full.learners
    first, second = full.standards
    say(one, first, 2)
    say(two, first, 2)
    say(three, first, 4, "Easy")
    say(three, second, 3)
    overrides.set_level(learner=two, standard=first, level=3, reason="Seen", by=full.teacher)
    work_off()

    found = read_views(full.section, policies=Policies(full.section.district_id), on=timezone.localdate())

    assert [(row.learner, row.standard, row.results, row.own, row.teacher, row.gap) for row in found] == [
        (three, first, 1, 4, None, 3),
        (one, first, 4, 2, None, 2),
        (two, first, 2, 2, 3, 1),
        (three, second, None, 3, None, 0),
    ]
    assert [row.direction for row in found] == ["higher", "lower", "lower", ""]


def test_page_of_views_filters_and_holds_no_other_class(full, as_account):
    one, two, three = full.learners
    first = full.standards[0]
    say(one, first, 2)
    say(two, first, 2)
    say(three, first, 4)
    client = as_account(full.teacher)
    url = reverse("section_views", args=[full.section.pk])

    shown = {show: [row.learner for row in client.get(f"{url}?show={show}").context["rows"]] for show in ("", "lower")}

    assert shown == {"": [three, one, two], "lower": [one]}
    assert as_account(one.account).get(url).status_code == 404


def test_every_level_of_a_scale_has_a_sentence_in_a_learners_mouth():
    assert [(item["level"], str(item["word"]), item["says"]) for item in rating_choices(DEFAULTS)] == [
        (1, "Starting", "I am just starting."),
        (2, "Building", "I can do some of it, or all of it with help."),
        (3, "Secure", "I can do it on my own."),
        (4, "Extending", "I can do it in new ways and explain it to others."),
    ]
