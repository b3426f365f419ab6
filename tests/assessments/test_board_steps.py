"""Plans found wherever there is one; topics and empty boards; steps that are taken on a newer board."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Group, GroupMember, Wish
from assessments.services import boards, group_planning, suggesting
from tests.factories.assessments import days_ago, give, give_all, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner

pytestmark = pytest.mark.django_db


def standing(taught):
    return boards.current_board(taught.section)


def places(board):
    """Learner id -> letter, "own" or "none"."""
    found = {member["learner"]: entry["letter"] for entry in board.board["groups"] for member in entry["members"]}
    found |= {member["learner"]: "own" for member in board.board["own"]}
    return found | {member["learner"]: "none" for member in board.board["unplaced"]}


def sizes(board):
    return sorted(len(entry["members"]) for entry in board.board["groups"])


def move(taught, learner_id, to, *, version=None, by=None):
    return boards.move_learner(
        section=taught.section,
        version=standing(taught).version if version is None else version,
        learner_id=learner_id,
        to=to,
        by=by or taught.teacher,
    )


def wish(taught, kind, first, second=None, **more):
    return Wish.objects.create(section=taught.section, kind=kind, first=first, second=second, **more)


def made(taught, **settings):
    return suggesting.make_board(taught.section, settings, on=timezone.localdate())


def class_of(taught, n):
    """n learners at mixed levels."""
    taught.join(n - len(taught.learners))
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(2).date())
    give_all(
        assessment,
        [
            (learner, standard, 1 + (place + column) % 3)
            for place, learner in enumerate(taught.learners)
            for column, standard in enumerate(taught.standards)
        ],
    )
    work_off()


def test_teacher_alone_gets_a_plan_for_every_size_that_can_hold_the_class(taught):
    class_of(taught, 28)
    for settings in (
        {"hi": 6, "adults": 1},
        {"hi": 6, "adults": 1, "own_path": False},
        {"hi": 5, "adults": 0, "own_path": False},
        {"lo": 6, "own_path": False},
        {"k": 3, "own_path": False},
        {"k": 14, "own_path": False, "mixed": True},
        {"hi": 1, "own_path": False},
    ):
        board = made(taught, **settings)
        members = [len(entry["members"]) for entry in board["groups"]]
        assert sum(members) + len(board["own"]) == 28, settings
        assert max(members) <= settings.get("hi", 28), settings
        assert (board["broken"], board["own"] and settings.get("own_path") is False) == ([], []), settings
    turns = sorted(entry["turn"] for entry in made(taught, hi=6, adults=1, own_path=False)["groups"])
    assert turns == list(range(len(turns)))


def test_one_learner_left_is_a_plan_too(grouped):
    for learner in grouped.learners[1:]:
        wish(grouped, "absent", learner)
    for settings in ({}, {"mixed": True, "own_path": False}, {"k": 4, "lo": 3, "hi": 3, "own_path": False}):
        board = made(grouped, **settings)
        assert [len(entry["members"]) for entry in board["groups"]] + [len(board["own"])] in ([1, 0], [0], [0, 1])
        placed = [m["learner"] for entry in board["groups"] for m in entry["members"]] + [
            m["learner"] for m in board["own"]
        ]
        assert placed == [grouped.learners[0].pk]
        assert len(board["absent"]) == 11


def test_counts_that_nobody_has_settled_give_way_to_wishes(grouped):
    five = grouped.learners[:5]
    for place, first in enumerate(five):
        for second in five[place + 1 :]:
            wish(grouped, "apart", first, second)
    board = made(grouped, own_path=False)
    assert len(board["groups"]) == 5
    assert "conflict" in made(grouped, own_path=False, k=2)
    Wish.objects.all().delete()
    for second in grouped.learners[1:8]:
        wish(grouped, "together", grouped.learners[0], second)

    board = made(grouped, own_path=False)

    assert max(len(entry["members"]) for entry in board["groups"]) >= 8
    assert {wish["kind"] for wish in made(grouped, own_path=False, hi=6)["conflict"]} == {
        "at_most",
        "own_path_off",
        "together",
    }


def test_board_says_how_alike_its_groups_are(grouped):
    alone, together = made(grouped, k=12, lo=1, own_path=False), made(grouped, k=1, own_path=False)
    assert alone["alike"] == 100
    assert 0 <= together["alike"] < 100
    assert made(grouped, mixed=True)["alike"] is None


def test_pin_to_a_topic_that_everybody_else_is_done_with_rests(grouped):
    learner = grouped.learners[0]
    wish(grouped, "pin", learner, standard=grouped.standards[0])
    board = made(grouped, standards=[grouped.standards[1].pk])
    assert {entry["focus"] for entry in board["groups"]} == {grouped.standards[1].pk}
    assert not any(member["pinned"] for entry in board["groups"] for member in entry["members"])


def test_more_moves_than_a_group_holds_make_it_larger_where_sizes_are_open(grouped):
    board = standing(grouped)
    letter, focus = board.board["groups"][0]["letter"], board.board["groups"][0]["focus"]
    for learner in grouped.learners[:8]:
        board = move(grouped, learner.pk, letter)
    assert "at_most" in {broken["kind"] for broken in board.board["broken"]}

    work_off()
    give(make_assessment(grouped.section, grouped.standards), grouped.learners[9], grouped.standards[0], 3)
    work_off()
    suggesting.suggest_due()

    now = standing(grouped)
    assert {places(now)[learner.pk] for learner in grouped.learners[:8]} == {letter}
    assert next(entry["focus"] for entry in now.board["groups"] if entry["letter"] == letter) == focus
    assert now.board["broken"] == []


def test_group_left_by_everybody_stays_on_the_board_and_is_not_accepted(grouped):
    board = standing(grouped)
    leaving = [member["learner"] for member in board.board["groups"][0]["members"]]
    letters = [entry["letter"] for entry in board.board["groups"]]
    for learner in leaving:
        board = move(grouped, learner, letters[1])

    assert [entry["letter"] for entry in board.board["groups"]] == letters
    groups = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    assert [group.letter for group in groups] == letters[1:]
    again = boards.start_board(grouped.section)
    assert [entry["letter"] for entry in again.board["last"]["groups"]] == letters[1:]
    came = {m["learner"]: m["from"] for entry in again.board["groups"] for m in entry["members"] if m["from"]}
    assert set(came.values()) <= set(letters[1:])


def test_empty_board_is_filled_by_hand_and_kept_by_new_results(grouped):
    board = standing(grouped)
    before = places(board)
    moved = move(grouped, grouped.learners[0].pk, board.board["groups"][0]["letter"])
    empty = boards.empty_board(section=grouped.section, version=moved.version)
    letters = [entry["letter"] for entry in empty.board["groups"]]
    assert set(places(empty).values()) == {"none"}
    assert len(places(empty)) == 12
    with pytest.raises(boards.EditRefused, match="nobody_placed"):
        boards.accept_board(section=grouped.section, version=empty.version, by=grouped.teacher)
    one, two, three = (learner.pk for learner in grouped.learners[:3])
    for learner, to in ((one, letters[-1]), (two, letters[0]), (three, "own")):
        board = move(grouped, learner, to)
    give(make_assessment(grouped.section, grouped.standards), grouped.learners[5], grouped.standards[0], 4)
    work_off()
    suggesting.suggest_due()

    now = standing(grouped)
    assert {pk: place for pk, place in places(now).items() if place != "none"} == {
        one: letters[-1],
        two: letters[0],
        three: "own",
    }
    assert [entry["letter"] for entry in now.board["groups"]] == letters
    now = move(grouped, two, "none")
    assert places(now)[two] == "none"
    groups = boards.accept_board(section=grouped.section, version=now.version, by=grouped.teacher)
    assert [group.letter for group in groups] == [letters[-1]]
    assert GroupMember.objects.get().learner_id == one
    assert set(places(boards.start_board(grouped.section))) == set(before)


def test_empty_board_is_taken_back_with_its_wishes(grouped):
    board = standing(grouped)
    learner = grouped.learners[0]
    moved = move(grouped, learner.pk, board.board["groups"][0]["letter"])
    empty = boards.empty_board(section=grouped.section, version=moved.version)
    back = boards.undo_last(section=grouped.section, version=empty.version)
    assert places(back) == places(moved)
    assert Wish.objects.get(lifted_at=None).first == learner
    assert "by_hand" not in back.settings


def test_group_works_on_another_topic_until_the_wish_is_taken_back(grouped):
    board = standing(grouped)
    first = board.board["groups"][0]
    learner = first["members"][0]["learner"]
    pinned = move(grouped, learner, first["letter"])
    other = next(standard for standard in grouped.standards if standard.pk != first["focus"])
    changed = group_planning.plan_group(
        section=grouped.section, version=pinned.version, letter=first["letter"], topic=other.pk, by=grouped.teacher
    )
    assert places(changed) == places(pinned)
    suggesting.refresh_suggestion(grouped.section)
    now = standing(grouped)
    assert now.board["groups"][0]["focus"] == other.pk
    assert places(now)[learner] == first["letter"]
    freed = group_planning.free_topic(section=grouped.section, version=now.version, letter=first["letter"])
    assert freed.settings["topics"] == {}


def test_step_on_an_older_board_is_taken_on_the_newer_one(grouped):
    old = standing(grouped)
    a, b = (entry["letter"] for entry in old.board["groups"][:2])
    in_a, in_b = (entry["members"][0]["learner"] for entry in old.board["groups"][:2])
    move(grouped, in_b, a, by=grouped.co_teacher)
    newer = move(grouped, in_a, b, version=old.version)

    assert (places(newer)[in_b], places(newer)[in_a]) == (a, b)
    assert Wish.objects.filter(lifted_at=None).count() == 2
    one, two = grouped.learners[:2]
    paired = boards.wish_pair(
        section=grouped.section,
        version=old.version,
        kind="apart",
        first_id=one.pk,
        second_id=two.pk,
        by=grouped.teacher,
    )
    assert places(paired)[one.pk] != places(paired)[two.pk]
    assert paired.version == old.version + 3


def test_step_about_a_learner_whom_somebody_else_has_moved_is_refused(grouped):
    old = standing(grouped)
    b = old.board["groups"][1]["letter"]
    learner = old.board["groups"][0]["members"][0]["learner"]
    newer = move(grouped, learner, b, by=grouped.co_teacher)
    with pytest.raises(boards.StaleBoard) as refused:
        move(grouped, learner, "own", version=old.version)
    assert (refused.value.why, refused.value.suggestion.version) == ("moved", newer.version)
    assert places(standing(grouped))[learner] == b

    again = move(grouped, learner, "own", version=newer.version)
    assert places(again)[learner] == "own"


def test_step_into_a_topic_that_is_gone_is_refused(grouped):
    old = standing(grouped)
    focus = old.board["groups"][0]["focus"]
    gone = next(entry for entry in old.board["groups"] if entry["focus"] != focus)
    learner = old.board["groups"][0]["members"][0]["learner"]
    boards.change_settings(section=grouped.section, version=old.version, settings={"standards": [focus]})
    with pytest.raises(boards.StaleBoard) as refused:
        move(grouped, learner, gone["letter"], version=old.version)
    assert refused.value.why == "topic"
    with pytest.raises(boards.StaleBoard):
        boards.change_settings(section=grouped.section, version=old.version, settings={"k": 2})
    assert Wish.objects.count() == 0


def test_settings_are_taken_on_a_board_that_was_only_edited(grouped):
    old = standing(grouped)
    move(grouped, grouped.learners[0].pk, "own")
    newer = boards.change_settings(section=grouped.section, version=old.version, settings={"k": 3})
    assert (newer.board["k"], places(newer)[grouped.learners[0].pk]) == (3, "own")


def test_board_stands_beside_the_groups_that_are_over(grouped):
    board = standing(grouped)
    groups = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    last_week = timezone.localdate() - timedelta(days=7)
    Group.objects.update(starts_on=last_week, ends_on=last_week + timedelta(days=5))
    newcomer = make_learner(grouped.section.roster.school)
    enroll(newcomer, grouped.section.roster)

    now = boards.start_board(grouped.section)

    assert [entry["letter"] for entry in now.board["last"]["groups"]] == [group.letter for group in groups]
    assert now.board["stayed"] + now.board["moved"] == GroupMember.objects.count()
    assert newcomer.pk in places(now)
