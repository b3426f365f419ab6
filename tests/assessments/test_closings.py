"""Groups that are over: what counts as a newer result, closing and taking it back, and those who stayed once more."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.closing_words import draw_change, say_outcomes
from assessments.grouping.closing import FIRST_RESULT, LOWER, MOVED_UP, NO_NEWER, STAYED
from assessments.models import Group, GroupMember, MasteryPolicy, Wish
from assessments.services import boards, closings, overrides, regrouping
from profiles.services import objections
from standards.models import Association
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


def accept(taught, *, days=7):
    """The section's groups by letter, begun so many days ago, on their last day today."""
    board = boards.current_board(taught.section) or boards.start_board(taught.section)
    boards.accept_board(section=taught.section, version=board.version, by=taught.teacher)
    running = Group.objects.filter(section=taught.section, closed_at=None)
    back = timedelta(days=days)
    running.update(created_at=F("created_at") - back, starts_on=F("starts_on") - back, ends_on=timezone.localdate())
    return {group.letter: group for group in running.select_related("focus")}


def people(taught, group):
    ids = set(GroupMember.objects.filter(group=group).values_list("learner_id", flat=True))
    return [learner for learner in taught.learners if learner.pk in ids]


def try_again(taught, group, levels, **fields):
    """Levels, as {learner: level}, on the focus of a group, seen today."""
    assessment = make_assessment(taught.section, [group.focus], kind="reassessment", **fields)
    for learner, level in levels.items():
        give(assessment, learner, group.focus, level)
    work_off()
    return assessment


def read(taught, group):
    rounds, _ = closings.read_rounds(taught.section, today=timezone.localdate())
    return next(over for found in rounds for over in found.groups if over.group.pk == group.pk)


def outcomes(taught, group):
    return {member.learner_id: member.outcome for member in read(taught, group).members}


def start_level(group, learner):
    return GroupMember.objects.get(group=group, learner=learner).start_level


@pytest.fixture
def ended(grouped):
    """Groups that began yesterday, after the results of the class, and end today."""
    return accept(grouped, days=1)


def test_members_move_up_stay_or_have_no_newer_result(grouped):
    group = accept(grouped, days=1)["A"]
    up, same, *rest = people(grouped, group)
    then = start_level(group, same)
    try_again(grouped, group, {up: 4, same: then})

    found = outcomes(grouped, group)

    assert found == {up.pk: MOVED_UP, same.pk: STAYED} | {learner.pk: NO_NEWER for learner in rest}
    said = say_outcomes(read(grouped, group).closing)
    assert said == f"2 of {len(found)} tried again: 1 moved up, 1 stayed."


def test_result_of_the_day_of_acceptance_counts_only_by_a_newer_assessment(grouped):
    """The rest of the ticket that led to the groups may be typed in after they are on."""
    first, second, *_ = grouped.learners
    ticket = make_assessment(grouped.section, grouped.standards)
    group = next(group for group in accept(grouped, days=0).values() if first in people(grouped, group))
    give(ticket, first, group.focus, 4)
    work_off()
    assert outcomes(grouped, group)[first.pk] == NO_NEWER

    try_again(grouped, group, {first: 4})

    assert outcomes(grouped, group)[first.pk] == MOVED_UP
    assert second is not None


def test_level_without_one_before_is_a_first_result_and_a_lower_one_is_said_calmly(grouped):
    group = accept(grouped, days=1)["A"]
    new, lower, *_ = people(grouped, group)
    GroupMember.objects.filter(group=group, learner=new).update(start_level=None)
    GroupMember.objects.filter(group=group, learner=lower).update(start_level=3)
    try_again(grouped, group, {new: 2, lower: 2})
    assert [outcomes(grouped, group)[learner.pk] for learner in (new, lower)] == [FIRST_RESULT, LOWER]
    assert "with newer results that are lower" in say_outcomes(read(grouped, group).closing)


def test_results_long_after_the_last_day_are_other_teaching(grouped):
    group = accept(grouped, days=1)["A"]
    learner = people(grouped, group)[0]
    try_again(grouped, group, {learner: 4})
    long_ago = timezone.localdate() - timedelta(days=closings.WATCHED_DAYS + 60)
    Group.objects.filter(pk=group.pk).update(
        created_at=days_ago(closings.WATCHED_DAYS + 60), starts_on=long_ago, ends_on=long_ago + timedelta(days=7)
    )
    assert outcomes(grouped, group)[learner.pk] == NO_NEWER


def test_level_set_by_a_teacher_since_counts_as_newer(grouped):
    group = accept(grouped, days=1)["A"]
    learner = people(grouped, group)[0]
    overrides.set_level(learner=learner, standard=group.focus, level=4, reason="Seen.", by=grouped.teacher)
    work_off()
    assert outcomes(grouped, group)[learner.pk] == MOVED_UP


def test_result_on_an_exact_match_is_newer_where_the_policy_counts_it(grouped):
    group = accept(grouped, days=1)["A"]
    learner = people(grouped, group)[0]
    twin = make_standard(make_framework(grouped.section.district, title="State"))
    Association._base_manager.create(
        framework=twin.framework,
        uuid=uuid.uuid4(),
        kind=Association.EXACT_MATCH_OF,
        origin=twin,
        destination=group.focus,
    )
    give(make_assessment(grouped.section, [twin]), learner, twin, 4)
    work_off()
    assert outcomes(grouped, group)[learner.pk] == NO_NEWER

    MasteryPolicy.objects.create(district=grouped.section.district, starts_on=days_ago(30).date(), exact_matches=True)
    give(make_assessment(grouped.section, [twin]), learner, twin, 4)
    work_off()

    assert outcomes(grouped, group)[learner.pk] == MOVED_UP


def test_who_left_the_class_is_not_in_the_report(grouped):
    group = accept(grouped)["A"]
    gone, *rest = people(grouped, group)
    gone.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert set(outcomes(grouped, group)) == {learner.pk for learner in rest}


def test_change_stands_beside_the_one_expected_at_acceptance(grouped):
    group = accept(grouped, days=1)["A"]
    members = people(grouped, group)
    GroupMember.objects.filter(group=group).update(first_mean_micro=200_000, expected_micro=500_000)
    try_again(grouped, group, dict.fromkeys(members, 3))  # the middle of its band is .75
    closing = read(grouped, group).closing
    assert len(members) >= 5
    assert draw_change(closing) == {"n": len(members), "observed": "+55", "expected": "+30", "why": ""}
    objections.object_to(members[0], by=grouped.teacher, words="")
    assert read(grouped, group).closing.known == len(members) - 1


def test_too_few_scores_claim_nothing(grouped):
    group = accept(grouped, days=1)["A"]
    try_again(grouped, group, {people(grouped, group)[0]: 3})
    closing = read(grouped, group).closing
    assert (closing.change, closing.known) == (None, 1)
    assert draw_change(closing) == {"why": "Scores of 1 student are too few to compare."}


def test_round_accepted_before_starts_were_kept_reads_its_levels_from_the_history(grouped):
    group = accept(grouped, days=1)["A"]
    learner = people(grouped, group)[0]
    then = start_level(group, learner)
    GroupMember.objects.filter(group=group).update(expected_micro=None, first_mean_micro=None, start_level=None)
    try_again(grouped, group, {learner: 4})
    (member,) = [member for member in read(grouped, group).members if member.learner_id == learner.pk]
    assert (member.level_then, member.outcome) == (then, MOVED_UP)


def test_closing_by_hand_is_taken_back_whole(ended, grouped):
    a, b = ended["A"], ended["B"]
    day = a.ends_on
    assert closings.close_groups(section=grouped.section, group_ids=[a.pk, b.pk], by=grouped.teacher) == [a.pk, b.pk]
    assert closings.close_groups(section=grouped.section, group_ids=[a.pk], by=grouped.co_teacher) == []
    a.refresh_from_db()
    assert (a.closed_by, a.ends_on) == (grouped.teacher, day)

    closings.reopen_groups(section=grouped.section, group_ids=[a.pk, b.pk])

    a.refresh_from_db()
    assert (a.closed_at, a.closed_by, a.ends_on) == (None, None, day)
    with pytest.raises(closings.NotTakenBack, match="nothing"):
        closings.reopen_groups(section=grouped.section, group_ids=[a.pk])


def test_closing_is_not_taken_back_beside_newer_groups(ended, grouped):
    closings.close_groups(section=grouped.section, group_ids=[ended["A"].pk], by=grouped.teacher)
    board = boards.start_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    with pytest.raises(closings.NotTakenBack, match="newer"):
        closings.reopen_groups(section=grouped.section, group_ids=[ended["A"].pk])


def again(taught, *groups):
    ids = [group.pk for group in groups]
    return regrouping.group_again(section=taught.section, group_ids=ids, today=timezone.localdate())


def stay(taught, group, n=3):
    """The first n members have a newer result at the level that they had."""
    members = people(taught, group)[:n]
    try_again(taught, group, {learner: start_level(group, learner) for learner in members})
    return members


def members_of(board):
    return {member["learner"] for entry in board["groups"] for member in entry["members"]}


def test_those_who_stayed_are_a_board_of_their_own(ended, grouped):
    stayed = stay(grouped, ended["A"])
    others = {learner.pk for learner in grouped.learners} - {learner.pk for learner in stayed}

    board = again(grouped, ended["A"]).suggestion.board

    assert members_of(board) == {learner.pk for learner in stayed}
    assert {entry["focus"] for entry in board["groups"]} == {ended["A"].focus_id}
    assert (board["own"], board["absent"], set(board["left_out"])) == ([], [], others)


def test_groups_of_the_others_go_on_and_keep_their_letters(ended, grouped):
    stay(grouped, ended["A"])
    Group.objects.filter(pk=ended["B"].pk).update(ends_on=timezone.localdate() + timedelta(days=3))
    board = again(grouped, ended["A"]).suggestion
    (made,) = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    ended["B"].refresh_from_db()
    assert ended["B"].closed_at is None
    assert made.letter == "A"
    assert boards.start_board(grouped.section).board.get("left_out", []) == []
    assert read(grouped, ended["A"]).again == []  # they are in the new group now


def test_those_who_stayed_are_taken_back_to_the_board_before(ended, grouped):
    stay(grouped, ended["A"])
    before = boards.start_board(grouped.section)
    now = again(grouped, ended["A"]).suggestion
    assert now.pk == before.pk
    back = boards.undo_last(section=grouped.section, version=now.version)
    assert (members_of(back.board), back.settings) == (members_of(before.board), before.settings)
    now = again(grouped, ended["A"]).suggestion
    whole = boards.take_whole_class(section=grouped.section, version=now.version)
    assert ("again" in whole.settings, "left_out" in whole.board) == (False, False)


def test_wishes_hold_among_those_who_stayed(ended, grouped):
    one, two, pinned = stay(grouped, ended["A"])
    wish = lambda **fields: Wish.objects.create(section=grouped.section, **fields)
    wish(kind=Wish.Kind.APART, first=one, second=two)
    wish(kind=Wish.Kind.PIN, first=pinned, own_path=True)

    made = again(grouped, ended["A"])

    places = {
        member["learner"]: entry["letter"] for entry in made.suggestion.board["groups"] for member in entry["members"]
    }
    assert made.on_own_path == [pinned.name]
    assert places.keys() == {one.pk, two.pk}
    assert places[one.pk] != places[two.pk]


def test_nobody_stayed_makes_no_board(ended, grouped):
    before = boards.current_board(grouped.section)
    with pytest.raises(boards.EditRefused, match="nobody_stayed"):
        again(grouped, ended["A"])
    assert boards.current_board(grouped.section) == before


def test_page_shows_the_report_and_its_acts(ended, grouped, as_account):
    client = as_account(grouped.teacher)
    stayed = stay(grouped, ended["A"])
    here = reverse("groups_ended", args=[grouped.section.pk])
    page = client.get(here)
    assert f"{len(stayed)} of" in page.content.decode()

    answer = client.post(
        reverse("groups_close", args=[grouped.section.pk]), {"act": "close", "group": ended["A"].pk}, follow=True
    )
    assert "Group A is closed." in answer.content.decode()
    client.post(answer.context["toast"]["undo_url"])
    assert Group.objects.get(pk=ended["A"].pk).closed_at is None
    answer = client.post(reverse("groups_close", args=[grouped.section.pk]), {"act": "again", "group": ended["A"].pk})
    assert answer.url == reverse("section_groups", args=[grouped.section.pk])
    assert client.get(answer.url).context["board"]["left_out"] != []


def test_page_that_is_none_is_not_found(grouped, as_account):
    client, here = as_account(grouped.teacher), reverse("groups_ended", args=[grouped.section.pk])
    assert [client.get(here, {"page": page}).status_code for page in ("0", "x", "99999", "1")] == [404, 404, 404, 200]


def test_older_rounds_cost_no_more_statements(grouped, as_account):
    client = as_account(grouped.teacher)
    accept(grouped)
    here = reverse("groups_ended", args=[grouped.section.pk])
    client.get(here)
    with assert_statements(at_most=20) as few:
        client.get(here)
    for _ in range(4):
        accept(grouped)
    with assert_statements(len(few)):
        page = client.get(here)
    assert len(page.context["rounds"]) == 4
    assert page.context["older"] == 2
