"""Levels in the API: the same as on every page, and an account that adds up; how sure, for staff only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Mastery
from assessments.services.overrides import set_level
from tests.asking import Program, errors_of, fits, problem_of
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import make_guardian, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(taught):
    return Program(taught.teacher)


@pytest.fixture
def results(taught):
    """Two tries of the first learner on the first standard, nine days and one day ago, and one of the second."""
    first, second, _ = taught.learners
    standard = taught.standards[0]
    for ago, level in ((9, 1), (1, 4)):
        assessment = make_assessment(
            taught.section, taught.standards, given_on=days_ago(ago).date(), title=f"Day {ago}"
        )
        give(assessment, first, standard, level, at=days_ago(ago))
    give(assessment, second, standard, 2, at=days_ago(1))
    work_off()
    return first, standard


def test_levels_are_those_of_mastery_by_learner_and_standard(taught, program, results):
    learner, standard = results
    told = fits(program.get("api_mastery", section=taught.section.pk), "PaginatedLevelList")["results"]
    shown = {(row.learner_id, row.standard_id): row.shown_level for row in Mastery.objects.all()}
    assert {(row["learner"], row["standard"]): row["level"] for row in told} == shown
    assert [(row["learner"], row["standard"]) for row in told] == sorted(shown)
    one = fits(program.get("api_mastery", learner=learner.pk, standard=standard.pk), "PaginatedLevelList")["results"]
    assert [(row["results"], row["is_set"], row["as_of"]) for row in one] == [(2, False, None)]
    walked, answer = [], program.get("api_mastery", limit=1)
    while answer is not None:
        page = answer.json()
        walked += page["results"]
        answer = program.follow(page["next"]) if page["next"] else None
    assert walked == told
    assert fits(program.get("api_mastery", framework=2**40), "PaginatedLevelList")["results"] == []


def test_levels_of_an_earlier_day_are_those_that_stood_then(program, results):
    learner, standard = results
    then = str((timezone.now() - timedelta(days=5)).date())
    told = fits(program.get("api_mastery", as_of=then), "PaginatedLevelList")["results"]
    assert [(row["learner"], row["level"], row["as_of"], row["is_set"]) for row in told] == [
        (learner.pk, 1, str(days_ago(9).date()), None)
    ]
    receipt = fits(program.get("api_receipt", learner.pk, standard.pk, as_of=then), "Receipt")
    assert (receipt["level"], receipt["as_of"], receipt["outlook"], receipt["sureness"]) == (1, then, "", None)
    today = str(timezone.localdate())
    assert len(fits(program.get("api_mastery", as_of=today), "PaginatedLevelList")["results"]) == 2
    for asked in ({"as_of": "2199-01-01"}, {"as_of": "yesterday"}):
        assert errors_of(program.get("api_mastery", **asked))[0][0] == "as_of"
    both = program.get("api_mastery", as_of=then, computed_since="2026-01-01T00:00:00Z")
    assert errors_of(both)[0][0] == "computed_since"


def test_receipt_adds_up_for_staff_in_every_digit(program, results):
    learner, standard = results
    told = fits(program.get("api_receipt", learner.pk, standard.pk), "Receipt")
    assert (told["unit"], told["is_current"], told["method"]["name"]) == (1_000_000, True, "decaying")
    assert sum(line["part"] for line in told["lines"]) == told["value"] == 2_950_000
    assert [(line["assessment"], line["mark"]) for line in told["lines"]] == [("Day 1", 4.0), ("Day 9", 1.0)]
    assert (told["level"], told["level_of_results"], told["word"]) == (3, 3, told["levels"][2])
    assert told["sureness"]["verdict"] in ("sure", "check_again")
    assert 0 <= told["sureness"]["low"] <= told["sureness"]["estimate"] <= told["sureness"]["high"] <= 1


def test_level_that_a_teacher_has_set_is_told_with_its_reason(taught, program, results):
    learner, standard = results
    set_level(learner=learner, standard=standard, level=4, reason="Showed it to me", by=taught.teacher, seen=0)
    work_off()
    told = fits(program.get("api_receipt", learner.pk, standard.pk), "Receipt")
    assert (told["level"], told["level_of_results"]) == (4, 3)
    override = told["override"]
    assert (override["level"], override["by"], override["reason"]) == (4, taught.teacher.name, "Showed it to me")
    [row] = fits(program.get("api_mastery", learner=learner.pk), "PaginatedLevelList")["results"]
    assert (row["level"], row["is_set"]) == (4, True)


def test_learner_and_family_read_their_own_without_how_sure(client, taught, results):
    learner, standard = results
    for who in (learner.account, make_guardian(learner)):
        client.force_login(who)
        told = fits(client.get(f"/api/v1/learners/{learner.pk}/mastery/{standard.pk}/"), "Receipt")
        assert (told["sureness"], told["unit"], told["value"]) == (None, 100, 295)
        assert sum(line["part"] for line in told["lines"]) == told["value"]
        rows = fits(client.get("/api/v1/mastery/"), "PaginatedLevelList")["results"]
        assert {row["learner"] for row in rows} == {learner.pk}
        assert client.get(f"/api/v1/learners/{taught.learners[1].pk}/mastery/{standard.pk}/").status_code == 404


def test_pair_without_a_result_has_an_empty_account(taught, program):
    learner, standard = taught.learners[2], taught.standards[1]
    told = fits(program.get("api_receipt", learner.pk, standard.pk), "Receipt")
    assert (told["level"], told["value"], told["lines"], told["word"]) == (None, None, [], "")
    assert problem_of(Program(make_teacher()).get("api_receipt", learner.pk, standard.pk)) == (404, "not_found")
    assert problem_of(program.get("api_receipt", learner.pk, 2**62)) == (404, "not_found")
