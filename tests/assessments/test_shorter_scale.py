"""Pages where learners stand higher than the scale in force is long: words are left out, nothing breaks."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, MasteryPolicy
from assessments.services import outbox, overrides
from assessments.services.overrides import Chosen
from assessments.services.policies import DEFAULTS
from tests.factories.assessments import days_ago, give, make_assessment, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(taught):
    """Results of 4, 2 and 1 on the first standard; the second learner was at 1 before; both were set to 4 since."""
    one, two, three = taught.learners
    taught.join(2)
    first, _second = taught.standards
    old = make_assessment(taught.section, taught.standards, given_on=days_ago(40).date())
    new = make_assessment(taught.section, taught.standards, given_on=days_ago(3).date())
    for assessment, learner, mark in ((old, one, 1), (new, one, 4), (new, two, 2), (new, three, 1)):
        give(assessment, learner, first, mark)
    work_off()
    overrides.set_levels(
        cells=[Chosen(two.pk, first.pk, 0)],
        standards=[first],
        level=4,
        reason="At the board",
        by=taught.teacher,
        district_id=taught.section.district_id,
    )
    work_off()
    return taught


def begin(full, words, **fields):
    """A version from today on."""
    scale = {"cuts": [0.4, 0.65, 0.85][: len(words) - 1], "level_words": words, "mastery_level": 2}
    MasteryPolicy.objects.create(district=full.section.district, starts_on=timezone.localdate(), **scale, **fields)


def work_in(full):
    learners = [learner.pk for learner in full.learners]
    outbox.mark_stale(learners, [full.standards[0].pk] * len(learners))
    work_off()


def pages_of(full):
    """(who, address) of every page that says a level in words."""
    section, standard = full.section.pk, full.standards[0].pk
    for name in ("section_wall", "section_wall_csv", "section_levels", "section_views", "section_groups"):
        yield full.teacher, reverse(name, args=[section])
    yield full.teacher, reverse("class_screen", args=[section]) + "?names=alias"
    yield full.teacher, reverse("today")
    for learner in full.learners[:2]:
        yield full.teacher, reverse("learner", args=[learner.pk])
        yield full.teacher, reverse("receipt", args=[learner.pk, standard])
        yield full.teacher, reverse("section_wall", args=[section]) + f"?at={learner.pk}.{standard}"
        yield learner.account, reverse("home")
        yield learner.account, reverse("receipt", args=[learner.pk, standard])


@pytest.mark.parametrize("worked_in", [False, True])
@pytest.mark.parametrize("framework_keeps_four", [False, True])
def test_every_page_opens_where_the_scale_got_shorter(full, as_account, worked_in, framework_keeps_four):
    begin(full, ["Not yet", "Nearly", "There"])
    if framework_keeps_four:
        begin(full, ["P", "Q", "R", "S"], framework=full.standards[0].framework)
    if worked_in:
        work_in(full)
    clients = {account.pk: as_account(account) for account in {who for who, _url in pages_of(full)}}

    codes = [(url, clients[who.pk].get(url).status_code) for who, url in pages_of(full)]

    assert codes == [(url, 200) for _who, url in pages_of(full)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("section_wall", ["P", "Q", "R", "S"]),
        ("section_levels", ["P", "Q", "R", "S"]),
        ("class_screen", ["Q", "R", "S"]),
    ],
)
def test_class_of_one_framework_is_read_by_its_own_version(full, as_account, name, words):
    begin(full, ["Not yet", "Nearly", "There"])
    begin(full, ["P", "Q", "R", "S"], framework=full.standards[0].framework)

    context = as_account(full.teacher).get(reverse(name, args=[full.section.pk])).context

    shown = context["levels"] if name == "section_levels" else context["legend"]
    assert [item["word"] if isinstance(item, dict) else item[1] for item in shown] == words


def test_level_above_the_scale_counts_as_reached_on_today(full, as_account):
    begin(full, ["Not yet", "Nearly", "There"])

    (shown,) = as_account(full.teacher).get(reverse("today")).context["found"].classes

    assert (shown.results, shown.share) == (3, 67)


def test_teachers_level_counts_as_the_highest_of_a_shorter_scale(full, as_account):
    begin(full, ["Not yet", "Nearly", "There"])
    work_in(full)
    two, first = full.learners[1], full.standards[0]
    assert Mastery.objects.get(learner=two, standard=first).shown_level == 3

    context = as_account(full.teacher).get(reverse("receipt", args=[two.pk, first.pk])).context

    assert (context["who_says"]["teacher"], context["override_word"]) == (3, "There")


@pytest.mark.parametrize(("level", "word"), [(None, ""), (0, ""), (1, "Starting"), (4, "Extending"), (5, "")])
def test_word_of_a_level_that_the_scale_has_not_is_empty(level, word):
    assert DEFAULTS.word(level) == word
