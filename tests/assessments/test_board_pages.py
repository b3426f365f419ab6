"""What the page of the board offers without script: what if, an empty board, topics, the last groups."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Group, GroupMember, GroupSuggestion, Wish
from assessments.services import boards
from tests.budgets import spelled_out, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(grouped, as_account):
    return as_account(grouped.teacher)


def standing(grouped):
    return boards.current_board(grouped.section)


def text(client, grouped, **query):
    answer = client.get(reverse("section_groups", args=[grouped.section.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def edit(client, grouped, **fields):
    version = fields.pop("version", None) or standing(grouped).version
    url = reverse("groups_edit", args=[grouped.section.pk])
    return client.post(url, {"version": version, **fields}, follow=True).content.decode()


def settle(client, grouped, letter, **typed):
    url = reverse("group_plan", args=[grouped.section.pk])
    fields = {"version": standing(grouped).version, "letter": letter} | typed
    return client.post(url, {f"plan-{name}": value for name, value in fields.items()}, follow=True).content.decode()


def panel(page):
    return page[page.index('id="panel"') :]


def test_what_if_shows_another_board_beside_this_one_and_stores_nothing(grouped, teacher):
    before = standing(grouped)
    asked = panel(text(teacher, grouped, what_if="1"))
    assert "Nothing here is stored." in asked
    assert "This board beside" not in asked

    tried = panel(text(teacher, grouped, what_if="1", k="3", lo="", hi="", adults="1", own_path="on"))

    assert re.search(r"Groups</th>\s*<td[^>]*>2</td>\s*<td[^>]*>3</td>", tried)
    assert "would work on something else" in tried
    now = standing(grouped)
    assert (now.board, now.version, now.settings) == (before.board, before.version, before.settings)
    hidden = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', tried[tried.index("panel-foot") :]))
    assert {name: hidden[name] for name in ("k", "lo", "hi", "adults")} == {"k": "3", "lo": "", "hi": "", "adults": "1"}
    edit(teacher, grouped, act="settings", **{name: hidden[name] for name in ("k", "lo", "hi", "adults", "own_path")})
    assert len(standing(grouped).board["groups"]) == 3
    assert boards.undo_last(section=grouped.section, version=before.version + 1).settings == before.settings


def test_what_if_names_wishes_that_would_clash_and_numbers_that_are_none(grouped, teacher):
    one, two = grouped.learners[:2]
    Wish.objects.create(section=grouped.section, kind="apart", first=one, second=two)
    clash = panel(text(teacher, grouped, what_if="1", k="1", lo="", hi="", adults="1"))
    assert "These wishes cannot all hold then:" in clash
    assert f"{one.name} and {two.name} apart" in clash
    assert "Type whole numbers" in panel(text(teacher, grouped, what_if="1", k="many", adults="1"))


def test_empty_board_refuses_kindly_and_tells_who_is_in_no_group(grouped, teacher):
    decide = reverse("groups_decide", args=[grouped.section.pk])
    edit(teacher, grouped, act="empty")
    page = text(teacher, grouped)
    assert page.count('class="learner-line"') == 12
    assert "Filled by hand. 0 in groups, 0 on their own path, 12 to be placed." in page
    version = standing(grouped).version
    refused = teacher.post(decide, {"act": "accept", "version": version}, follow=True).content.decode()
    assert "Nobody is in a group yet." in refused
    assert Group.objects.count() == 0
    page = edit(teacher, grouped, act="move", learner=grouped.learners[0].pk, to="B")
    assert "Accept 1 group" in page
    version = standing(grouped).version
    accepted = teacher.post(decide, {"act": "accept", "version": version}, follow=True).content.decode()
    assert "1 group is on. 11 students are in none." in accepted
    assert GroupMember.objects.count() == 1
    teacher.post(decide, {"act": "start_empty"})
    assert {entry["letter"]: entry["members"] for entry in standing(grouped).board["groups"]} == {"A": [], "B": []}


def test_class_without_a_result_is_grouped_by_hand(taught, as_account):
    client = as_account(taught.teacher)
    decide = reverse("groups_decide", args=[taught.section.pk])
    assert "There is nothing to group by yet." in client.post(decide, {"act": "start"}, follow=True).content.decode()
    client.post(decide, {"act": "start_empty"})
    board = boards.current_board(taught.section).board
    assert [entry["focus"] for entry in board["groups"]] == [taught.standards[0].pk]
    assert [member["learner"] for member in board["unplaced"]] == [learner.pk for learner in taught.learners]
    page = edit(client, taught, act="move", learner=taught.learners[0].pk, to="A")
    assert "1 in groups, 0 on their own path, 2 to be placed." in page
    client.post(decide, {"act": "accept", "version": standing(taught).version})
    assert GroupMember.objects.get().learner == taught.learners[0]


def test_topic_given_to_a_group_is_a_wish_that_is_listed_and_taken_back(grouped, teacher):
    first = standing(grouped).board["groups"][0]
    other = next(standard for standard in grouped.standards if standard.pk != first["focus"])
    page = settle(teacher, grouped, first["letter"], topic=other.pk)
    said = f"Group {first['letter']} works on {other.code}"
    assert f"Take back: {said}" in page
    assert said not in edit(teacher, grouped, act="free", letter=first["letter"])
    assert "Select a valid choice" in settle(teacher, grouped, "A", topic=0)
    assert "The board has changed meanwhile" in settle(teacher, grouped, "Z", topic=other.pk)


def test_edit_that_breaks_a_wish_is_made_and_said(grouped, teacher):
    board = standing(grouped)
    one, two = (entry["members"][0]["learner"] for entry in board.board["groups"][:2])
    names = {learner.pk: learner.name for learner in grouped.learners}
    Wish.objects.create(section=grouped.section, kind="apart", first_id=one, second_id=two)
    page = edit(teacher, grouped, act="move", learner=one, to=board.board["groups"][1]["letter"])
    said = page[page.index("Not kept by this split") :]
    assert f"{names[one]} and {names[two]} apart" in said[: said.index("</ul>")]


def test_last_groups_stand_beside_the_board_with_who_went_where(grouped, teacher):
    board = standing(grouped)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    board = boards.start_board(grouped.section)
    a, b = board.board["groups"][:2]
    goes, away = (member["learner"] for member in a["members"][:2])
    names = {learner.pk: learner.name for learner in grouped.learners}
    edit(teacher, grouped, act="absent", learner=away)
    page = edit(teacher, grouped, act="move", learner=goes, to=b["letter"])
    page = page[page.index("Beside the last groups") :]

    assert re.search(rf"{names[goes]}\s*<span class=\"mark\">{b['letter']}</span>", page)
    assert re.search(rf"{names[away]}\s*<span class=\"mark\">away today</span>", page)


def test_step_on_an_older_board_is_taken_and_said(grouped, teacher, as_account):
    version = standing(grouped).version
    one, two, three = (learner.pk for learner in grouped.learners[:3])
    edit(as_account(grouped.co_teacher), grouped, act="move", learner=one, to="own")
    assert "your step is taken on the newer one" in edit(
        teacher, grouped, act="move", learner=two, to="own", version=version
    )
    assert "Somebody has moved this student meanwhile." in edit(
        teacher, grouped, act="move", learner=one, to="A", version=version
    )
    assert {wish.first_id for wish in Wish.objects.filter(lifted_at=None, own_path=True)} == {one, two}
    assert "your last step was not taken" in edit(teacher, grouped, act="undo", version=version)
    assert GroupSuggestion.objects.count() == 1
    edit(teacher, grouped, act="absent", learner=three, version=version)
    assert standing(grouped).board["absent"] == [three]


def test_page_asks_what_waits_between_the_version_of_the_class_and_the_board(grouped, teacher):
    """In any other order a suggestion that is made while the page is read would never be shown."""
    with CaptureQueriesContext(connection) as asked:
        text(teacher, grouped)
    sent = spelled_out(statements(asked))
    tables = ("assessments_rosterversion", "assessments_stalesection", "assessments_groupsuggestion")
    first = [next(place for place, sql in enumerate(sent) if table in sql) for table in tables]
    assert first == sorted(set(first))
