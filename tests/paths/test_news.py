"""Good news: told once, in words that the teacher has seen, to each alone; taken back. And what was done today."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from assessments.models import MasteryDay
from paths.models import Goal, Message, NewsTold, Talk, TalkSeen
from paths.services.news import school_day_before
from paths.services.reviewing import YES, Chosen, review_goals
from profiles.models import Enrollment
from tests.budgets import assert_statements
from tests.factories.paths import make_check_in, make_goal, make_mastery, make_message, make_talk
from tests.factories.profiles import enroll, make_learner, make_teacher


def rise(learner, standard) -> None:
    """From Building to Secure since the last school day."""
    make_mastery(learner, standard, 3)
    MasteryDay._base_manager.create(
        learner=learner,
        standard=standard,
        day=school_day_before(timezone.localdate()) - timedelta(days=3),
        value_micro=2_000_000,
        level=2,
        shown_level=2,
        method="decaying",
    )


@pytest.fixture
def risen(classroom):
    rise(classroom.learner, classroom.standards[0])
    other = classroom.classmate()
    rise(other, classroom.standards[0])
    return [classroom.learner, other]


def key_of(classroom) -> str:
    return f"{classroom.section.pk}-{classroom.standards[0].pk}-3"


def form_of(classroom, learners, text="You did it step by step.") -> dict:
    key = key_of(classroom)
    return {"act": str(uuid4()), f"text-{key}": text, f"to-{key}": [str(learner.pk) for learner in learners]}


def words_of(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_words_are_seen_first_and_nobody_is_told_by_looking(classroom, teacher, risen):
    assert reverse("news") in teacher.get(reverse("today")).content.decode()
    page = teacher.get(reverse("news")).content.decode()

    assert f"You reached Secure in “{classroom.standards[0].heading}”. Your work got you there." in page
    assert all(learner.name in page for learner in risen)
    assert '<button type="submit" class="button" data-kind="primary">Tell them</button>' in page
    assert not Message.objects.exists()


def test_each_student_who_is_ticked_is_told_alone(classroom, teacher, risen, as_account):
    mother = classroom.guardian()
    teacher.post(reverse("news"), form_of(classroom, risen))

    talks = {talk.learner: talk for talk in Talk.objects.all()}
    assert set(talks) == set(risen)
    mine = talks[classroom.learner]
    assert (mine.teachers, mine.with_family, mine.standard) == (Talk.Teachers.CLASS, False, classroom.standards[0])
    page = as_account(classroom.account).get(reverse("talk", args=[mine.pk]))
    assert "You did it step by step." in words_of(page)
    for account in (risen[1].account, mother):
        assert as_account(account).get(reverse("talk", args=[mine.pk])).status_code == 404
    assert "You have told all of them." in words_of(teacher.get(reverse("today")))
    assert 'data-kind="primary"' not in teacher.get(reverse("news")).content.decode()


def test_who_is_not_ticked_is_told_later(classroom, teacher, risen):
    teacher.post(reverse("news"), form_of(classroom, risen[:1]))

    assert reverse("news") in teacher.get(reverse("today")).content.decode()
    assert f"{risen[0].name} is told already." in words_of(teacher.get(reverse("news")))
    teacher.post(reverse("news"), form_of(classroom, risen[1:]))
    assert Message.objects.count() == 2


def test_double_click_and_second_window_tell_once(classroom, teacher, risen):
    form = form_of(classroom, risen)
    teacher.post(reverse("news"), form)
    teacher.post(reverse("news"), form)
    answer = teacher.post(reverse("news"), form | {"act": str(uuid4())})

    assert answer.status_code == 422  # they are not on the list any more
    assert Message.objects.count() == 2


def test_colleague_may_tell_too(classroom, teacher, risen, as_account):
    colleague = as_account(make_teacher(classroom.roster))
    teacher.post(reverse("news"), form_of(classroom, risen))

    assert "told already" not in words_of(colleague.get(reverse("news")))


def test_student_without_news_is_not_told(classroom, teacher, risen, stranger):
    quiet = classroom.classmate()

    answer = teacher.post(reverse("news"), form_of(classroom, [quiet]))

    assert answer.status_code == 422
    assert "The list has changed." in words_of(answer)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"), [(" ", "Write what they read"), ("x" * 501, "longer than 500 letters")], ids=["empty", "long"]
)
def test_words_that_cannot_be_sent_are_said(classroom, teacher, risen, text, said):
    answer = teacher.post(reverse("news"), form_of(classroom, risen, text=text))

    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert not Message.objects.exists()


def test_others_do_not_tell(classroom, risen, stranger, as_account):
    substitute = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    for account in (substitute, stranger):
        client = as_account(account)
        assert risen[0].name not in client.get(reverse("news")).content.decode()
        client.post(reverse("news"), form_of(classroom, risen))
    assert as_account(classroom.account).get(reverse("news")).status_code in (403, 404)
    assert not Message.objects.exists()


def test_student_who_does_not_sign_in_is_told_in_person(classroom, teacher):
    young = make_learner(classroom.school)
    enroll(young, classroom.roster)
    rise(young, classroom.standards[0])

    assert f"{young.name} does not sign in. Tell them in person." in words_of(teacher.get(reverse("news")))
    assert teacher.post(reverse("news"), form_of(classroom, [young])).status_code == 422
    assert not Message.objects.exists()


def test_undo_takes_unread_words_away_and_they_are_news_again(classroom, teacher, risen):
    form = form_of(classroom, risen)
    teacher.post(reverse("news"), form)

    said = words_of(teacher.post(reverse("news_undo"), {"act": form["act"]}, follow=True))

    assert "Taken back from 2 students." in said
    assert (Talk.objects.count(), NewsTold.objects.count()) == (0, 0)
    assert reverse("news") in teacher.get(reverse("today")).content.decode()


def test_undo_hides_what_was_read_and_leaves_what_was_answered(classroom, teacher, risen):
    form = form_of(classroom, risen)
    teacher.post(reverse("news"), form)
    read, answered = (Talk.objects.get(learner=learner) for learner in risen)
    TalkSeen.objects.create(talk=read, account=risen[0].account, last_message=read.messages.get().pk)
    make_message(answered, text="Thank you")

    said = words_of(teacher.post(reverse("news_undo"), {"act": form["act"]}, follow=True))

    assert "Taken back from 1 student." in said
    assert f"Left as it is, since it was read or answered: {risen[1].name}." in said
    assert read.messages.get().hidden_at is not None
    assert answered.messages.filter(hidden_at=None).count() == 2


def test_another_teachers_act_is_not_taken_back(classroom, teacher, risen, as_account):
    form = form_of(classroom, risen)
    teacher.post(reverse("news"), form)

    as_account(make_teacher(classroom.roster)).post(reverse("news_undo"), {"act": form["act"]})

    assert NewsTold.objects.count() == 2


def test_done_today_lists_each_act_and_its_undo_takes_it_back(classroom, teacher, risen):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],), what="I read a clock")
    teacher.post(reverse("today_put_off"), {"key": f"goal:{goal.pk}:live"})
    teacher.post(reverse("news"), form_of(classroom, risen))

    page = teacher.get(reverse("today_done"))
    said = words_of(page)
    assert "Told good news to" in said
    assert f"Put off until tomorrow: {classroom.learner.name} wrote a goal and needs your yes." in said
    for each in page.context["found"]:
        teacher.post(each.undo, dict(each.fields))

    assert "Nothing done from here yet" in words_of(teacher.get(reverse("today_done")))
    assert "2 done today" not in words_of(teacher.get(reverse("today_beside")))


def test_goals_that_were_answered_in_one_go_are_one_line(classroom, teacher):
    goals = [make_goal(classroom.learner, standards=(classroom.standards[0],)) for _ in range(2)]
    act = uuid4()
    chosen = [Chosen(goal.pk) for goal in goals]
    review_goals(chosen=chosen, do=YES, by=classroom.teacher, now=timezone.now(), act=act)

    (line,) = teacher.get(reverse("today_done")).context["found"]
    assert line.what == f"Answered 2 goals: {classroom.learner.name}."
    teacher.post(line.undo, dict(line.fields))
    assert Goal.objects.awaiting_review().count() == 2
    assert teacher.get(reverse("today_done")).context["found"] == []


def test_done_today_holds_own_acts_of_today_only(classroom, teacher, as_account):
    colleague = make_teacher(classroom.roster)
    make_message(make_talk(classroom.learner, classroom.section), by=colleague)
    make_message(
        make_talk(classroom.learner, classroom.section), by=classroom.teacher, at=timezone.now() - timedelta(days=2)
    )
    make_check_in(make_goal(classroom.learner), reply="Yes", reply_by=colleague, replied_at=timezone.now())

    assert teacher.get(reverse("today_done")).context["found"] == []
    assert len(as_account(colleague).get(reverse("today_done")).context["found"]) == 2


def test_done_today_and_its_count_cost_the_same_however_much_there_is(classroom, teacher):
    def fill(n: int) -> None:
        for _ in range(n):
            goal = make_goal(classroom.learner)
            make_check_in(goal, reply="Yes", reply_by=classroom.teacher, replied_at=timezone.now())
            make_message(make_talk(classroom.learner, classroom.section), by=classroom.teacher)

    fill(1)
    teacher.get(reverse("today_beside"))
    with assert_statements(at_most=10) as few:
        teacher.get(reverse("today_beside"))
    fill(5)
    with assert_statements(exactly=len(few)):
        page = words_of(teacher.get(reverse("today_beside")))
    assert "12 done today" in page
