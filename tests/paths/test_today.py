"""Today: what waits, in order, put off until tomorrow; cost that does not grow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Group, GroupMember, GroupSuggestion, Mastery, MasteryDay
from paths.models import Goal, TodaySnooze
from paths.services import today as services
from paths.services.today_reading import read_goals
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, learners_of, make_class
from tests.factories.paths import make_check_in, make_goal, make_mastery, make_reflection
from tests.factories.profiles import enroll, make_teacher
from tests.factories.standards import make_standard
from tests.weights import get_weighed

URL = "/today/"


@pytest.fixture
def client(classroom, as_account):
    return as_account(classroom.teacher)


def lines(client):
    return client.get(URL).context["found"].lines


def suggest(section, **board):
    found = {"groups": [{"members": [1]}, {"members": [2]}, {"members": []}], "own": [{}], "moved": 2, **board}
    return GroupSuggestion._base_manager.create(section=section, board=found)


def test_today_without_anything_says_so(client):
    page = client.get(URL)

    assert page.context["found"].lines == []
    assert "Nothing waits for you" in page.content.decode()


def test_each_kind_of_line_comes_in_the_order_in_which_it_helps(classroom, client):
    learner = classroom.learner
    suggestion = suggest(classroom.section)
    Group._base_manager.create(
        section=classroom.section,
        letter="B",
        purpose=Group.Purpose.RETEACH,
        focus=classroom.standards[0],
        starts_on=timezone.localdate() - timedelta(days=7),
        ends_on=timezone.localdate(),
    )
    other = classroom.classmate()
    assessment = make_assessment(classroom.section, [classroom.standards[0]])
    give(assessment, other, classroom.standards[0], 3)
    wrote = make_goal(learner, standards=(classroom.standards[0],))
    reached = make_goal(learner, state=Goal.State.ACHIEVED, achieved_at=timezone.now())
    check_in = make_check_in(make_goal(learner), text="I got stuck.")
    reflection = make_reflection(reached)

    kinds = [line.key for line in lines(client)]

    assert kinds[0] == f"groups:{suggestion.pk}"
    assert kinds[1].startswith(f"ends:{classroom.section.pk}:")
    assert kinds[2:] == [
        f"enter:{assessment.pk}",
        f"goal:{reached.pk}:achieved",
        f"goal:{wrote.pk}:live",
        f"reflection:{reflection.pk}",
        f"check_in:{check_in.pk}",
    ]


def test_line_of_groups_counts_those_with_somebody_in_them_and_knows_a_board_that_is_filled_by_hand(classroom, client):
    waiting = suggest(classroom.section)
    assert lines(client)[0].reason.startswith("2 groups, 1 on their own path, 2 students move. ")
    for board, said in (
        ({"groups": [{"members": []}], "own": [], "moved": 0}, "Nobody is placed yet. "),
        ({"conflict": [{}]}, "Two wishes do not fit together. "),
    ):
        GroupSuggestion._base_manager.filter(pk=waiting.pk).update(board=board)
        assert lines(client)[0].reason == said + "Nothing changes until you accept."


def test_unfinished_assessment_says_how_many_are_in(classroom, client):
    others = [classroom.classmate() for _ in range(2)]
    assessment = make_assessment(classroom.section, [classroom.standards[0]])
    give(assessment, others[0], classroom.standards[0], 2)

    assert "1 in, 2 to go." in lines(client)[0].reason

    for learner in (others[1], classroom.learner):
        give(assessment, learner, classroom.standards[0], 2)
    assert lines(client) == []


def test_observation_of_a_few_is_never_unfinished(classroom, client):
    classroom.classmate()
    assessment = make_assessment(classroom.section, [classroom.standards[0]], kind=Assessment.Kind.OBSERVATION)
    give(assessment, classroom.learner, classroom.standards[0], 2)

    assert lines(client) == []


def test_answered_words_and_bare_taps_do_not_wait(classroom, client):
    goal = make_goal(classroom.learner)
    make_check_in(goal, text="Answered.", reply="Good.", replied_at=timezone.now())
    make_check_in(make_goal(classroom.learner), text="")

    assert lines(client) == []


def test_older_check_in_of_a_goal_gives_way_to_its_newer_one(classroom, client):
    goal = make_goal(classroom.learner)
    make_check_in(goal, text="Old.", at=timezone.now() - timedelta(days=2))
    newer = make_check_in(goal, text="New.")

    assert [line.key for line in lines(client)] == [f"check_in:{newer.pk}"]


def test_goals_that_wait_are_those_of_the_review_queue(classroom):
    now = timezone.now()
    for state in Goal.State:
        for standards in ((), tuple(classroom.standards)):
            for fields in ({}, {"agreed_at": now}, {"asked_at": now}, {"confirmed_at": now}):
                make_goal(classroom.learner, state=state, standards=standards, **fields)

    found = read_goals([classroom.learner.pk])

    assert sorted(row.pk for row in found) == sorted(Goal.objects.awaiting_review().values_list("pk", flat=True))
    assert {row.learner_id for row in found} == {classroom.learner.pk}


def test_four_goals_become_one_line(classroom, client):
    goals = [make_goal(classroom.learner, standards=(classroom.standards[0],)) for _ in range(4)]

    found = lines(client)

    assert [line.key for line in found] == [f"goals:written:{max(goal.pk for goal in goals)}"]
    assert found[0].url == reverse("goals")


def test_learner_left_behind_by_newer_work_of_the_class_comes_up(classroom, client):
    others = [classroom.classmate() for _ in range(3)]
    standards = [*classroom.standards, make_standard(classroom.standards[0].framework)]
    make_assessment(classroom.section, standards)
    for learner in others:
        for standard in standards:
            make_mastery(learner, standard, 2)
    for standard in standards[:2]:
        make_mastery(classroom.learner, standard, 2, days=[(40, 2.0)])

    found = [line for line in lines(client) if line.key.startswith("quiet")]

    assert [line.learners for line in found] == [(classroom.learner.pk,)]


def test_good_news_tells_who_newly_reached_secure(classroom, client):
    standard = classroom.standards[0]
    since = services.school_day_before(timezone.localdate())
    make_mastery(classroom.learner, standard, 3)
    MasteryDay._base_manager.create(
        learner=classroom.learner,
        standard=standard,
        day=since - timedelta(days=3),
        value_micro=2_000_000,
        level=2,
        shown_level=2,
        method="decaying",
    )
    make_mastery(classroom.classmate(), standard, 3)  # never lower before: nothing was reached

    news = client.get(URL).context["found"].news

    assert [(item.standard, item.level, item.learners) for item in news] == [
        (standard.label, 3, (classroom.learner.pk,))
    ]


def test_another_teachers_class_never_comes_up(classroom, client, as_account):
    stranger = make_teacher(make_class(classroom.school, classroom.standards, learners=2).roster)
    suggest(classroom.section)
    make_goal(classroom.learner, standards=(classroom.standards[0],))

    assert len(lines(client)) == 2
    assert lines(as_account(stranger)) == []


def test_line_put_off_comes_back_tomorrow_and_can_be_taken_back(classroom, client):
    suggestion = suggest(classroom.section)
    key = f"groups:{suggestion.pk}"

    page = client.post(reverse("today_put_off"), {"key": key}, follow=True)

    assert page.context["found"].lines == []
    assert page.context["found"].put_off == 1
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert [line.key for line in services.read_today(classroom.teacher, today=tomorrow).lines] == [key]
    client.post(page.context["toast"]["undo_url"])
    assert [line.key for line in lines(client)] == [key]


def test_putting_off_twice_keeps_one_and_forgets_the_old(classroom, client):
    old = TodaySnooze._base_manager.create(account=classroom.teacher, key="goal:1:live", until=timezone.localdate())
    for _ in range(2):
        client.post(reverse("today_put_off"), {"key": "goal:2:live"})

    assert list(TodaySnooze._base_manager.values_list("key", flat=True)) == ["goal:2:live"]
    assert not TodaySnooze._base_manager.filter(pk=old.pk).exists()


def test_what_is_no_line_is_not_put_off(client):
    page = client.post(reverse("today_put_off"), {"key": "<script>"}, follow=True)

    assert "Nothing was put off" in page.content.decode()
    assert not TodaySnooze._base_manager.exists()


def test_colleague_still_sees_what_one_has_put_off(classroom, client, as_account):
    colleague = make_teacher(classroom.roster)
    key = f"groups:{suggest(classroom.section).pk}"
    client.post(reverse("today_put_off"), {"key": key})

    assert [line.key for line in lines(as_account(colleague))] == [key]


def test_groups_to_close_say_what_became_of_them(classroom, client):
    today = timezone.localdate()
    ended = [
        Group._base_manager.create(
            section=classroom.section,
            letter=letter,
            purpose=Group.Purpose.RETEACH,
            focus=classroom.standards[0],
            created_at=timezone.now() - timedelta(days=7),
            starts_on=today - timedelta(days=7),
            ends_on=ends_on,
        )
        for letter, ends_on in (("A", today), ("B", today - timedelta(days=1)))
    ]
    for group, learner in zip(ended, (classroom.learner, classroom.classmate()), strict=True):
        GroupMember._base_manager.create(group=group, learner=learner, expected_micro=500_000, start_level=1)
    assessment = make_assessment(classroom.section, [classroom.standards[0]])
    give(assessment, classroom.learner, classroom.standards[0], 3)
    work_off()

    (line,) = [line for line in lines(client) if line.key.startswith("ends:")]

    assert line.plain == f"Groups A, B, {classroom.section.title} have ended"
    assert (line.reason, line.button) == ("1 of 2 tried again: 1 moved up.", "Close groups")
    assert line.url == reverse("groups_ended", args=[classroom.section.pk])


@pytest.mark.parametrize(("classes", "learners"), [(1, 30), (3, 150)])
def test_today_costs_at_most_twelve_statements(classroom, as_account, classes, learners):
    framework = classroom.standards[0].framework
    standards = [make_standard(framework, short_title=f"Fractions, part {number}") for number in range(12)]
    teacher = None
    for _ in range(classes):
        section = make_class(classroom.school, standards, learners=learners // classes)
        give_levels(learners_of(section), standards)
        suggest(section)
        if teacher is None:
            teacher = make_teacher(section.roster)
        else:
            enroll(teacher, section.roster)
        for learner in learners_of(section)[:5]:
            make_check_in(make_goal(learner, standards=tuple(standards[:2])), text="On the way.")
    client = as_account(teacher)
    client.get(URL)

    with assert_statements(at_most=12):
        client.get(URL)
    page, decoded, sent = get_weighed(client, URL)

    assert len(page.context["found"].classes) == classes
    assert (decoded <= 60_000, sent <= 12_000) == (True, True), (decoded, sent)


def test_share_of_a_class_is_of_its_results(classroom, client):
    make_mastery(classroom.learner, classroom.standards[0], 3)
    make_mastery(classroom.classmate(), classroom.standards[0], 1)
    assert Mastery._base_manager.count() == 2

    (shown,) = client.get(URL).context["found"].classes

    assert (shown.share, shown.results) == (50, 2)
