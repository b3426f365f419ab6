"""What no keyboard types and what no page offers: a clear answer, and never an error of the machine."""

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Goal, GoalEdit, ProjectTime, StarterSet, StepProposal, TalkDraft
from profiles.models import Support
from tests.factories.paths import make_goal, make_path, make_project, make_talk
from tests.factories.profiles import make_district_admin

pytestmark = pytest.mark.django_db

NUL = "a\0b"
ENDLESS = "9" * 5000  # more digits than Python reads


def test_nul_in_words_that_are_kept_while_typed_is_left_out(classroom, me):
    talk = make_talk(classroom.learner, classroom.section, by=classroom.account)

    assert me.post(reverse("talk_draft", args=[talk.pk]), {"text": NUL}).json() == {"saved": True}
    assert me.post(reverse("talk_new_draft", args=[classroom.learner.pk]), {"text": NUL}).json() == {"saved": True}
    assert list(TalkDraft.objects.values_list("text", flat=True)) == ["ab", "ab"]


def test_nul_in_words_of_staff_is_left_out(classroom, teacher):
    learner, today = classroom.learner, timezone.localdate()
    support = Support.objects.create(learner=learner, kind="read_aloud", starts_on=today)
    project = make_project(learner)
    time = ProjectTime.objects.create(project=project, on=today, minutes=5, text="I read.")
    idea = StepProposal.objects.create(learner=learner, path=make_path(learner), title="An idea")

    teacher.post(reverse("support_act", args=[support.pk]), {"do": "agree", "with": NUL})
    teacher.post(reverse("project_time_confirm", args=[project.pk, time.pk]), {"confirmed": "1", "name": NUL})
    teacher.post(reverse("proposal_answer", args=[idea.pk]), {"do": "decline", "text": NUL})

    for row in (support, time, idea):
        row.refresh_from_db()
    assert (support.agreed_with, time.confirmed_for, idea.answer) == ("ab", "ab", "ab")


def test_nul_in_starters_is_left_out(classroom, as_account):
    client = as_account(make_district_admin(classroom.district))
    page = client.get(reverse("starters"))
    field = page.context["bands"][0]["fields"][0]

    client.post(reverse("starters"), {field["name"]: NUL, f"seen-{field['name']}": field["text"]})

    assert [row.lines for row in StarterSet.objects.all()] == ["ab"]


def test_version_that_nobody_has_seen_is_kept_as_the_one_that_stands(classroom, me):
    goal = make_goal(classroom.learner)

    words = {"uuid": goal.uuid, "what": "I can", "version": "9" * 25, "step_text": [NUL]}
    answer = me.post(reverse("goal_typing", args=[goal.pk]), words)

    assert answer.json() == {"saved": True}
    assert [(row.version, row.typed["step_text"]) for row in GoalEdit.objects.all()] == [(1, ["ab"])]


def test_endless_numbers_name_nothing(classroom, me, teacher):
    path = make_path(classroom.learner)
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],))
    order = {"version": ENDLESS, "step": [ENDLESS]}
    words = {"what": "I can read it.", "standards": [ENDLESS], "step_text": ["One\0"], "step_id": [ENDLESS]}
    undo = {"act": "00000000-0000-0000-0000-000000000000", "goal": ENDLESS}

    answers = [
        me.post(reverse("path_order", args=[path.pk]), order),
        me.post(reverse("goal_new"), words),
        me.post(reverse("goal_new"), {**words, "move": f"up-{ENDLESS}"}),
        teacher.post(reverse("goals_review_undo"), undo, headers={"HX-Request": "true"}),
        teacher.get(reverse("section_wall", args=[classroom.section.pk]), {"sort": ENDLESS}),
    ]

    assert [answer.status_code for answer in answers] == [409, 422, 200, 302, 200]
    assert list(Goal.objects.all()) == [goal]
