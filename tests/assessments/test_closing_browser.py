"""Ended groups and kinds of groups in a real browser: accessible, and a closing is taken back by key."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Group
from assessments.services import boards
from tests.browsing import sign_in, troubles, violations
from tests.factories.profiles import make_school_admin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_group_is_closed_from_where_it_runs_and_goes_on_by_key(page, live_server, grouped):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    heard = troubles(page)
    sign_in(page.context, live_server.url, grouped.teacher)
    page.goto(live_server.url + reverse("section_groups", args=[grouped.section.pk]))
    page.get_by_label("Change group A").click()

    page.get_by_role("button", name="Close group A today").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Ended groups")
    expect(page.get_by_text("Group A is closed.")).to_be_visible()
    expect(page.locator("article").filter(has_text="Nobody has a newer result yet.")).to_have_count(1)
    page.get_by_role("button", name="Undo").focus()  # it stays while it has the focus
    assert violations(page) == []
    page.keyboard.press("u")
    expect(page.get_by_text("1 group goes on.")).to_be_visible()
    assert Group.objects.filter(closed_at=None).count() == len(board.board["groups"])
    assert heard == []


def test_kinds_of_groups_have_nothing_against_accessibility(page, live_server, grouped):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    sign_in(page.context, live_server.url, make_school_admin(grouped.section.roster.school))
    page.goto(live_server.url + reverse("school_groups"))
    expect(page.get_by_role("table")).to_contain_text("Grade 5")
    assert violations(page) == []
