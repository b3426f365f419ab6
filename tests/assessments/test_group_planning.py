"""A group of the board is settled before it is accepted: who leads it, where and when, its days, and its topic."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember, SectionStandard
from assessments.services import board_steps, boards, group_planning, suggesting
from assessments.services.boards import StaleBoard
from tests.factories.assessments import days_ago, give, make_assessment, make_group, work_off
from tests.factories.profiles import enroll, make_roster, make_section
from tests.factories.standards import make_standard

pytestmark = pytest.mark.django_db

NOTHING = {"adult": "", "place": "", "time_text": "", "starts_on": None, "ends_on": None}


@pytest.fixture
def today():
    return timezone.localdate()


def standing(taught):
    return boards.current_board(taught.section)


def planned(taught):
    """{letter: PlannedGroup} of the standing board."""
    section = taught.section
    plans = group_planning.plan_groups(
        section, standing(taught), group_planning.read_room(section), on=timezone.localdate()
    )
    return {plan.letter: plan for plan in plans}


def settle(taught, letter, *, version=None, by=None, topic=None, for_all=False, **meets):
    now = planned(taught)[letter]
    shown = {name: getattr(now, name) for name in NOTHING}
    return group_planning.plan_group(
        section=taught.section,
        version=version or standing(taught).version,
        letter=letter,
        by=by or taught.teacher,
        meets=shown | meets,
        topic=topic,
        time_for_all=for_all,
    )


def accept(taught):
    groups = boards.accept_board(section=taught.section, version=standing(taught).version, by=taught.teacher)
    return {group.letter: group for group in groups}


def page_of(client, taught, **query):
    return client.get(reverse("section_groups", args=[taught.section.pk]), query).content.decode()


def send(client, taught, letter, **typed):
    topics = {entry["letter"]: entry["focus"] for entry in standing(taught).board["groups"]}
    fields = {"version": standing(taught).version, "letter": letter, "topic": topics.get(letter, "")} | typed
    url = reverse("group_plan", args=[taught.section.pk])
    return client.post(url, {f"plan-{name}": value for name, value in fields.items()}, follow=True)


def new_results(taught):
    """Newer results of everybody, and the suggestion that follows them."""
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(1).date())
    for number, learner in enumerate(taught.learners):
        give(assessment, learner, taught.standards[0], 1 + number % 3)
    work_off()
    suggesting.suggest_due()


def test_what_is_settled_is_kept_by_the_next_suggestion_and_begins_with_the_group(grouped, today):
    before = standing(grouped)
    ends_on = today + timedelta(days=12)
    settle(grouped, "A", adult="Ms. Ito", place="Window table", time_text="Mon, 9:40 to 10:00", ends_on=ends_on)
    new_results(grouped)
    assert standing(grouped).version > before.version + 1

    made = accept(grouped)

    a = made["A"]
    assert (a.adult, a.place, a.time_text, a.is_led) == ("Ms. Ito", "Window table", "Mon, 9:40 to 10:00", True)
    assert (a.starts_on, a.ends_on) == (today, ends_on)
    assert {(g.place, g.time_text, g.ends_on) for letter, g in made.items() if letter != "A"} == {
        ("", "", today + timedelta(days=7))
    }
    assert boards.start_board(grouped.section).settings.get("meets") is None


def test_what_is_settled_is_listed_and_taken_back_and_undone(grouped, as_account):
    client = as_account(grouped.teacher)
    settle(grouped, "A", adult="", place="Carpet")
    page = page_of(client, grouped)
    assert "Group A: on their own, Carpet" in page
    edit = reverse("groups_edit", args=[grouped.section.pk])
    client.post(edit, {"act": "unplan", "letter": "A", "version": standing(grouped).version})
    assert (planned(grouped)["A"].place, "Group A: on" in page_of(client, grouped)) == ("", False)
    client.post(edit, {"act": "undo", "version": standing(grouped).version})
    assert (planned(grouped)["A"].place, planned(grouped)["A"].is_led) == ("Carpet", False)
    client.post(edit, {"act": "undo", "version": standing(grouped).version})
    assert planned(grouped)["A"].settled == {}


def test_saving_what_is_suggested_settles_nothing(grouped):
    before = standing(grouped)
    assert planned(grouped)["A"].adult == "Rosa Delgado"
    after = settle(grouped, "A")
    assert (after.version, after.settings) == (before.version, before.settings)


def test_time_and_days_may_be_settled_for_every_group_at_once(grouped, today):
    settle(grouped, "A", place="Carpet", time_text="9:40", starts_on=today + timedelta(days=1), for_all=True)
    found = planned(grouped)
    assert {(plan.time_text, plan.starts_on) for plan in found.values()} == {("9:40", today + timedelta(days=1))}
    assert {letter: plan.place for letter, plan in found.items()} == {"A": "Carpet", "B": ""}


def test_two_teachers_settle_two_groups_on_one_board_and_nobody_writes_over_the_other(grouped):
    seen = standing(grouped).version
    settle(grouped, "A", version=seen, place="Carpet")
    settle(grouped, "B", version=seen, by=grouped.co_teacher, place="Hallway")
    assert [plan.place for plan in planned(grouped).values()] == ["Carpet", "Hallway"]
    with pytest.raises(StaleBoard) as refused:
        settle(grouped, "A", version=seen, by=grouped.co_teacher, place="Desk")
    assert refused.value.why == "meets"
    assert planned(grouped)["A"].place == "Carpet"


def test_save_that_comes_second_keeps_what_was_typed(grouped, as_account):
    seen = standing(grouped).version
    settle(grouped, "A", place="Carpet")
    client = as_account(grouped.co_teacher)
    answer = send(client, grouped, "A", version=seen, place="Desk")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This group has changed meanwhile." in text
    assert 'value="Desk"' in text
    assert planned(grouped)["A"].place == "Carpet"
    version = answer.context["planning"].data["plan-version"]
    assert send(client, grouped, "A", version=version, place="Desk").status_code == 200
    assert planned(grouped)["A"].place == "Desk"


def test_group_that_has_another_letter_now_is_looked_at_once_more(grouped, as_account):
    seen = standing(grouped)
    topics = {entry["letter"]: entry["focus"] for entry in seen.board["groups"]}
    assert topics["A"] != topics["B"]
    letters = {"A": "B", "B": "A"}
    groups = [entry | {"letter": letters[entry["letter"]]} for entry in seen.board["groups"]]
    board_steps.step(seen, seen.board | {"groups": groups[::-1]}, undo=board_steps.undo_step(seen))
    client = as_account(grouped.teacher)
    answer = send(client, grouped, "A", version=seen.version - 1, topic=topics["A"], place="Carpet")
    assert (answer.status_code, answer.context["planning"].plan.letter) == (409, "B")
    assert 'value="Carpet"' in answer.content.decode()
    assert {plan.place for plan in planned(grouped).values()} == {""}


def test_days_that_make_no_sense_are_refused_with_what_was_typed(grouped, today, as_account):
    client = as_account(grouped.teacher)
    day = lambda days: (today + timedelta(days=days)).isoformat()
    for start, end, said in (
        (day(-1), "", "This day is past."),
        (day(3), day(2), "This is before the first day."),
        (day(0), day(200), "three months at most"),
        (day(200), "", "three months ahead at most"),
        ("soon", "", "Enter a valid date."),
    ):
        answer = send(client, grouped, "A", place="Round table", starts_on=start, ends_on=end)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
        assert 'value="Round table"' in answer.content.decode()
    assert planned(grouped)["A"].settled == {}
    assert "The board has changed meanwhile." in send(client, grouped, "Z").content.decode()


def test_groups_that_begin_later_leave_those_before_them_on_until_then(grouped, today):
    first = accept(grouped)
    boards.start_board(grouped.section)
    monday = today + timedelta(days=3)
    for letter in ("A", "B"):
        settle(grouped, letter, starts_on=monday)
    second = accept(grouped)

    assert {group.starts_on for group in second.values()} == {monday}
    before = Group.objects.filter(pk__in=[group.pk for group in first.values()])
    assert set(before.values_list("ends_on", "closed_at")) == {(monday - timedelta(days=1), None)}
    # The next suggestion goes on from those that are to come.
    last = suggesting.make_board(grouped.section, {}, on=today)["last"]
    assert {group["letter"]: sorted(group["learners"]) for group in last["groups"]} == {
        letter: sorted(GroupMember.objects.filter(group=group).values_list("learner_id", flat=True))
        for letter, group in second.items()
    }
    # Of groups that never were nothing goes on.
    boards.start_board(grouped.section)
    for letter in ("A", "B"):
        settle(grouped, letter, starts_on=monday)
    accept(grouped)
    assert Group.objects.filter(pk__in=[group.pk for group in second.values()], closed_at=None).count() == 0


def test_clashes_are_said_before_the_board_is_accepted(grouped, as_account):
    english = make_section(make_roster(grouped.section.roster.school), title="5 Maple English")
    learner = grouped.learners[0]
    enroll(learner, english.roster)
    make_group(english, grouped.standards[0], [learner], letter="C", adult="Ken Lee", time_text="9:50")
    here = next(
        entry["letter"]
        for entry in standing(grouped).board["groups"]
        if learner.pk in [member["learner"] for member in entry["members"]]
    )
    other = "B" if here == "A" else "A"
    client = as_account(grouped.teacher)
    assert "At the same time" not in page_of(client, grouped)

    settle(grouped, here, adult="Rosa Delgado", time_text="Mon, 9:40 to 10:00")
    settle(grouped, other, adult="ken lee", time_text="Mon, 9:40 to 10:00")

    page = page_of(client, grouped)
    assert f"At the same time in group C of 5 Maple English (9:50): {learner.name}." in page
    assert "At the same time ken lee is with group C of 5 Maple English (9:50)." in page
    settle(grouped, other, adult="Rosa Delgado")
    said = f"At the same time Rosa Delgado is with group {other} (Mon, 9:40 to 10:00)."
    assert said in page_of(client, grouped)


def test_group_is_given_any_standard_of_the_class_which_is_grouped_by_as_long_as_it_stands(grouped, as_account):
    new = make_standard(grouped.standards[0].framework)
    SectionStandard._base_manager.create(section=grouped.section, standard=new, position=9)
    board = standing(grouped)
    inside = {member["learner"] for member in board.board["groups"][0]["members"]}
    assert new.pk not in board.board["standards"]
    client = as_account(grouped.teacher)
    assert f'<option value="{new.pk}"' in page_of(client, grouped, group="A")

    assert send(client, grouped, "A", topic=new.pk).status_code == 200

    changed = standing(grouped)
    assert changed.board["groups"][0]["focus"] == new.pk
    assert {member["learner"] for member in changed.board["groups"][0]["members"]} == inside
    new_results(grouped)
    kept = standing(grouped)
    assert kept.board["groups"][0]["focus"] == new.pk
    freed = group_planning.free_topic(section=grouped.section, version=kept.version, letter="A")
    assert new.pk not in freed.board["standards"]


def test_standard_given_to_a_group_joins_those_that_are_ticked(grouped):
    first, second = grouped.standards
    version = standing(grouped).version
    boards.change_settings(section=grouped.section, version=version, settings={"standards": [first.pk]})
    changed = settle(grouped, "A", topic=second.pk)
    assert changed.settings["standards"] == [first.pk, second.pk]
    back = boards.undo_last(section=grouped.section, version=changed.version)
    assert back.settings["standards"] == [first.pk]
    assert {entry["focus"] for entry in back.board["groups"]} == {first.pk}
    foreign = make_standard(first.framework)
    with pytest.raises(boards.EditRefused, match="no_such_topic"):
        settle(grouped, "A", topic=foreign.pk)
