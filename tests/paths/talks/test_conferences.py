"""Meetings: the agenda that puts itself together, notes of both kinds, what was agreed, who reads what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import SelfRating
from lrm.days import said
from paths.models import ArtifactReply, Conference, ConferenceStaffNotes, GoalStep, NextStep, Path, TalkPoint
from paths.services.conferences.agenda import agenda_of
from profiles.models import Enrollment
from tests.budgets import assert_statements
from tests.factories.paths import (
    make_artifact,
    make_check_in,
    make_conference,
    make_goal,
    make_mastery,
    make_message,
    make_path,
    make_reflection,
    make_staff_note,
    make_talk,
    make_try_request,
)
from tests.factories.profiles import make_school_admin, make_section, make_teacher
from tests.factories.standards import make_standard

SECRET = "Walrus was tired"


@pytest.fixture
def conference(classroom):
    return make_conference(classroom.learner, classroom.teacher)


def agenda(classroom, *, to_learner: bool = False) -> list[tuple[str, str]]:
    reader = classroom.account if to_learner else classroom.teacher
    found = agenda_of(classroom.learner, reader=reader, now=timezone.now(), today=timezone.localdate())
    return [(item.kind, item.text) for item in found]


def test_agenda_of_a_learner_about_whom_nothing_is_open_is_empty(classroom):
    make_mastery(classroom.learner, classroom.standards[0], 3)
    make_goal(classroom.learner, due_on=timezone.localdate() + timedelta(days=40))
    make_path(classroom.learner)

    assert agenda(classroom) == []


def test_agenda_puts_itself_together(classroom):
    learner, today = classroom.learner, timezone.localdate()
    standard = classroom.standards[0]
    make_mastery(learner, standard, 3)
    SelfRating.objects.create(learner=learner, standard=standard, level=1)
    path = make_path(learner, title="To the clock")
    Path.objects.filter(pk=path.pk).update(now_since=today - timedelta(days=14), planned_days=3, look_on=today)
    goal = make_goal(learner, what="I read a clock", due_on=today)
    make_goal(learner, what="I count coins", standards=(standard,))
    make_goal(learner, what="Long ago", due_on=today - timedelta(days=400))
    make_check_in(goal, text="The hands are hard")
    make_reflection(goal, text="Drawing helped")
    TalkPoint.objects.create(learner=learner, by=classroom.account, text="My seat")

    found = agenda(classroom)

    assert [kind for kind, _text in found] == ["point", "view", "step", "goal", "goal", "goal", "waiting", "waiting"]
    texts = "\n".join(text for _kind, text in found)
    for words in (
        "My seat",
        "results say 3, Ana says 1.",
        "“To the clock”: on one step for 10 days, planned 3.",
        "The goal “I read a clock” ends today.",
        "The goal “I count coins” waits for a yes.",
        "The goal “Long ago” was planned until",
        "What helped with “I read a clock”: nobody has answered yet.",
        "“The hands are hard”",
    ):
        assert words in texts
    assert "you say 1" in agenda(classroom, to_learner=True)[1][1]


def test_agenda_costs_the_same_however_much_there_is(classroom):
    def fill(n: int) -> None:
        for _ in range(n):
            goal = make_goal(classroom.learner, due_on=timezone.localdate())
            make_check_in(goal, text="Hm")
            make_reflection(goal)
            TalkPoint.objects.create(learner=classroom.learner, by=classroom.account, text="A point")
            make_artifact(classroom.learner)
            make_message(make_talk(classroom.learner, classroom.section))
            standard = make_standard(classroom.standards[0].framework)
            make_try_request(classroom.learner, standard, classroom.section)

    fill(1)
    agenda(classroom)  # reads the rights of the reader, once a request
    with assert_statements(at_most=12) as few:
        agenda(classroom)
    fill(5)
    with assert_statements(exactly=len(few)):
        agenda(classroom)


def test_request_to_try_again_leads_the_teacher_to_the_places_and_others_to_the_request(
    classroom, conference, teacher, me
):
    standard = classroom.standards[0]
    request = make_try_request(classroom.learner, standard, classroom.section)
    url = reverse("conference", args=[conference.pk])
    places = f"{reverse('try_requests')}#ready-{classroom.section.pk}-{standard.pk}"
    own = reverse("try_request", args=[request.pk])

    assert ("try", f"Ready to try again since {said(request.created_at)}: {standard.heading}.") in agenda(classroom)
    assert f'href="{places}"' in teacher.get(url).content.decode()
    assert f'href="{own}"' in me.get(url).content.decode()
    teacher.post(reverse("conference_close", args=[conference.pk]))
    for client in (teacher, me):
        page = client.get(url).content.decode()
        assert f'href="{own}"' in page
        assert places not in page


def test_request_that_is_over_is_not_on_the_agenda(classroom):
    request = make_try_request(classroom.learner, classroom.standards[0], classroom.section)
    request.closed_at = timezone.now()
    request.save()

    assert agenda(classroom) == []


def test_work_waits_on_the_agenda_until_a_teacher_answers(classroom):
    work = make_artifact(classroom.learner, title="My bridge")
    make_artifact(classroom.learner, title="A draft", is_draft=True)
    make_artifact(classroom.learner, title="Put away", withdrawn_at=timezone.now())
    make_artifact(classroom.learner, title="Added by the teacher", by=classroom.teacher)
    make_artifact(classroom.learner, title="Long ago", created_at=timezone.now() - timedelta(days=40))

    assert agenda(classroom) == [("work", "Work: “My bridge”. Nobody has answered yet.")]
    ArtifactReply.objects.create(artifact=work, by=classroom.teacher, text="Strong arch")
    assert agenda(classroom) == []


def test_new_words_are_on_the_agenda_of_who_has_not_read_them_and_never_stay(
    classroom, conference, teacher, me, as_account
):
    make_message(make_talk(classroom.learner, classroom.section, title="Between us"))

    assert agenda(classroom) == [("talk", "1 new message in “Between us”.")]
    assert agenda(classroom, to_learner=True) == []
    colleague = make_teacher(section=make_section(classroom.roster, title="English"))
    url = reverse("conference", args=[conference.pk])
    assert "Between us" not in as_account(colleague).get(url).content.decode()
    teacher.post(reverse("conference_close", args=[conference.pk]))
    for client in (teacher, me, as_account(classroom.guardian())):
        assert "Between us" not in client.get(url).content.decode()


def test_conference_is_prepared_once(classroom, teacher):
    url = reverse("conference_new", args=[classroom.learner.pk])
    day = timezone.localdate() + timedelta(days=3)

    first = teacher.post(url, {"planned_on": timezone.localdate()})
    second = teacher.post(url, {"planned_on": day})

    assert first.url == second.url
    assert [row.planned_on for row in Conference.objects.all()] == [day]
    assert (
        "Write the day as year, month and day" in teacher.post(url, {"planned_on": "x"}, follow=True).content.decode()
    )


def test_notes_of_both_kinds_are_kept_apart(classroom, conference, teacher, me, as_account):
    form = {"version": "1", "notes": "More time for stories", "staff": SECRET}
    teacher.post(reverse("conference_notes", args=[conference.pk]), form)

    url = reverse("conference", args=[conference.pk])
    guardian = as_account(classroom.guardian())
    for client in (me, guardian):
        page = client.get(url).content.decode()
        assert "More time for stories" in page
        assert SECRET not in page
        assert "Staff only" not in page
    assert SECRET in teacher.get(url).content.decode()


def test_staff_only_words_are_on_no_page_of_learner_family_or_substitute(classroom, conference, as_account):
    ConferenceStaffNotes.objects.create(conference=conference, text=SECRET)
    make_staff_note(classroom.learner, classroom.teacher, text=SECRET)
    learner = classroom.learner.pk
    pages = [reverse(route) for route in ("home", "goals", "my_path", "talks", "conferences")]
    pages += [
        reverse(route, args=[learner])
        for route in ("learner", "binder", "profile", "learner_talks", "learner_conferences", "staff_notes")
    ]
    pages.append(reverse("conference", args=[conference.pk]))
    substitute = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    for account in (classroom.account, classroom.guardian(), substitute):
        client = as_account(account)
        assert [url for url in pages if SECRET in client.get(url).content.decode()] == []
    assert as_account(substitute).get(reverse("conference", args=[conference.pk])).status_code == 404


def test_notes_from_two_windows_lose_nothing(conference, teacher):
    url = reverse("conference_notes", args=[conference.pk])
    assert teacher.post(url, {"version": "1", "notes": "First", "staff": "", "by": "script"}).json() == {"version": 2}

    second = {"version": "1", "notes": "Second", "staff": SECRET}
    assert teacher.post(url, second | {"by": "script"}).status_code == 409
    answer = teacher.post(url, second)

    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("First", "Second", SECRET, 'name="version" value="2"'):
        assert words in page
    teacher.post(url, second | {"version": "2"})
    conference.refresh_from_db()
    assert (conference.notes, conference.staff_notes.text) == ("Second", SECRET)


def test_same_notes_again_are_no_change(conference, teacher):
    url = reverse("conference_notes", args=[conference.pk])
    for _ in range(2):
        teacher.post(url, {"version": "1", "notes": "Once", "staff": ""})

    conference.refresh_from_db()
    assert conference.version == 2
    assert not ConferenceStaffNotes.objects.exists()


def test_what_was_agreed_is_agreed_by_the_learner_with_one_click(classroom, conference, teacher, me):
    form = {"uuid": str(uuid4()), "text": "Draw two stories", "who": "learner", "due_on": timezone.localdate()}
    url = reverse("conference_step", args=[conference.pk])
    teacher.post(url, form)
    teacher.post(url, form)

    step = NextStep.objects.get()
    page = me.get(reverse("conference", args=[conference.pk])).content.decode()
    assert "Draw two stories" in page
    assert "I agree" in page
    me.post(reverse("next_step", args=[step.pk]), {"do": "agree"})
    step.refresh_from_db()
    assert step.agreed_at is not None
    assert "I agree" not in me.get(reverse("conference", args=[conference.pk])).content.decode()


def test_step_that_was_agreed_is_not_taken_out_and_one_that_was_not_is(conference, teacher):
    promise = NextStep.objects.create(conference=conference, text="A", who="learner", agreed_at=timezone.now())
    idea = NextStep.objects.create(conference=conference, text="B", who="learner")
    for step in (promise, idea):
        teacher.post(reverse("next_step", args=[step.pk]), {"do": "remove"})

    assert list(NextStep.objects.all()) == [promise]


def test_teacher_does_not_agree_for_the_learner(conference, teacher, me):
    step = NextStep.objects.create(conference=conference, text="A", who="learner")

    teacher.post(reverse("next_step", args=[step.pk]), {"do": "agree"})
    me.post(reverse("next_step", args=[step.pk]), {"do": "remove"})

    step.refresh_from_db()
    assert step.agreed_at is None


def test_step_goes_on_in_a_goal_with_its_history(classroom, conference, teacher):
    goal = make_goal(classroom.learner, steps=("First",))
    step = NextStep.objects.create(conference=conference, text="Draw two stories", who="learner")
    for _ in range(2):
        teacher.post(reverse("next_step", args=[step.pk]), {"do": "goal", "goal": goal.pk})

    step.refresh_from_db()
    assert [row.text for row in GoalStep.objects.filter(goal=goal)] == ["First", "Draw two stories"]
    assert step.goal_step.text == "Draw two stories"
    assert [row.what_changed for row in goal.revisions.all()] == ["steps"]


def test_step_goes_on_in_no_goal_of_a_classmate(classroom, conference, teacher):
    goal = make_goal(classroom.classmate())
    step = NextStep.objects.create(conference=conference, text="Draw", who="learner")

    teacher.post(reverse("next_step", args=[step.pk]), {"do": "goal", "goal": goal.pk})

    assert not GoalStep.objects.exists()


def test_conference_that_is_over_keeps_its_agenda_and_takes_its_points_along(classroom, conference, teacher, me):
    me.post(reverse("talk_point_new", args=[classroom.learner.pk]), {"uuid": str(uuid4()), "text": "My seat"})
    goal = make_goal(classroom.learner, what="I read a clock", due_on=timezone.localdate())
    teacher.post(reverse("conference_close", args=[conference.pk]))
    goal.delete()

    conference.refresh_from_db()
    assert [item["text"] for item in conference.agenda] == [
        f"{classroom.account.name}: My seat",
        "The goal “I read a clock” ends today.",
    ]
    assert TalkPoint.objects.get().conference == conference
    assert "My seat" not in str(agenda(classroom))
    assert "I read a clock" in me.get(reverse("conference", args=[conference.pk])).content.decode()

    teacher.post(reverse("conference_reopen", args=[conference.pk]))
    conference.refresh_from_db()
    assert (conference.held_at, conference.agenda) == (None, [])
    assert ("point", "My seat") in agenda(classroom)


def test_points_of_the_learner_are_not_shown_to_the_family(classroom, conference, teacher, as_account):
    TalkPoint.objects.create(learner=classroom.learner, by=classroom.account, text="About home")
    client = as_account(classroom.guardian())
    pages = [reverse("conference", args=[conference.pk]), reverse("learner_conferences", args=[classroom.learner.pk])]
    assert [url for url in pages if "About home" in client.get(url).content.decode()] == []

    teacher.post(reverse("conference_close", args=[conference.pk]))

    assert [url for url in pages if "About home" in client.get(url).content.decode()] == []


def test_conference_of_another_teacher_is_read_and_not_written(classroom, conference, as_account):
    colleague = as_account(make_teacher(classroom.roster))

    assert colleague.get(reverse("conference", args=[conference.pk])).status_code == 200
    for route in ("conference_notes", "conference_step", "conference_close", "conference_reopen"):
        assert colleague.post(reverse(route, args=[conference.pk]), {"version": "1"}).status_code == 404


def test_class_list_has_who_had_none_this_term_first(classroom, teacher):
    names = {}
    for name, ago in (("Zoe", None), ("Ben", 200), ("Cem", 30), ("Dia", 3)):
        learner = classroom.classmate(given_name=name)
        names[name] = learner
        if ago:
            day = timezone.localdate() - timedelta(days=ago)
            make_conference(learner, classroom.teacher, planned_on=day, held_at=timezone.now() - timedelta(days=ago))
    make_conference(classroom.learner, classroom.teacher, held_at=timezone.now())

    page = teacher.get(reverse("conferences")).content.decode()

    order = sorted(names, key=lambda name: page.index(reverse("learner_conferences", args=[names[name].pk])))
    assert order == ["Zoe", "Ben", "Cem", "Dia"]
    assert "2 students had no talk with you this term." in page


def test_class_list_costs_the_same_for_more_learners(classroom, teacher):
    url = reverse("conferences")
    with assert_statements(at_most=8) as few:
        teacher.get(url)
    for _ in range(5):
        make_conference(classroom.classmate(), classroom.teacher)
    with assert_statements(exactly=len(few)):
        teacher.get(url)


def test_administrator_reads_a_conference(classroom, conference, as_account):
    ConferenceStaffNotes.objects.create(conference=conference, text=SECRET)

    page = as_account(make_school_admin(classroom.school)).get(reverse("conference", args=[conference.pk]))

    assert SECRET in page.content.decode()


@pytest.mark.parametrize("text", ["", "x" * 281])
def test_point_that_cannot_be_kept_says_why(classroom, me, text):
    url = reverse("talk_point_new", args=[classroom.learner.pk])

    answer = me.post(url, {"uuid": str(uuid4()), "text": text}, follow=True)

    assert not TalkPoint.objects.exists()
    assert ("nothing was kept" if not text else "longer than 280") in answer.content.decode()
