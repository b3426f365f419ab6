"""A class that works on two frameworks, one with a scale of its own: each standard in the words of its framework."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from assessments.models import Mastery, MasteryPolicy, SectionStandard
from assessments.services.group_starts import read_starts
from assessments.services.needs import read_needs
from assessments.services.policies import Policies
from assessments.services.suggesting import make_board
from assessments.services.walls import read_wall
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment
from tests.factories.paths import make_mastery
from tests.factories.standards import make_framework, make_standard


@pytest.fixture
def mixed(taught):
    """Six learners. Secure from 3 of 4 on the first standard; on `state`, of the other framework, Meets is 2 of 3."""
    taught.join(3)
    framework = make_framework(taught.section.district)
    state = make_standard(framework, code="S.1")
    SectionStandard._base_manager.create(section=taught.section, standard=state, position=2)
    MasteryPolicy.objects.create(
        district=framework.district,
        framework=framework,
        starts_on=days_ago(9).date(),
        cuts=[0.5, 0.75],
        level_words=["Not yet", "Meets", "Exceeds"],
        mastery_level=2,
    )
    local = taught.standards[0]
    for learner, (of_local, of_state) in zip(taught.learners, ((2, 2), (3, 1), (4, 3)), strict=False):
        make_mastery(learner, local, of_local)
        make_mastery(learner, state, of_state)
    return SimpleNamespace(section=taught.section, learners=taught.learners, local=local, state=state, taught=taught)


def wall_of(mixed):
    return read_wall(mixed.section, Policies(mixed.section.district_id), on=days_ago(0).date(), sort="name")


def test_wall_counts_each_standard_by_its_own_framework(mixed):
    with assert_statements(at_most=4):
        found = wall_of(mixed)
    of = {column.standard: column.policy for column in found.columns}
    assert (of[mixed.local].word(2), of[mixed.state].word(2)) == ("Building", "Meets")
    assert [(row.secure, row.seen) for row in found.rows[:3]] == [(1, 2), (1, 2), (2, 2)]


def test_wall_names_levels_by_the_standards_framework(mixed, as_account):
    client = as_account(mixed.taught.teacher)
    page = client.get(reverse("section_wall", args=[mixed.section.pk]))
    text = page.content.decode()
    name = mixed.learners[0].name
    assert f'aria-label="{name}, {mixed.local.label}, 2 Building"' in text
    assert f'aria-label="{name}, S.1, 2 Meets"' in text
    assert [(item["level"], item["word"], item["count"]) for item in page.context["legend"]] == [
        (1, "Starting / Not yet", 1),
        (2, "Building / Meets", 2),
        (3, "Secure / Exceeds", 2),
        (4, "Extending", 1),
    ]
    share = {column["standard"]: (column["share"], column["said"]) for column in page.context["columns"]}
    assert share[mixed.state] == (67, "1 Exceeds, 1 Meets, 1 Not yet")
    assert share[mixed.local] == (67, "1 Extending, 1 Secure, 1 Building")
    assert page.context["mastery_said"] == "Met"


def test_wall_of_one_framework_with_a_policy_of_its_own_speaks_its_words(mixed, as_account):
    SectionStandard._base_manager.filter(section=mixed.section).exclude(standard=mixed.state).delete()
    page = as_account(mixed.taught.teacher).get(reverse("section_wall", args=[mixed.section.pk]))
    assert [item["word"] for item in page.context["legend"]] == ["Not yet", "Meets", "Exceeds"]
    assert page.context["mastery_said"] == "Meets or more"


def test_level_that_one_scale_does_not_have_is_not_set_on_it(mixed, as_account):
    client, url = as_account(mixed.taught.teacher), reverse("section_levels", args=[mixed.section.pk])
    assert [item["word"] for item in client.get(url).context["levels"]][2:] == ["Secure / Exceeds", "Extending"]
    ada = mixed.learners[0].pk
    sent = {"cell": [f"{ada}.{mixed.local.pk}.0", f"{ada}.{mixed.state.pk}.0"], "level": "4", "reason": "Seen."}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert answer.context["problem"] == "The scale of a ticked standard ends at 3, so 4 cannot be set there."
    assert client.post(url, sent | {"cell": sent["cell"][:1]}).status_code == 302


def test_class_screen_shows_what_counts_as_met_in_each_framework(mixed, as_account):
    page = as_account(mixed.taught.teacher).get(reverse("class_screen", args=[mixed.section.pk]))
    assert [(one["standard"], one["total"], one["word"]) for one in page.context["columns"]] == [
        (mixed.local, 2, "Secure"),
        (mixed.state, 2, "Meets"),
    ]
    assert page.context["legend"] == [(2, "Meets"), (3, "Secure / Exceeds"), (4, "Extending")]
    assert "Building" not in page.content.decode()


def test_entry_tells_the_words_of_the_assessments_standards(mixed, as_account):
    assessment = make_assessment(mixed.section, [mixed.state])
    page = as_account(mixed.taught.teacher).get(reverse("assessment_enter", args=[assessment.pk]))
    assert page.context["words"] == ["Not yet", "Meets", "Exceeds"]


def test_today_counts_each_standard_by_its_own_framework(mixed, as_account):
    make_mastery(mixed.learners[3], mixed.state, 2, days=[(40, 1.0)])
    Mastery._base_manager.filter(learner=mixed.learners[3]).update(last_observed_at=days_ago(0))
    found = as_account(mixed.taught.teacher).get(reverse("today")).context["found"]
    (room,) = found.classes
    assert (room.results, room.share) == (7, 71)
    assert [(news.standard, news.level, news.word) for news in found.news] == [("S.1", 2, "Meets")]


def test_groups_go_by_each_standards_own_framework(mixed):
    """On the framework of three levels 2 counts as met; on the other one it does not."""
    section, on = mixed.section, days_ago(0).date()
    needs = read_needs(section, Policies(section.district_id), on=on, chosen=[mixed.local.pk, mixed.state.pk])
    local, state = (needs.standards.index(standard) for standard in (mixed.local, mixed.state))
    at_two = mixed.learners[0]
    row = needs.learners.index(at_two)
    assert (needs.p[row, local] < 0.7, needs.p[row, state] >= 0.7) == (True, True)
    assert (needs.levels[local], needs.levels[state]) == (4, 3)

    board = make_board(section, {"k": 1, "standards": [mixed.state.pk], "own_path": False}, on=on)
    (group,) = board["groups"]
    of = {member["learner"]: member for member in group["members"]}
    assert (group["levels"], of[at_two.pk]["reasons"][0]["code"]) == (3, "secure_here")
    assert {reason["code"]: reason.get("levels") for reason in group["reasons"]}.get("most_at", [1]) == [1]

    give(make_assessment(section, [mixed.state]), at_two, mixed.state, 3)
    starts = read_starts(
        section.roster_id,
        {at_two.pk: mixed.state.pk},
        policies=Policies(section.district_id),
        on=on,
        at=days_ago(0),
    )
    assert starts[at_two.pk]["first_mean_micro"] == 875_000  # the middle of the third level of three
