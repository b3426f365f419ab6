"""Learners on their own path are kept with the acceptance, for as long as its groups are on, in neutral words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, OwnPath
from assessments.services import boards, suggesting
from assessments.services.closings import read_rounds
from assessments.services.group_rounds import read_rounds as read_guarded
from assessments.services.learner_groups import PastGroup, read_own_groups

pytestmark = pytest.mark.django_db


def accept(taught, *own):
    """Accept the board with these learners on their own path."""
    board = boards.start_board(taught.section)
    for learner in own:
        board = boards.move_learner(
            section=taught.section, version=board.version, learner_id=learner.pk, to="own", by=taught.teacher
        )
    return boards.accept_board(section=taught.section, version=board.version, by=taught.teacher)


@pytest.fixture
def alone(grouped):
    """Two learners on their own path, ten in groups that are on."""
    accept(grouped, *grouped.learners[:2])
    return grouped


def test_accepting_keeps_who_is_on_their_own_path_until_the_groups_end(alone):
    today = timezone.localdate()
    found = OwnPath.objects.order_by("learner_id")
    assert [path.learner_id for path in found] == [learner.pk for learner in alone.learners[:2]]
    assert {(path.starts_on, path.ends_on, path.closed_at) for path in found} == {
        (today, today + timedelta(days=7), None)
    }
    assert {path.reason["reasons"][0]["code"] for path in found} == {"pinned"}
    assert {path.suggestion_id for path in found} == set(Group.objects.values_list("suggestion_id", flat=True))


def test_who_has_left_the_class_begins_no_own_path(grouped):
    board = boards.current_board(grouped.section)
    gone = grouped.learners[0]
    moved = boards.move_learner(
        section=grouped.section, version=board.version, learner_id=gone.pk, to="own", by=grouped.teacher
    )
    gone.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))
    boards.accept_board(section=grouped.section, version=moved.version, by=grouped.teacher)
    assert OwnPath.objects.count() == 0


def test_next_groups_end_own_paths_and_the_board_knows_where_everybody_was(alone):
    first = alone.learners[0]
    board = boards.start_board(alone.section)
    assert sorted(board.board["last"]["own"]) == sorted(learner.pk for learner in alone.learners[:2])
    pinned = {member["learner"]: member["from"] for member in board.board["own"]}
    assert pinned == {learner.pk: None for learner in alone.learners[:2]}  # they stay, and that counts as staying
    assert board.board["stayed"] >= 2
    moved = boards.move_learner(
        section=alone.section, version=board.version, learner_id=first.pk, to="A", by=alone.teacher
    )
    (member,) = [m for entry in moved.board["groups"] for m in entry["members"] if m["learner"] == first.pk]
    assert member["from"] == "own"

    boards.accept_board(section=alone.section, version=moved.version, by=alone.teacher)

    on = OwnPath.objects.filter(closed_at=None)
    assert [path.learner_id for path in on] == [alone.learners[1].pk]
    assert OwnPath.objects.filter(learner=first).get().closed_at is not None


def test_guard_counts_an_own_path_as_another_place(alone):
    section = alone.section
    (found,) = read_guarded([section.pk], zone=section.district.time_zone, on=timezone.localdate())[section.pk]
    assert {learner.pk for learner in alone.learners[:2]} <= found.elsewhere


def test_own_path_stands_in_neutral_words_on_the_learners_page_and_in_its_history(alone, as_account):
    learner, today = alone.learners[0], timezone.localdate()
    page = as_account(learner.account).get(reverse("learner", args=[learner.pk])).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    topic = OwnPath.objects.get(learner=learner).standard.heading
    assert "My own path" in main
    assert f'<p class="group-topic">{topic}</p>' in main
    for word in ("pinned", "Pinned", "level here", alone.learners[1].name):
        assert word not in main
    OwnPath.objects.update(starts_on=today - timedelta(days=8), ends_on=today - timedelta(days=1))

    found = read_own_groups(learner, on=today)

    assert (found.now, found.past) == (
        [],
        [PastGroup(topic, today - timedelta(days=8), today - timedelta(days=1), is_own=True)],
    )


def test_pages_of_the_class_name_who_is_on_their_own_path_and_ask_for_no_numbers(alone, as_account):
    client = as_account(alone.teacher)
    names = [learner.name for learner in alone.learners[:2]]
    running = client.get(reverse("section_groups", args=[alone.section.pk])).content.decode()
    roster = client.get(reverse("groups_roster", args=[alone.section.pk]), {"names": "full"}).content.decode()
    for page in (running, roster):
        assert "On their own path" in page
        assert [name in page for name in names] == [True, True]

    Group.objects.update(ends_on=timezone.localdate())
    rounds, _more = read_rounds(alone.section, today=timezone.localdate())
    ended = client.get(reverse("groups_ended", args=[alone.section.pk])).content.decode()

    assert rounds[0].own == names
    assert f"On their own path: {names[0]}, {names[1]}" in " ".join(ended.replace("</p>", " ").split())
    assert {pk for over in rounds[0].groups for pk in (m.learner_id for m in over.members)}.isdisjoint(
        learner.pk for learner in alone.learners[:2]
    )


def test_nobody_on_their_own_path_is_offered_for_groups_of_those_who_stayed(grouped):
    """Who stayed in a group, and is on their own path since, has a place already."""
    accept(grouped)
    stayed = grouped.learners[0]
    accept(grouped, stayed)
    Group.objects.filter(closed_at=None).update(ends_on=timezone.localdate())
    rounds, _more = read_rounds(grouped.section, today=timezone.localdate())
    busy = {m.learner_id: m.is_busy for over in rounds[-1].groups for m in over.members}
    assert (busy[stayed.pk], busy[grouped.learners[1].pk]) == (True, False)


def test_board_of_the_day_is_made_whatever_an_own_path_names(alone):
    OwnPath.objects.update(standard=None)
    assert suggesting.make_board(alone.section, {}, on=timezone.localdate())["groups"]
