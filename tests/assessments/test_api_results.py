"""Assessments and results in the API: made, sent as a batch, corrected; all or nothing, and once however often sent."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment, Evidence, Mastery, ResultNote
from lrm.api.scopes import RESULTS_READ, RESULTS_WRITE
from profiles.models import AccessLog, KeptAnswer
from profiles.services.kept_answers import forget_old_answers
from tests.asking import Program, errors_of, fits, problem_of
from tests.budgets import statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_school_admin, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(taught):
    return Program(taught.teacher)


def level_of(taught, level, learner=0, standard=0, **more):
    who, what = taught.learners[learner], taught.standards[standard]
    return {"learner": str(who.uuid), "standard": str(what.uuid), "level": level, **more}


def standing(assessment):
    return {
        (row.learner_id, row.standard_id): (row.kind, None if row.points is None else float(row.points))
        for row in Evidence.objects.filter(assessment=assessment).order_by("pk")
    }


def test_assessment_is_made_with_its_standards_in_order_and_once_by_its_uuid(taught, program):
    second, first = taught.standards
    body = {
        "uuid": "5f0c1c1e-8a3b-4a51-9d7e-1c8f2f4f7b60",
        "title": "Exit ticket",
        "kind": "summative",
        "standards": [first.pk, second.pk],
        "points_possible": "20",
        "weight": "0.5",
    }
    told = fits(program.post("api_section_assessments", taught.section.pk, body=body), "Assessment", 201)
    assert (told["standards"], told["scale"], told["points_possible"]) == ([first.pk, second.pk], "points", 20.0)
    assert (told["kind"], told["weight"], told["given_on"]) == ("summative", 0.5, str(timezone.localdate()))
    again = fits(program.post("api_section_assessments", taught.section.pk, body=body), "Assessment", 201)
    assert (again["id"], Assessment.objects.get().created_by) == (told["id"], taught.teacher)
    assert fits(program.get("api_assessment", told["id"]), "Assessment") == told
    listed = fits(
        program.get("api_assessments", section=taught.section.pk, standard=first.pk), "PaginatedAssessmentList"
    )
    assert listed["results"] == [told]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"standards": []}, "standards"),
        ({"standards": [2**40]}, "standards.0"),
        ({"title": ""}, "title"),
        ({"kind": "quiz"}, "kind"),
        ({"points_possible": 0}, "points_possible"),
        ({"weight": 5}, "weight"),
        ({"given_on": "2199-12-31"}, "given_on"),
        ({"given_on": "0001-01-01"}, "given_on"),
    ],
)
def test_assessment_that_cannot_be_is_refused_by_its_field(taught, program, more, field):
    body = {"title": "Exit ticket", "standards": [taught.standards[0].pk], **more}
    assert errors_of(program.post("api_section_assessments", taught.section.pk, body=body))[0][0] == field
    assert not Assessment.objects.exists()


def test_results_sent_to_an_assessment_are_in_the_ledger_and_make_levels(taught, program):
    assessment = make_assessment(taught.section, taught.standards)
    body = {"results": [level_of(taught, 4), level_of(taught, 2, 1, comment="Draw it"), level_of(taught, 3, 0, 1)]}
    body["results"].append({**level_of(taught, 1, 2), "is_excused": True})
    del body["results"][-1]["level"]
    told = fits(program.post("api_assessment_results", assessment.pk, body=body), "Stored")
    assert told == {"stored": 4, "unchanged": 0, "assessments": [assessment.pk]}
    one, two, three = (learner.pk for learner in taught.learners)
    first, second = (standard.pk for standard in taught.standards)
    assert standing(assessment) == {
        (one, first): ("result", 4.0),
        (two, first): ("result", 2.0),
        (one, second): ("result", 3.0),
        (three, first): ("excused", None),
    }
    assert set(Evidence.objects.values_list("source", "recorded_by")) == {("api", taught.teacher.pk)}
    assert ResultNote.objects.get().text == "Draw it"
    work_off()
    assert Mastery.objects.get(learner=one, standard=first).shown_level == 4
    assert set(AccessLog.objects.get(route="api_assessment_results").learner_ids) == {one, two, three}
    again = fits(program.post("api_assessment_results", assessment.pk, body=body), "Stored")
    assert (again["stored"], again["unchanged"], Evidence.objects.count()) == (0, 4, 4)


def test_results_are_read_as_they_stand_and_corrected_by_what_was_read(taught, program):
    assessment = make_assessment(taught.section, taught.standards)
    since = timezone.now()
    program.post("api_assessment_results", assessment.pk, body={"results": [level_of(taught, 2)]})
    [stood] = fits(program.get("api_results", assessment=assessment.pk), "PaginatedResultList")["results"]
    other = {"results": [level_of(taught, 3)]}
    assert errors_of(program.post("api_assessment_results", assessment.pk, body=other)) == [
        ("results.0.learner", "recorded_differently")
    ]
    right = {"results": [level_of(taught, 3, replaces=stood["id"])]}
    assert fits(program.post("api_assessment_results", assessment.pk, body=right), "Stored")["stored"] == 1
    [now] = fits(program.get("api_results", recorded_since=since.isoformat()), "PaginatedResultList")["results"]
    assert (now["points"], now["replaces"], now["observed_at"]) == (3.0, stood["id"], stood["observed_at"])
    stale = {"results": [level_of(taught, 4, replaces=stood["id"])]}
    assert errors_of(program.post("api_assessment_results", assessment.pk, body=stale))[0][1] == "recorded_differently"


def test_batch_with_one_wrong_row_stores_nothing_and_names_each(taught, program):
    assessment = make_assessment(taught.section, [taught.standards[0]])
    points = level_of(taught, 1)
    points["points"] = points.pop("level")
    tomorrow = (timezone.now() + timedelta(days=2)).isoformat()
    sent = [
        level_of(taught, 4),
        {**level_of(taught, 2), "learner": "nobody"},
        level_of(taught, 2, 1, 1),
        {**level_of(taught, 2, 1), "standard": "no such code"},
        {**points, "learner": str(taught.learners[1].uuid)},
        level_of(taught, 4),
        level_of(taught, 3, 2, observed_at=tomorrow),
        {key: value for key, value in level_of(taught, 3, 1).items() if key != "level"},
    ]
    refused = program.post("api_assessment_results", assessment.pk, body={"results": sent})
    assert sorted(errors_of(refused)) == [
        ("results.1.learner", "nobody"),
        ("results.2.standard", "not_assessed"),
        ("results.3.standard", "no_standard"),
        ("results.4.points", "scale_stands"),
        ("results.5.learner", "twice"),
        ("results.6.observed_at", "in_future"),
        ("results.7.points", "neither"),
    ]
    assert not Evidence.objects.exists()
    shapes = [level_of(taught, 9), level_of(taught, 2, attempt=0), {"learner": "x"}, 7]
    assert {
        field for field, _ in errors_of(program.post("api_assessment_results", assessment.pk, body={"results": shapes}))
    } == {
        "results.0.level",
        "results.1.attempt",
        "results.2.standard",
        "results.3",
    }


def test_batch_of_a_section_makes_its_assessments(taught, program):
    day = str(timezone.localdate())
    results = [
        {**level_of(taught, 3), "assessment": "Quiz", "given_on": day},
        {
            "learner": taught.learners[1].key,
            "standard": taught.standards[0].code,
            "points": "7.5",
            "possible": "10",
            "assessment": "Test",
            "given_on": day,
            "kind": "summative",
        },
    ]
    told = fits(program.post("api_section_results", taught.section.pk, body={"results": results}), "Stored")
    made = {row.title: row for row in Assessment.objects.all()}
    assert (told["stored"], told["assessments"]) == (2, sorted(row.pk for row in made.values()))
    assert (made["Quiz"].points_possible, float(made["Test"].points_possible), made["Test"].kind) == (
        None,
        10,
        "summative",
    )
    results[0]["points"] = 3
    assert errors_of(program.post("api_section_results", taught.section.pk, body={"results": results}))[0] == (
        "results.0.level",
        "score_and_level",
    )


def test_same_key_gets_the_same_answer_and_another_request_is_refused(taught, program):
    body = {"title": "Exit ticket", "standards": [taught.standards[0].pk]}
    ask = lambda sent, who=program: who.post("api_section_assessments", taught.section.pk, body=sent, key="a-1")
    first, second = ask(body), ask(dict(reversed(body.items())))
    assert first.json() == fits(second, "Assessment", 201)
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert problem_of(ask(body | {"title": "Another"})) == (422, "key_reused")
    assert Assessment.objects.count() == 1
    assert ask(body, Program(taught.co_teacher)).json()["id"] != first.json()["id"], "each account has keys of its own"
    for key in ("", "\u00e9", "x" * 256):
        answer = program._client.post(
            first.wsgi_request.path,
            json.dumps(body),
            content_type="application/json",
            headers=program._headers() | {"idempotency-key": key},
        )
        assert problem_of(answer) == (400, "invalid")


def test_refused_request_leaves_its_key_free(taught, program):
    wrong, right = {"title": ""}, {"title": "Exit ticket", "standards": [taught.standards[0].pk]}
    ask = lambda body: program.post("api_section_assessments", taught.section.pk, body=body, key="a-1")
    assert problem_of(ask(wrong)) == (400, "invalid")
    assert not KeptAnswer.objects.exists()
    assert ask(right).status_code == 201
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert ask(right | {"title": "Another"}).status_code == 201, "an old key is free again"
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert (forget_old_answers(), KeptAnswer.objects.count()) == (1, 0)


def test_kept_key_stands_once_an_account(taught):
    KeptAnswer.objects.create(account=taught.teacher, key="a", digest="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptAnswer.objects.create(account=taught.teacher, key="a", digest="y")


def test_thousands_of_results_cost_a_fixed_number_of_statements(taught, program):
    taught.join(37)
    assessment = make_assessment(taught.section, taught.standards)
    small = {"results": [level_of(taught, 2, 0)]}
    large = {
        "results": [
            level_of(taught, 1 + (learner + item) % 4, learner, item % 2, item=f"q{item}")
            for learner in range(40)
            for item in range(25)
        ]
    }
    with CaptureQueriesContext(connection) as few:
        assert program.post("api_assessment_results", assessment.pk, body=small).status_code == 200
    with CaptureQueriesContext(connection) as many:
        assert fits(program.post("api_assessment_results", assessment.pk, body=large), "Stored")["stored"] == 1000
    assert len(statements(many)) <= len(statements(few))


def test_results_are_for_those_who_see_the_section(taught):
    assessment = make_assessment(taught.section, taught.standards)
    give(assessment, taught.learners[0], taught.standards[0], 2)
    body = {"results": [level_of(taught, 2, 1)]}
    elsewhere = Program(make_teacher())
    assert problem_of(elsewhere.post("api_assessment_results", assessment.pk, body=body)) == (404, "not_found")
    assert problem_of(elsewhere.post("api_section_results", taught.section.pk, body=body)) == (404, "not_found")
    assert fits(elsewhere.get("api_results"), "PaginatedResultList")["results"] == []
    principal = Program(make_school_admin(taught.section.roster.school), RESULTS_WRITE)
    assert principal.post("api_assessment_results", assessment.pk, body=body).status_code == 200
    refused = principal.get("api_results")
    assert (*problem_of(refused), refused.json()["scope"]) == (403, "missing_scope", RESULTS_READ)
