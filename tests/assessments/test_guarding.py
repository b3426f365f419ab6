"""The guard's note on a board: who would be in the group with the most to learn once more, and whom a group mirrors."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember, KeptThought
from assessments.services import boards, guarding, thoughts
from assessments.services.group_rounds import read_rounds
from profiles.models import Learner

pytestmark = pytest.mark.django_db


def accept(taught, times=1):
    for _ in range(times):
        board = boards.start_board(taught.section)
        boards.accept_board(section=taught.section, version=board.version, by=taught.teacher)


def lowest_of(board):
    return min(board.board["groups"], key=lambda entry: entry["readiness"])


def about_lowest(board):
    return [each for each in board.board["thoughts"] if each["about"] == guarding.LOWEST]


def rounds_of(taught):
    section = taught.section
    return read_rounds([section.pk], zone=section.district.time_zone, on=timezone.localdate()).get(section.pk, [])


@pytest.fixture
def twice(grouped):
    """The board after two rounds of the same groups."""
    accept(grouped, times=2)
    return boards.start_board(grouped.section)


def test_third_time_running_is_told_with_what_another_group_would_cost(twice):
    lowest = lowest_of(twice)
    told = about_lowest(twice)
    assert {each["learner"] for each in told} == {member["learner"] for member in lowest["members"]}
    assert {(each["times"], each["group"]) for each in told} == {(3, lowest["letter"])}
    others = {entry["letter"] for entry in twice.board["groups"]} - {lowest["letter"]}
    assert {each["to"] for each in told} <= others
    assert all(each["fit"] <= twice.board["fit"] for each in told)


def test_second_time_is_not_told_yet(grouped):
    accept(grouped)
    assert boards.start_board(grouped.section).board["thoughts"] == []


def test_second_time_is_told_after_more_than_six_weeks(grouped):
    accept(grouped)
    back = timedelta(days=44)
    Group.objects.update(starts_on=F("starts_on") - back, created_at=F("created_at") - back)
    told = about_lowest(boards.start_board(grouped.section))
    assert {(each["times"], each["weeks"]) for each in told} == {(2, 6)}


def test_stay_is_broken_by_another_group_and_not_by_an_absence(grouped):
    accept(grouped, times=2)
    newest = Group.objects.filter(closed_at=None).order_by("readiness_micro")
    lowest, other = newest[0], newest[1]
    first, second, *_ = lowest.members.all()
    GroupMember.objects.filter(pk=first.pk).update(group=other)
    GroupMember.objects.filter(pk=second.pk).delete()

    stays = guarding.stays(rounds_of(grouped))

    assert first.learner_id not in stays
    assert stays[second.learner_id].times == 1
    assert {stay.times for learner, stay in stays.items() if learner != second.learner_id} == {2}


def test_groups_accepted_before_readiness_was_kept_or_mixed_on_purpose_say_nothing(twice, grouped):
    Group.objects.update(readiness_micro=None)
    assert rounds_of(grouped) == []


def test_try_it_is_a_move_and_keep_is_remembered_and_taken_back(twice, grouped):
    told = about_lowest(twice)
    keys = {thoughts.key_of(each) for each in told[:-1]}

    kept = thoughts.keep_thoughts(section=grouped.section, keys=keys, by=grouped.teacher)

    assert about_lowest(kept) == told[-1:]
    again = boards.change_settings(section=grouped.section, version=kept.version, settings={"adults": 1})
    assert {each["learner"] for each in about_lowest(again)} <= {told[-1]["learner"]}
    back = boards.undo_last(section=grouped.section, version=again.version)
    back = boards.undo_last(section=grouped.section, version=back.version)
    assert (about_lowest(back), KeptThought.objects.count()) == (told, 0)
    assert (
        thoughts.keep_thoughts(section=grouped.section, keys={"lowest.0"}, by=grouped.teacher).version == back.version
    )


def test_decision_to_keep_comes_up_again_after_six_weeks(twice, grouped):
    told = about_lowest(twice)
    keys = {thoughts.key_of(each) for each in told}
    kept = thoughts.keep_thoughts(section=grouped.section, keys=keys, by=grouped.teacher)
    KeptThought.objects.update(kept_at=timezone.now() - guarding.KEPT)
    again = boards.change_settings(section=grouped.section, version=kept.version, settings={"adults": 1})
    assert about_lowest(again) != []


def test_group_that_mirrors_a_declared_field_is_told_and_no_other_field_is_looked_at(grouped):
    assert guarding.declared_fields() == ["grade"]
    board = boards.current_board(grouped.section)
    inside = [member["learner"] for member in board.board["groups"][0]["members"]]
    Learner.objects.filter(pk__in=[learner.pk for learner in grouped.learners]).update(grade="05")
    Learner.objects.filter(pk__in=inside).update(grade="04")

    board = boards.change_settings(section=grouped.section, version=board.version, settings={"adults": 1})

    mirrored = [each for each in board.board["thoughts"] if each["about"] != guarding.LOWEST]
    assert {each["about"] for each in mirrored} == {"grade:04", "grade:05"}
    assert {each["inside"] for each in mirrored if each["about"] == "grade:04"} == {len(inside)}


def test_note_stands_beside_the_board_and_its_acts_work(twice, grouped, as_account):
    client = as_account(grouped.teacher)
    edit = reverse("groups_edit", args=[grouped.section.pk])
    page = client.get(reverse("section_groups", args=[grouped.section.pk]))
    note = page.context["thoughts"]
    assert "for the 3rd time running" in page.content.decode()
    assert "Worth a thought" in page.content.decode()

    client.post(
        edit, {"act": "move", "version": twice.version, "learner": note["move"]["learner"], "to": note["move"]["to"]}
    )
    moved = boards.current_board(grouped.section)
    assert note["move"]["learner"] not in {member["learner"] for member in lowest_of(moved)["members"]}
    note = client.get(reverse("section_groups", args=[grouped.section.pk])).context["thoughts"]
    client.post(edit, {"act": "keep", "version": moved.version, "thought": note["keys"]})

    page = client.get(reverse("section_groups", args=[grouped.section.pk]))
    assert page.context["thoughts"] is None
    assert "Worth a thought" not in page.content.decode()


def test_note_is_not_on_the_page_of_the_child(twice, grouped, as_account):
    learner = next(learner for learner in grouped.learners if learner.pk == about_lowest(twice)[0]["learner"])
    page = as_account(grouped.teacher).get(reverse("learner", args=[learner.pk])).content.decode()
    assert "most to learn" not in page
    assert "time running" not in page
