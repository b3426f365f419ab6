"""Goals and paths in the API: read by the circle, written by learners and teachers, with the rules of the pages."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from lrm.scope import district_scope
from paths.models import CheckIn, Goal, GoalRevision, Step
from tests.asking import Program, errors_of, fits, problem_of
from tests.factories.paths import make_check_in, make_goal, make_path, make_reflection
from tests.factories.profiles import (
    enroll,
    make_guardian,
    make_learner,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db):
    made = make_section()
    with district_scope(made.district_id):
        yield made


@pytest.fixture
def learner(section):
    made = make_learner(section.roster.school, account=True)
    enroll(made, section.roster)
    return made


@pytest.fixture
def program(section):
    return Program(make_teacher(section.roster))


@pytest.fixture
def standard(section):
    return make_standard(make_framework(section.district))


def sent(client, verb, address, body):
    return getattr(client, verb)(address, json.dumps(body), content_type="application/json")


def test_goals_are_listed_by_learner_class_and_state(section, learner, program, standard):
    goal = make_goal(
        learner, standards=(standard,), steps=("Ask", "Build"), done_when="I can\nI show it", met=["I can"]
    )
    make_goal(learner, state=Goal.State.DRAFT, author=learner.account)
    elsewhere = make_goal(make_learner(section.roster.school))
    check_in, reflection = make_check_in(goal), make_reflection(goal)
    make_reflection(goal, is_draft=True)
    for asked in ({}, {"learner": learner.pk}, {"section": section.pk}, {"state": "live"}):
        [told] = fits(program.get("api_goals", **asked), "PaginatedGoalList")["results"]
        assert told["id"] == goal.pk
    assert told["criteria"] == [{"text": "I can", "is_met": True}, {"text": "I show it", "is_met": False}]
    assert [step["text"] for step in told["steps"]] == ["Ask", "Build"]
    full = fits(program.get("api_goal", goal.pk), "GoalInFull")
    assert {name: full[name] for name in told} == told
    assert [row["uuid"] for row in full["check_ins"]] == [str(check_in.uuid)]
    assert [row["text"] for row in full["reflections"]] == [reflection.text]
    assert problem_of(program.get("api_goal", elsewhere.pk)) == (404, "not_found")
    assert fits(program.get("api_goals", state="achieved"), "PaginatedGoalList")["results"] == []


def test_teacher_writes_a_goal_with_a_learner_once(learner, program, standard):
    body = {
        "uuid": str(uuid4()),
        "what": "I read a clock",
        "done_when": ["I name ten times", "I name ten times"],
        "due_on": str(timezone.localdate() + timedelta(days=9)),
        "standards": [standard.pk],
        "steps": [{"text": "Ask for a clock"}],
    }
    told = fits(program.post("api_learner_goals", learner.pk, body=body), "GoalInFull", 201)
    assert (told["state"], told["standards"], bool(told["agreed_at"])) == ("live", [standard.pk], True)
    assert [line["text"] for line in told["criteria"]] == ["I name ten times"]
    assert fits(program.post("api_learner_goals", learner.pk, body=body), "GoalInFull", 201)["id"] == told["id"]
    other = make_learner(learner.home_school)
    enroll(other, learner.enrollments.get().roster)
    assert problem_of(program.post("api_learner_goals", other.pk, body=body)) == (409, "uuid_taken")
    assert Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"what": ""}, "what"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"standards": [2**40]}, "standards.0"),
        ({"steps": [{"text": "x" * 201}]}, "steps.0.text"),
        ({"steps": [{"text": "x"}] * 13}, "steps"),
        ({"done_when": ["x" * 300] * 4}, "done_when"),
    ],
)
def test_goal_that_cannot_be_is_refused_by_its_field(learner, program, more, field):
    refused = program.post("api_learner_goals", learner.pk, body={"what": "I read a clock", **more})
    assert errors_of(refused)[0][0] == field
    assert not Goal.objects.exists()


def test_revision_changes_what_it_names_and_an_older_one_is_stale(learner, program):
    goal = make_goal(learner, what="I read", why="For the train", steps=("Ask",))
    kept = goal.steps.get()
    body = {"version": goal.version, "what": "I read a clock", "steps": [{"id": kept.pk, "text": "Ask twice"}]}
    told = fits(program.patch("api_goal", goal.pk, body=body), "GoalInFull")
    assert (told["what"], told["why"], told["steps"][0]["id"]) == ("I read a clock", "For the train", kept.pk)
    assert fits(program.patch("api_goal", goal.pk, body=body), "GoalInFull")["version"] == told["version"]
    stale = program.patch("api_goal", goal.pk, body={"version": goal.version, "what": "Another"})
    assert (*problem_of(stale), stale.json()["current_version"]) == (409, "stale", told["version"])
    assert GoalRevision.objects.get().before["what"] == "I read"
    assert errors_of(program.patch("api_goal", goal.pk, body={"what": "x"})) == [("version", "required")]


def test_learner_checks_in_and_nobody_else_does(client, learner, program):
    goal = make_goal(learner)
    address, body = f"/api/v1/goals/{goal.pk}/check-ins/", {"confidence": 4, "text": "Almost", "uuid": str(uuid4())}
    client.force_login(learner.account)
    for _ in range(2):
        told = fits(sent(client, "post", address, body), "CheckIn", 201)
    assert (told["confidence"], told["text"], CheckIn.objects.count()) == (4, "Almost", 1)
    assert errors_of(sent(client, "post", address, {"confidence": 6}))[0][0] == "confidence"
    assert problem_of(program.post("api_goal_check_ins", goal.pk, body=body)) == (404, "not_found")


def test_family_and_office_read_goals_and_change_none(client, learner, section):
    goal = make_goal(learner)
    client.force_login(make_guardian(learner))
    assert fits(client.get(f"/api/v1/goals/{goal.pk}/"), "GoalInFull")["id"] == goal.pk
    change = {"version": goal.version, "what": "Mine"}
    assert sent(client, "patch", f"/api/v1/goals/{goal.pk}/", change).status_code == 404
    office = Program(make_school_admin(section.roster.school))
    assert fits(office.get("api_goal", goal.pk), "GoalInFull")["id"] == goal.pk
    assert problem_of(office.patch("api_goal", goal.pk, body=change)) == (404, "not_found")
    assert problem_of(office.post("api_learner_goals", learner.pk, body={"what": "x"})) == (404, "not_found")


def test_paths_tell_the_state_of_each_step_and_ticks_move_it(client, learner, program):
    path = make_path(learner, steps=("First", "Second"))
    first, second = path.steps.order_by("position")
    Step.objects.filter(pk=second.pk).update(waits_for=[first.uuid])
    [told] = fits(program.get("api_paths", learner=learner.pk), "PaginatedPathList")["results"]
    assert [(step["title"], step["state"]) for step in told["steps"]] == [("First", "now"), ("Second", "waiting")]
    client.force_login(learner.account)
    waits = sent(client, "post", f"/api/v1/steps/{second.pk}/done/", {"is_done": True})
    assert problem_of(waits) == (409, "waits")
    done = fits(program.post("api_step_done", first.pk, body={"is_done": True}), "Path")
    assert ([step["state"] for step in done["steps"]], done["done"], done["total"]) == (["done", "now"], 1, 2)
    back = fits(sent(client, "post", f"/api/v1/steps/{first.pk}/done/", {"is_done": False}), "Path")
    assert back["done"] == 0
    assert fits(program.get("api_path", path.pk), "Path")["steps"] == back["steps"]
    elsewhere = Program(make_teacher())
    assert problem_of(elsewhere.get("api_path", path.pk)) == (404, "not_found")
    assert problem_of(elsewhere.post("api_step_done", first.pk, body={"is_done": True})) == (404, "not_found")
