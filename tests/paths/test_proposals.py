"""A learner proposes a step; the teacher agrees, changes it or says why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Path, Step, StepProposal
from paths.services import plans, proposals
from paths.services.errors import ProposalAnswered, UuidTaken
from paths.services.proposals import Wished
from tests.factories.paths import make_board, make_path

NOW = timezone.now()
WISHED = Wished("Build a clock", "I like wheels", "make", "", 30)


def propose(classroom, path=None, **fields):
    return proposals.propose_step(
        **{"learner": classroom.learner, "path": path, "uuid": uuid4(), "wished": WISHED, "now": NOW, **fields}
    )


def agree(classroom, proposal, **fields):
    return proposals.agree(
        **{"proposal": proposal, "wished": WISHED, "text": "", "by": classroom.teacher, "now": NOW, **fields}
    )


def test_propose_step_twice_with_one_form_is_one_proposal(classroom):
    uuid = uuid4()

    assert propose(classroom, uuid=uuid) == propose(classroom, uuid=uuid)
    with pytest.raises(UuidTaken):
        propose(classroom, uuid=uuid, learner=classroom.classmate())


def test_agree_puts_the_step_at_the_end_as_the_teacher_left_it(classroom):
    path = make_path(classroom.learner)
    proposal = propose(classroom, path)

    step = agree(classroom, proposal, wished=Wished("Draw a clock", kind="make", minutes_expected=10), text="Smaller")

    step.refresh_from_db()
    assert (step.path, step.position, step.title, step.minutes_expected) == (path, 4, "Draw a clock", 10)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer, proposal.title) == ("agreed", "Smaller", "Build a clock")


def test_agree_after_a_choice_board_adds_a_part_so_that_the_board_stays_as_it_was(classroom):
    path = make_board(classroom.learner)

    step = agree(classroom, propose(classroom, path))

    path.refresh_from_db()
    assert (step.part, [part.kind.value for part in path.outline]) == (1, ["choice", "sequence"])


def test_agree_without_a_path_begins_one_and_undo_takes_it_away_again(classroom):
    proposal = propose(classroom)
    step = agree(classroom, proposal)
    assert step.path.learner == classroom.learner

    assert proposals.undo_answer(proposal=proposal, by=classroom.teacher)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.path, Path.objects.count()) == ("open", None, 0)


def test_undo_answer_takes_the_step_out_and_leaves_the_others_in_a_row(classroom):
    path = make_path(classroom.learner)
    first, second = propose(classroom, path), propose(classroom, path)
    agree(classroom, first)
    agree(classroom, second)

    assert proposals.undo_answer(proposal=first, by=classroom.teacher)

    assert list(path.steps.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_undo_answer_of_a_step_that_is_done_or_by_somebody_else_is_refused(classroom, stranger):
    proposal = propose(classroom, make_path(classroom.learner))
    step = agree(classroom, proposal)

    assert not proposals.undo_answer(proposal=proposal, by=stranger)
    plans.tick_step(step=step, done=True, by=classroom.account, now=NOW)
    assert not proposals.undo_answer(proposal=proposal, by=classroom.teacher)
    assert Step.objects.filter(pk=step.pk).exists()


def test_answer_to_one_that_has_an_answer_is_refused(classroom):
    proposal = propose(classroom)
    proposals.decline(proposal=proposal, text="After the trip", by=classroom.teacher, now=NOW)

    with pytest.raises(ProposalAnswered):
        agree(classroom, proposal)
    with pytest.raises(ProposalAnswered):
        proposals.take_back(proposal=proposal)

    assert not Step.objects.exists()


def test_proposals_of_shows_what_waits_and_answers_of_three_weeks(classroom):
    waits, recent, old = (propose(classroom) for _ in range(3))
    proposals.decline(proposal=recent, text="Later", by=classroom.teacher, now=NOW - timedelta(days=20))
    proposals.decline(proposal=old, text="Later", by=classroom.teacher, now=NOW - timedelta(days=22))
    proposals.take_back(proposal=propose(classroom))

    assert set(proposals.proposals_of(classroom.learner, now=NOW)) == {waits, recent}


def test_pages_from_idea_to_yes(classroom, as_account):
    path = make_path(classroom.learner, title="Clocks")
    learner, teacher = as_account(classroom.account), as_account(classroom.teacher)

    learner.post(
        f"{reverse('step_propose')}?path={path.pk}",
        {"uuid": str(uuid4()), "title": "Build a clock", "why": "I like wheels", "kind": "make"},
    )
    proposal = StepProposal.objects.get()
    assert proposal.path == path
    assert "Your teacher has not answered yet." in learner.get(reverse("my_path")).content.decode()

    today = teacher.get(reverse("today")).content.decode()
    assert f"<strong>{classroom.learner.name}</strong> has an idea for a step" in today
    assert "I like wheels" in teacher.get(reverse("step_proposals")).content.decode()

    url = reverse("proposal_answer", args=[proposal.pk])
    refused = teacher.post(url, {"do": "decline", "title": "Build a clock", "kind": "make"})
    assert (refused.status_code, "Say why not" in refused.content.decode()) == (422, True)
    page = teacher.post(url, {"do": "agree", "title": "Build a clock", "kind": "make"}, follow=True).content.decode()
    assert f"You answered {classroom.learner.first_name}" in page
    assert "said yes. It is on your path." in learner.get(reverse("my_path")).content.decode()

    teacher.post(url, {"do": "undo"})
    assert path.steps.count() == 3


def test_propose_for_a_path_of_somebody_else_is_not_found(classroom, as_account):
    path = make_path(classroom.classmate())

    answer = as_account(classroom.account).post(
        f"{reverse('step_propose')}?path={path.pk}", {"uuid": str(uuid4()), "title": "Mine", "kind": "make"}
    )

    assert answer.status_code == 404
    assert not StepProposal.objects.exists()


def test_many_ideas_are_one_line_on_today(classroom, as_account):
    for _ in range(4):
        propose(classroom)

    page = as_account(classroom.teacher).get(reverse("today")).content.decode()

    assert "<strong>4 ideas for steps</strong> wait for your answer" in page


def test_the_same_answer_sent_twice_is_told_once_and_another_one_is_told(classroom, teacher):
    proposal = StepProposal.objects.create(learner=classroom.learner, title="Build a clock", kind="make")
    address = reverse("proposal_answer", args=[proposal.pk])
    yes = {"do": "agree", "title": "Build a clock", "kind": "make"}

    said = [
        teacher.post(address, sent, follow=True).context["messages"]
        for sent in (yes, yes, {"do": "decline", "text": "No"})
    ]

    assert [len(each) for each in said] == [0, 0, 1]
    assert Step.objects.count() == 1
