"""Groups that are on, in a real browser: changed by keys alone, and printed without what tells why."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Group
from assessments.services import boards
from tests.browsing import sign_in, troubles, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_group_is_changed_by_keys_alone_and_its_names_are_printed(page, live_server, grouped):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.add_init_script("window.print = () => (document.documentElement.dataset.printed = '1')")
    sign_in(page.context, live_server.url, grouped.teacher)
    page.goto(live_server.url + reverse("section_groups", args=[grouped.section.pk]))
    page.get_by_label("Change group A", exact=True).focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Group A", exact=True)

    # With, where, when, the first task, and Enter saves.
    for keys in ("Ms. Ito", "Window table", "Mon, 9:40"):
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(keys)
    form.get_by_label("Task").first.focus()
    page.keyboard.type("Fold strips")
    form.get_by_label("Link").first.fill("javascript:alert(1)")
    page.keyboard.press("Enter")

    # Refused: the form is open where it stands, with what was typed.
    expect(form.get_by_text("This is no web address.")).to_be_in_viewport()
    expect(form.get_by_label("Where")).to_have_value("Window table")
    assert violations(page) == []
    form.get_by_label("Link").first.fill("example.org/fold")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Group A is saved.")).to_be_visible()
    expect(page.locator("article").filter(has=page.get_by_role("link", name="Fold strips"))).to_contain_text(
        re.compile("Ms. Ito, Window table\\s*Mon, 9:40")
    )
    saved = Group.objects.get(letter="A")
    assert (saved.adult, saved.place, saved.time_text, saved.version) == ("Ms. Ito", "Window table", "Mon, 9:40", 2)

    page.get_by_role("link", name="Print", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Our groups")).to_be_visible()
    expect(page.locator("html[data-printed]")).to_have_count(1)
    expect(page.get_by_text("Window table, with Ms. Ito, Mon, 9:40")).to_be_visible()
    assert violations(page) == []
    # The browser says of each refused answer that it was one.
    assert [line for line in heard if "422" not in line] == []
