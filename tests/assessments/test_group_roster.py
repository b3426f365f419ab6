"""The roster for the wall: who meets where for what, and nothing in the document that tells why."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember
from assessments.services import boards, group_changes
from assessments.services.group_changes import TaskLine
from assessments.services.group_rosters import read_group_roster
from profiles.models import AccessLog
from tests.budgets import assert_statements
from tests.factories.profiles import enroll, make_learner

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups(grouped):
    """The class's accepted groups; the first one has all that a group can have."""
    board = boards.current_board(grouped.section)
    made = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    group_changes.change_group(
        group=made[0],
        version=1,
        by=grouped.teacher,
        on=timezone.localdate(),
        adult="Ms. Ito",
        place="Window table",
        time_text="9:40",
        starts_on=made[0].starts_on,
        ends_on=made[0].ends_on,
        tasks=[TaskLine("Fold the strips again", "help")],
    )
    return made


def page_of(client, section, **query):
    return client.get(reverse("groups_roster", args=[section.pk]), query).content.decode()


def test_roster_holds_names_and_topics_and_nothing_about_need(grouped, groups, as_account):
    Group.objects.update(purpose=Group.Purpose.RETEACH)
    reasons = GroupMember.objects.filter(group=groups[0]).values_list("reason", flat=True)
    assert any(reason["reasons"] for reason in reasons)

    page = page_of(as_account(grouped.teacher), grouped.section, names="full")

    for group in groups:
        assert group.focus.heading in page
    for learner in grouped.learners:
        assert (learner.name in page) == GroupMember.objects.filter(learner=learner).exists()
    assert "Window table, with Ms. Ito, 9:40" in page
    # What tells of need is neither said nor there to be found, in words, attributes or drawings.
    body = page[page.index("<main") : page.index("</main>")]
    for word in ("each", "ractice", "xtend", "Mix", "Starting", "Building", "Secure", "level", "reason", "purpose"):
        assert word not in body.replace("Teach", ""), word
    assert "Fold the strips" not in page
    assert not re.search(r"\b(here|result|svg|data-level|data-learner)\b", body)
    assert "<title>Groups of 5 Maple Mathematics</title>" in page


def test_first_names_take_as_much_of_the_family_name_as_tells_apart(grouped, groups):
    school = grouped.section.roster.school
    names = [("Ana", "Ruiz"), ("Ana", "Costa"), ("Ben", "Ito"), ("Ben", "Ives"), ("Cleo", "Marsh")]
    added = [make_learner(school, given_name=given, family_name=family) for given, family in names]
    gone = make_learner(school, given_name="Cleo", family_name="Gone")
    for learner in added:
        enroll(learner, grouped.section.roster)
    for learner in (*added, gone):
        GroupMember.objects.create(group=groups[0], learner=learner)

    found = read_group_roster(grouped.section, on=timezone.localdate())

    short = {person.pk: person.short for group in found for person in group.people}
    assert [short[learner.pk] for learner in added] == ["Ana R.", "Ana C.", "Ben Ito", "Ben Ives", "Cleo"]
    assert gone.pk not in short


def test_hidden_names_are_not_in_the_document(grouped, groups, as_account):
    client = as_account(grouped.teacher)
    page = page_of(client, grouped.section, names="hidden")
    members = GroupMember.objects.filter(group=groups[0]).count()

    assert f"{members} students" in page
    assert [learner.first_name for learner in grouped.learners if learner.first_name in page] == []
    assert not AccessLog.objects.filter(route="groups_roster").exists()
    page_of(client, grouped.section)
    assert set(AccessLog.objects.get(route="groups_roster").learner_ids) == set(
        GroupMember.objects.values_list("learner", flat=True)
    )


def test_roster_reads_groups_that_are_on_by_one_statement(grouped, groups):
    Group.objects.filter(pk=groups[0].pk).update(closed_at=timezone.now())

    with assert_statements(exactly=1):
        found = read_group_roster(grouped.section, on=timezone.localdate())

    assert [group.letter for group in found] == [group.letter for group in groups[1:]]


def test_roster_without_groups_says_so(taught, as_account):
    assert "No groups are on today." in page_of(as_account(taught.teacher), taught.section)
