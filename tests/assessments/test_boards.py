"""Editing, accepting and dismissing a board: every step is kept, taken back, and never lost to a second teacher."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Group, GroupMember, GroupSuggestion, StaleSection, Wish
from assessments.services import boards, suggesting
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_roster, make_section

pytestmark = pytest.mark.django_db


def place_of(board, learner):
    for entry in board.board["groups"]:
        if any(member["learner"] == learner.pk for member in entry["members"]):
            return entry["letter"]
    return "own" if any(member["learner"] == learner.pk for member in board.board["own"]) else None


def first_in(board, letter, taught):
    entry = next(entry for entry in board.board["groups"] if entry["letter"] == letter)
    return next(learner for learner in taught.learners if learner.pk == entry["members"][0]["learner"])


def move(taught, learner, to, board=None):
    board = board or boards.current_board(taught.section)
    return boards.move_learner(
        section=taught.section, version=board.version, learner_id=learner.pk, to=to, by=taught.teacher
    )


def test_suggestion_follows_the_results(grouped):
    before = boards.current_board(grouped.section)
    assert before is not None
    assert not suggesting.is_due(grouped.section)
    give(make_assessment(grouped.section, grouped.standards), grouped.learners[0], grouped.standards[0], 4)
    assert suggesting.is_due(grouped.section)

    work_off()
    assert suggesting.suggest_due() == 1

    assert StaleSection.objects.count() == 0
    assert boards.current_board(grouped.section).version == before.version + 1


def test_suggestion_waits_while_results_are_typed(grouped):
    suggesting.suggest_due()
    give(make_assessment(grouped.section, grouped.standards), grouped.learners[0], grouped.standards[0], 4)
    work_off()
    still = timedelta(minutes=1)
    assert suggesting.suggest_due(quiet=still) == 0
    assert suggesting.any_waits()
    StaleSection.objects.update(due_at=timezone.now() - still)
    assert suggesting.suggest_due(quiet=still) == 1
    assert not suggesting.any_waits()


def test_new_levels_are_worked_in_between_two_suggestions(grouped):
    """A block of suggestions takes seconds, and whoever types meanwhile must not wait for all of it."""
    other = make_section(make_roster(grouped.section.roster.school))
    for section in (grouped.section, other):
        StaleSection.objects.create(section_id=section.pk)
    waiting = []

    done = suggesting.suggest_due(between=lambda: waiting.append(StaleSection.objects.count()))

    assert (done, waiting) == (2, [1, 0])


def test_suggestion_does_not_wait_for_ever_for_a_busy_class(grouped):
    suggesting.suggest_due()
    now = timezone.now()
    StaleSection.objects.create(section_id=grouped.section.pk, due_at=now - suggesting.LONGEST_WAIT)
    StaleSection.objects.create(section_id=grouped.section.pk, due_at=now)
    assert suggesting.suggest_due(quiet=timedelta(minutes=1)) == 1


def test_class_that_is_still_is_served_before_one_where_results_are_typed(grouped, monkeypatch):
    suggesting.suggest_due()
    monkeypatch.setattr(suggesting, "LONGEST_WAIT", timedelta(minutes=35))
    still = make_section(make_roster(grouped.section.roster.school))
    now, quiet = timezone.now(), timedelta(minutes=20)
    for section, ages in ((grouped.section, (40, 0)), (still, (30,))):
        for age in ages:
            StaleSection.objects.create(section_id=section.pk, due_at=now - timedelta(minutes=age))
    left = []

    suggesting.suggest_due(
        quiet=quiet, between=lambda: left.append(set(StaleSection.objects.values_list("section_id", flat=True)))
    )

    assert left == [{grouped.section.pk}, set()]


def test_block_that_has_taken_long_leaves_classes_that_are_not_still_to_the_next_one(grouped, monkeypatch):
    suggesting.suggest_due()
    monkeypatch.setattr(suggesting, "LONGEST_WAIT", timedelta(0))
    for age in (40, 0):
        StaleSection.objects.create(section_id=grouped.section.pk, due_at=timezone.now() - timedelta(minutes=age))
    assert suggesting.suggest_due(quiet=timedelta(minutes=20)) == 0
    assert suggesting.any_waits()
    assert suggesting.suggest_due() == 1


def test_marks_that_another_worker_has_worked_off_make_no_second_board(grouped):
    suggesting.suggest_due()
    mark = StaleSection.objects.create(section_id=grouped.section.pk)
    assert suggesting.suggest_marked(grouped.section.pk, [mark.pk])
    version = boards.current_board(grouped.section).version
    assert not suggesting.suggest_marked(grouped.section.pk, [mark.pk])
    assert boards.current_board(grouped.section).version == version


def test_section_whose_suggestion_fails_does_not_hold_up_the_others(grouped):
    suggesting.suggest_due()
    other = make_section(roster=grouped.section.roster)
    for age, section in enumerate([other, grouped.section]):
        StaleSection.objects.create(section_id=section.pk, due_at=timezone.now() - timedelta(seconds=10 * (age + 1)))
    GroupSuggestion.objects.update(settings={"k": "no number"})
    assert suggesting.suggest_due() == 1
    assert not suggesting.any_waits()
    assert list(StaleSection.objects.values_list("section_id", flat=True)) == [grouped.section.pk]


def test_learner_moved_stays_there_in_the_next_suggestion(grouped):
    board = boards.current_board(grouped.section)
    learner = first_in(board, "A", grouped)
    moved = move(grouped, learner, "B")
    focus = next(entry["focus"] for entry in moved.board["groups"] if entry["letter"] == "B")
    give(make_assessment(grouped.section, grouped.standards), grouped.learners[3], grouped.standards[0], 3)
    work_off()
    suggesting.suggest_due()

    now = boards.current_board(grouped.section)
    letter = place_of(now, learner)

    assert next(entry["focus"] for entry in now.board["groups"] if entry["letter"] == letter) == focus


def test_pin_apart_and_together_hold_at_once_without_groups_that_run(grouped):
    board = boards.current_board(grouped.section)
    one, two, three = (
        next(learner for learner in grouped.learners if learner.pk == member["learner"])
        for member in board.board["groups"][0]["members"][:3]
    )
    move(grouped, one, "A")
    for kind, first, second in (("apart", one, two), ("together", two, three)):
        board = boards.wish_pair(
            section=grouped.section,
            version=boards.current_board(grouped.section).version,
            kind=kind,
            first_id=first.pk,
            second_id=second.pk,
            by=grouped.teacher,
        )

    assert place_of(board, one) != place_of(board, two) == place_of(board, three)


def test_steps_are_taken_back_one_after_the_other(grouped):
    board = boards.current_board(grouped.section)
    one = first_in(board, "A", grouped)
    other = first_in(board, "B", grouped)
    move(grouped, one, "B")
    move(grouped, other, "own")
    wishes = lambda: list(Wish.objects.filter(lifted_at=None).order_by("pk").values_list("first_id", flat=True))
    assert wishes() == [one.pk, other.pk]

    now = boards.undo_last(section=grouped.section, version=board.version + 2)
    assert (place_of(now, one), place_of(now, other)) == ("B", "B")
    assert wishes() == [one.pk]
    now = boards.undo_last(section=grouped.section, version=now.version)

    assert (place_of(now, one), wishes()) == ("A", [])
    with pytest.raises(boards.EditRefused, match="nothing_to_undo"):
        boards.undo_last(section=grouped.section, version=now.version)


def test_accepting_twice_equals_once(grouped):
    board = boards.current_board(grouped.section)
    first = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    again = boards.accept_board(section=grouped.section, version=board.version, by=grouped.co_teacher)

    assert {group.pk for group in first} == {group.pk for group in again}
    assert Group.objects.count() == len(board.board["groups"])
    board.refresh_from_db()
    assert (board.state, board.decided_by) == ("accepted", grouped.teacher)
    assert board.board.keys() & {"undo", "trail"} == set()
    assert Group.objects.first().adult in {"Rosa Delgado", "Ken Lee", ""}


def test_old_tab_cannot_accept_a_board_that_it_has_not_shown(grouped):
    old = boards.current_board(grouped.section)
    boards.dismiss_board(section=grouped.section, version=old.version, by=grouped.teacher)
    new = boards.start_board(grouped.section)
    assert new.version == old.version + 1

    with pytest.raises(boards.StaleBoard):
        boards.accept_board(section=grouped.section, version=old.version, by=grouped.co_teacher)

    assert Group.objects.count() == 0


def test_accepted_groups_take_the_place_of_those_before(grouped):
    board = boards.current_board(grouped.section)
    before = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    yesterday = timezone.localdate() - timedelta(days=1)
    Group.objects.filter(pk=before[0].pk).update(ends_on=yesterday)
    board = boards.start_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    closed = Group.objects.exclude(closed_at=None).order_by("letter")
    assert [group.pk for group in closed] == [group.pk for group in before]
    assert [group.ends_on for group in closed][:2] == [yesterday, timezone.localdate()]


def test_accepted_group_meets_where_the_last_one_of_its_letter_and_adult_did(grouped):
    board = boards.current_board(grouped.section)
    before = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    Group.objects.filter(pk=before[0].pk).update(place="Carpet", time_text="9:40")
    Group.objects.filter(pk=before[1].pk).update(adult="Ms. Ito", place="Hall", time_text="10:00")

    board = boards.start_board(grouped.section)
    after = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    same, other = after[:2]
    assert (same.letter, same.adult, same.place, same.time_text) == ("A", before[0].adult, "Carpet", "9:40")
    assert (other.letter, other.adult, other.place, other.time_text) == ("B", before[1].adult, "", "")


def test_absence_is_a_wish_for_one_day(grouped):
    board = boards.current_board(grouped.section)
    learner = first_in(board, "A", grouped)
    absent = lambda version: boards.wish_absent(
        section=grouped.section, version=version, learner_id=learner.pk, by=grouped.teacher
    )
    board = absent(board.version)
    assert place_of(board, learner) is None
    with pytest.raises(boards.EditRefused, match="no_such_learner"):
        boards.wish_absent(section=grouped.section, version=board.version, learner_id=0, by=grouped.teacher)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    assert Wish.objects.get().lifted_at is not None
    assert not GroupMember.objects.filter(learner=learner).exists()
    assert place_of(boards.start_board(grouped.section), learner) is not None


def test_learner_who_has_left_since_is_in_no_group(grouped):
    board = boards.current_board(grouped.section)
    gone = first_in(board, "A", grouped)
    gone.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))

    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    assert not GroupMember.objects.filter(learner=gone).exists()


def test_wishes_that_cannot_hold_are_named_and_nothing_is_accepted(grouped):
    one, two = grouped.learners[:2]
    for kind in ("apart", "together"):
        board = boards.current_board(grouped.section)
        board = boards.wish_pair(
            section=grouped.section,
            version=board.version,
            kind=kind,
            first_id=one.pk,
            second_id=two.pk,
            by=grouped.teacher,
        )

    assert {wish["kind"] for wish in board.board["conflict"]} == {"apart", "together"}
    with pytest.raises(boards.EditRefused, match="conflict"):
        boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    board = boards.undo_last(section=grouped.section, version=board.version)
    assert place_of(board, one) != place_of(board, two)


def test_nothing_to_group_by_gives_no_board(taught):
    assert boards.start_board(taught.section) is None
    assert GroupSuggestion.objects.count() == 0
