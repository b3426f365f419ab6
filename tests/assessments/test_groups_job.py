"""The job walked on after the print: teach, re-assess in the same grid, levels move, close, group who stayed again."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Group, GroupMember, GroupSuggestion, Mastery
from assessments.services import boards, suggesting
from tests.factories.assessments import work_off

pytestmark = pytest.mark.django_db


def assess(client, taught, marks, *, title, kind, days_ago=0):
    """Make an assessment of both standards, and type marks, {(learner id, standard id): mark}, in its grid."""
    made = client.post(
        reverse("assessment_new", args=[taught.section.pk]),
        {
            "title": title,
            "kind": kind,
            "given_on": (timezone.localdate() - timedelta(days=days_ago)).isoformat(),
            "scale": "levels",
            "weight": "1",
            "standards": [standard.pk for standard in taught.standards],
        },
    )
    assert made.status_code == 302, made.context["form"].errors
    assessment = Assessment.objects.latest("pk")
    rows = [{"learner": who, "standard": what, "text": str(mark)} for (who, what), mark in marks.items()]
    url = reverse("assessment_cells", args=[assessment.pk])
    saved = client.post(url, json.dumps({"cells": rows}), content_type="application/json").json()
    assert {cell["state"] for cell in saved["cells"]} == {"saved"}
    work_off()
    suggesting.suggest_due()


def test_groups_are_taught_reassessed_closed_and_those_who_stayed_grouped_again_in_one_click(taught, as_account):
    taught.join(25)
    client, here = as_account(taught.teacher), {"args": [taught.section.pk]}
    ticket = {
        (learner.pk, standard.pk): 1 + (place + column) % 2
        for place, learner in enumerate(taught.learners)
        for column, standard in enumerate(taught.standards)
    }
    assess(client, taught, ticket, title="Exit ticket", kind="formative", days_ago=8)
    version = boards.current_board(taught.section).version
    client.post(reverse("groups_decide", **here), {"act": "accept", "version": version})
    on = list(Group.objects.select_related("focus"))
    printed = client.get(reverse("groups_roster", **here)).content.decode()
    assert [group.focus.heading in printed for group in on] == [True] * len(on)

    # Taught for a week: what was accepted now began a week ago.
    back = timedelta(days=7)
    Group.objects.update(
        created_at=F("created_at") - back, starts_on=F("starts_on") - back, ends_on=timezone.localdate()
    )
    members = list(GroupMember.objects.select_related("group", "learner").order_by("group_id", "learner_id"))
    first = {group.pk: [m for m in members if m.group_id == group.pk] for group in on}
    moved, stayed, away = [], [], []
    marks = {}
    for inside in first.values():
        away.append(inside[-1])
        for place, member in enumerate(inside[:-1]):
            (moved if place % 2 else stayed).append(member)
            marks[member.learner_id, member.group.focus_id] = 4 if place % 2 else member.start_level
    assess(client, taught, marks, title="Exit ticket again", kind="reassessment")

    levels = {
        (learner, standard): level
        for learner, standard, level in Mastery.objects.values_list("learner_id", "standard_id", "shown_level")
    }
    assert all(levels[m.learner_id, m.group.focus_id] > m.start_level for m in moved)
    client.post(reverse("groups_close", **here), {"act": "close", "group": [group.pk for group in on]})
    page = client.get(reverse("groups_ended", **here))
    (row,) = page.context["rounds"]
    outcomes = {m.learner_id: m.outcome for over in row["round"].groups for m in over.members}
    assert outcomes == (
        {m.learner_id: "moved_up" for m in moved}
        | {m.learner_id: "stayed" for m in stayed}
        | {m.learner_id: "no_newer" for m in away}
    )
    change = row["round"].closing.change
    assert change.n == len(moved) + len(stayed)
    text = page.content.decode()
    observed, expected = round(100 * change.observed), round(100 * change.expected)
    assert min(observed, expected) > 0  # low starts come back some way by themselves
    assert f"All together: scores +{observed} points of 100, +{expected} expected anyway (n = {change.n})." in text
    assert text.count("Expected anyway") == sum(len(inside) > 5 for inside in first.values())

    again = page.context["again"]
    assert page.context["again_n"] == len(stayed)
    client.post(reverse("groups_close", **here), {"act": "again", "group": [group.pk for group in again]})
    board = GroupSuggestion.objects.get(section=taught.section, state="current").board
    assert sorted(m["learner"] for entry in board["groups"] for m in entry["members"]) == sorted(
        m.learner_id for m in stayed
    )
