"""A project from the first words to the joint decision: who says what when, and that no word or minute is lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, Mastery
from paths.models import Artifact, Project, ProjectClosing, ProjectEvent, ProjectTime
from tests.factories.paths import make_project

State = Project.State


@pytest.fixture
def act(classroom, as_account):
    """Post to a route of a project: act(account, "project_decide", project, do="agree")."""

    def post(account, route, project, *more, follow=True, **data):
        return as_account(account).post(reverse(route, args=[project.pk, *more]), data, follow=follow)

    return post


def words(classroom, **more):
    return {
        "uuid": uuid4(),
        "kind": "internship",
        "title": "At the bike shop",
        "what": "I fix wheels and write down the numbers.",
        "place": "Harbor Bikes",
        "mentor": "Sam",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-20",
        "standards": [classroom.standards[0].pk, classroom.standards[2].pk],
        "line_id": ["", ""],
        "line_text": ["Ask", "Go there"],
        "line_due": ["2026-03-03", ""],
        **more,
    }


def state_of(project) -> str:
    return Project.objects.values_list("state", flat=True).get(pk=project.pk)


def test_a_proposal_is_sent_with_its_plan_and_standards_once(classroom, as_account):
    client, sent = as_account(classroom.account), words(classroom)
    for _ in range(2):
        client.post(reverse("project_new"), sent)
    project = Project.objects.get()
    assert (project.state, project.kind, project.place, project.mentor) == (
        State.PROPOSED,
        "internship",
        "Harbor Bikes",
        "Sam",
    )
    assert [(str(step.due_on), step.text) for step in project.steps.all()] == [
        ("2026-03-03", "Ask"),
        ("None", "Go there"),
    ]
    assert set(project.standards.all()) == {classroom.standards[0], classroom.standards[2]}
    assert list(project.events.values_list("what", flat=True)) == ["proposed"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "Give it a name."),
        ({"what": " "}, "Say in a few words"),
        ({"ends_on": "2026-03-01"}, "It ends before it starts."),
        ({"starts_on": "soon"}, "This is no date."),
        ({"kind": "holiday"}, "Select a valid choice"),
        ({"line_text": ["x" * 201]}, "at most 200 letters"),
        ({"line_text": ["x"] * 21}, "at most 20 lines"),
    ],
)
def test_a_proposal_that_is_not_whole_comes_back_with_its_words(classroom, as_account, change, says):
    answer = as_account(classroom.account).post(reverse("project_new"), words(classroom, **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Harbor Bikes" in page
    assert not Project.objects.exists()


def test_a_draft_is_its_writers_alone_and_is_kept_as_it_is_typed(classroom, as_account):
    mine, sent = as_account(classroom.account), words(classroom, title="", do="draft")
    assert mine.post(reverse("project_new"), sent).json() == {"saved": True}
    draft = Project.objects.get()
    assert draft.state == State.DRAFT
    for account in (classroom.teacher, classroom.guardian()):
        assert as_account(account).get(reverse("project", args=[draft.pk])).status_code == 404
    form = mine.get(reverse("project_edit", args=[draft.pk])).content.decode()
    assert "I fix wheels and write down the numbers." in form
    mine.post(reverse("project_edit", args=[draft.pk]), words(classroom, uuid=draft.uuid))
    assert state_of(draft) == State.PROPOSED


def test_nothing_typed_is_no_draft(classroom, as_account):
    sent = {"uuid": uuid4(), "kind": "project", "do": "draft"}
    assert as_account(classroom.account).post(reverse("project_new"), sent).json() == {"saved": False}
    assert not Project.objects.exists()


def test_the_form_of_somebody_else_makes_nothing(classroom, as_account):
    theirs = make_project(classroom.classmate())
    sent = words(classroom, uuid=theirs.uuid)
    assert as_account(classroom.account).post(reverse("project_new"), sent).status_code == 404


def test_a_teacher_asks_one_question_and_the_answer_brings_it_back(classroom, act, as_account):
    project = make_project(classroom.learner)
    page = act(classroom.teacher, "project_decide", project, do="ask").content.decode()
    assert "Write a line first." in page
    assert state_of(project) == State.PROPOSED
    act(classroom.teacher, "project_decide", project, do="ask", text="How wide is the gap?")
    assert state_of(project) == State.ASKED
    home = as_account(classroom.account).get(reverse("home")).content.decode()
    assert "Your teacher has a question" in home
    sent = words(classroom, version=1, answer="One meter.", uuid=project.uuid)
    act(classroom.account, "project_edit", project, **sent)
    assert state_of(project) == State.PROPOSED
    assert list(project.events.values_list("what", "text")) == [
        ("answered", "One meter."),
        ("asked", "How wide is the gap?"),
    ]


def test_a_teacher_keeps_it_for_later_with_a_line_and_the_learner_sends_it_again(classroom, act):
    project = make_project(classroom.learner)
    act(classroom.teacher, "project_decide", project, do="later", text="After the break.")
    page = act(classroom.account, "project_edit", project, **words(classroom, version=1)).content.decode()
    assert state_of(project) == State.PROPOSED
    assert "After the break." in page


def test_a_yes_lets_it_run_and_can_be_taken_back(classroom, act):
    project = make_project(classroom.learner)
    act(classroom.teacher, "project_decide", project, do="agree", text="Start on Monday.")
    project.refresh_from_db()
    assert (project.state, project.decided_by) == (State.RUNNING, classroom.teacher)
    act(classroom.teacher, "project_decide", project, do="agree")
    assert project.events.filter(what="agreed").count() == 1
    act(classroom.teacher, "project_decide", project, do="take_back")
    project.refresh_from_db()
    assert (project.state, project.decided_by) == (State.PROPOSED, None)


def test_words_that_change_while_it_runs_need_a_new_yes_and_keep_the_old_ones(classroom, act):
    project = make_project(classroom.learner, state=State.RUNNING, what="A small bridge.")
    kept = project.steps.create(position=1, text="Ask", done_at=timezone.now())
    sent = words(classroom, version=1, line_id=[kept.pk, ""], line_text=["Ask Sam", "Measure"], line_due=["", ""])
    act(classroom.account, "project_edit", project, **sent)
    event = ProjectEvent.objects.get(project=project)
    assert (state_of(project), event.what, event.before["what"]) == (State.PROPOSED, "changed", "A small bridge.")
    assert [(step.pk == kept.pk, step.text, step.done_at is not None) for step in project.steps.all()] == [
        (True, "Ask Sam", True),
        (False, "Measure", False),
    ]


def test_a_save_that_came_second_keeps_what_was_typed(classroom, act):
    project = make_project(classroom.learner, version=2)
    answer = act(classroom.account, "project_edit", project, **words(classroom, version=1, title="My late words"))
    assert answer.status_code == 409
    assert "My late words" in answer.content.decode()
    project.refresh_from_db()
    assert project.title != "My late words"


def test_lines_of_another_project_are_not_taken_over(classroom, act):
    theirs = make_project(classroom.classmate())
    step = theirs.steps.create(position=1, text="Theirs")
    project = make_project(classroom.learner)
    sent = words(classroom, version=1, line_id=[step.pk], line_text=["Mine"], line_due=[""])
    act(classroom.account, "project_edit", project, **sent)
    step.refresh_from_db()
    assert (step.text, step.project) == ("Theirs", theirs)


def test_time_adds_up_in_hours_and_the_same_form_twice_is_one_line(classroom, act):
    project = make_project(classroom.learner, state=State.RUNNING)
    line = {"uuid": uuid4(), "on": timezone.localdate(), "minutes": 50, "text": "I measured"}
    for _ in range(2):
        act(classroom.account, "project_time", project, **line)
    page = act(classroom.account, "project_time", project, **{**line, "uuid": uuid4(), "minutes": 45}).content.decode()
    assert ProjectTime.objects.count() == 2
    assert "1:35 hours" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"minutes": 0}, "At least 1 minute."),
        ({"minutes": 721}, "At most 720 minutes"),
        ({"minutes": "an hour"}, "Write the minutes as a number"),
        ({"on": "2999-01-01"}, "still to come"),
        ({"on": "2001-01-01"}, "more than 60 days ago"),
        ({"text": ""}, "Write a few words about it."),
    ],
)
def test_time_that_cannot_be_is_refused_and_stays_typed(classroom, act, change, says):
    project = make_project(classroom.learner, state=State.RUNNING)
    line = {"uuid": uuid4(), "on": timezone.localdate(), "minutes": 50, "text": "I measured twice", **change}
    answer = act(classroom.account, "project_time", project, **line)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ProjectTime.objects.exists()


def test_time_is_logged_while_it_runs_only(classroom, act):
    project = make_project(classroom.learner)
    line = {"uuid": uuid4(), "on": timezone.localdate(), "minutes": 50, "text": "I measured"}
    page = act(classroom.account, "project_time", project, **line).content.decode()
    assert "Time is kept while a project goes on." in page
    assert not ProjectTime.objects.exists()


def test_a_teacher_confirms_a_line_for_the_mentor_and_then_it_stays(classroom, act):
    project = make_project(classroom.learner, state=State.RUNNING, mentor="Sam")
    row = ProjectTime.objects.create(project=project, on=timezone.localdate(), minutes=60, text="Wheels")
    page = act(classroom.teacher, "project_time_confirm", project, row.pk, confirmed="1", name="Sam").content.decode()
    assert re.search(r"Sam, today\s+<span class=\"meta\">written down by", page)
    page = act(classroom.account, "project_time_out", project, row.pk, out="1").content.decode()
    assert "An adult has confirmed this time" in page
    act(classroom.teacher, "project_time_confirm", project, row.pk, confirmed="0")
    act(classroom.account, "project_time_out", project, row.pk, out="1")
    row.refresh_from_db()
    assert (row.confirmed_at, row.withdrawn_at is not None) == (None, True)
    act(classroom.account, "project_time_out", project, row.pk, out="0")
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_lines_of_another_project_are_not_there(classroom, act):
    project, other = (make_project(classroom.learner, state=State.RUNNING) for _ in range(2))
    row = ProjectTime.objects.create(project=other, on=timezone.localdate(), minutes=60, text="Wheels")
    assert act(classroom.teacher, "project_time_confirm", project, row.pk, confirmed="1").status_code == 404
    assert act(classroom.account, "project_time_out", project, row.pk, out="1").status_code == 404


def test_the_end_is_decided_together_with_its_history_and_writes_no_level(classroom, act):
    first, second = classroom.standards[:2]
    project = make_project(classroom.learner, state=State.RUNNING, standards=(first, second))
    sent = {"uuid": uuid4(), "reflection": "It holds ten books.", f"level.{first.pk}": "3", f"level.{second.pk}": ""}
    for _ in range(2):
        act(classroom.account, "project_end", project, **sent)
    closing = ProjectClosing.objects.get()
    assert (state_of(project), closing.levels) == (State.CLOSING, {str(first.pk): 3})
    act(classroom.teacher, "project_decide", project, do="talk")
    assert state_of(project) == State.CLOSING, "a talk needs a line"
    act(classroom.teacher, "project_decide", project, do="talk", text="Show me the load test.")
    assert state_of(project) == State.RUNNING
    again = {"uuid": uuid4(), "reflection": "It holds twelve, I tested it.", f"level.{first.pk}": "4"}
    act(classroom.account, "project_end", project, **again)
    page = act(classroom.teacher, "project_decide", project, do="end_agree", text="I saw it.").content.decode()
    assert state_of(project) == State.DONE
    assert list(project.closings.values_list("answer", "reflection")) == [
        ("agreed", "It holds twelve, I tested it."),
        ("talk", "It holds ten books."),
    ]
    wanted = reverse("assessment_new", args=[classroom.section.pk])
    assert re.search(rf'href="{wanted}\?title=[^"]*&amp;standards={first.pk}&amp;standards={second.pk}"', page)
    assert (Evidence.objects.count(), Mastery.objects.count()) == (0, 0)
    act(classroom.teacher, "project_decide", project, do="take_back")
    assert state_of(project) == State.CLOSING


def test_a_level_that_the_scale_has_not_is_refused(classroom, act):
    standard = classroom.standards[0]
    project = make_project(classroom.learner, state=State.RUNNING, standards=(standard,))
    answer = act(
        classroom.account, "project_end", project, uuid=uuid4(), reflection="Done", **{f"level.{standard.pk}": "9"}
    )
    assert answer.status_code == 422
    assert "Done</textarea>" in answer.content.decode()
    assert not ProjectClosing.objects.exists()


def test_the_entry_form_opens_with_the_projects_standards(classroom, as_account):
    url = reverse("assessment_new", args=[classroom.section.pk])
    asked = {"title": "A tide clock", "standards": [classroom.standards[1].pk, "x"]}
    page = as_account(classroom.teacher).get(url, asked).content.decode()
    assert 'value="A tide clock"' in page
    assert re.search(rf'name="standards"[^>]*value="{classroom.standards[1].pk}"', page)


def test_work_belongs_to_a_project(classroom, as_account, act):
    from paths.forms.work import sign_ticket

    project = make_project(classroom.learner, state=State.RUNNING, standards=(classroom.standards[0],))
    url, client = reverse("hand_in", args=[classroom.learner.pk]), as_account(classroom.account)
    form = client.get(url, {"for": f"project:{project.pk}"}).content.decode()
    assert f'<option value="project:{project.pk}" selected>' in form
    ticket = sign_ticket(uuid4(), classroom.account)
    client.post(url, {"ticket": ticket, "text": "It holds.", "about": f"project:{project.pk}"})
    assert Artifact.objects.get().project == project
    assert "It holds." in client.get(reverse("project", args=[project.pk])).content.decode()


def test_a_project_is_put_away_and_brought_back(classroom, act, as_account):
    project = make_project(classroom.learner)
    act(classroom.account, "project_put_away", project, away="1")
    lists = as_account(classroom.account).get(reverse("learner_projects", args=[classroom.learner.pk])).content.decode()
    assert "1 project put away" in lists
    act(classroom.account, "project_put_away", project, away="0")
    project.refresh_from_db()
    assert project.archived_at is None
    assert list(project.events.values_list("what", flat=True)) == ["brought_back", "put_away"]


def test_what_waits_stands_on_today_until_it_is_answered(classroom, act, as_account):
    project = make_project(classroom.learner, title="A tide clock")
    client = as_account(classroom.teacher)
    assert "proposes a project" in client.get(reverse("today")).content.decode()
    act(classroom.teacher, "project_decide", project, do="agree")
    assert "proposes a project" not in client.get(reverse("today")).content.decode()
    for _ in range(4):
        make_project(classroom.learner, state=State.CLOSING)
    assert "<strong>4 projects</strong> wait for you" in client.get(reverse("today")).content.decode()


@pytest.mark.parametrize("state", [value for value in State.values if value != "draft"])
def test_every_state_has_its_page_for_everybody(classroom, as_account, state, stranger):
    project = make_project(classroom.learner, state=state, standards=(classroom.standards[0],))
    url = reverse("project", args=[project.pk])
    for account in (classroom.account, classroom.teacher, classroom.guardian()):
        assert as_account(account).get(url).status_code == 200
    for account in (stranger, classroom.classmate().account):
        assert as_account(account).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_for_many(classroom, as_account, django_assert_num_queries, count):
    for n in range(count):
        project = make_project(classroom.classmate(), updated_at=timezone.now() - timedelta(days=n))
        ProjectTime.objects.create(project=project, on=timezone.localdate(), minutes=60, text="Wheels")
    client = as_account(classroom.teacher)
    with django_assert_num_queries(5):
        page = client.get(reverse("projects")).content.decode()
    assert page.count("1:00 hours") == count


def test_the_same_answer_sent_twice_is_no_news_and_another_one_is(classroom, act):
    project = make_project(classroom.learner, state=State.PROPOSED)

    said = [
        len(act(classroom.teacher, "project_decide", project, do=do, text="Good.").context["messages"])
        for do in ("agree", "agree", "ask")
    ]

    assert (said, state_of(project)) == ([0, 0, 1], State.RUNNING)
    assert project.events.count() == 1
