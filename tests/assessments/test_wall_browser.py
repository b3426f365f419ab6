"""The wall in a real browser: one tab stop, receipts beside it, new levels without moving anything."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Evidence
from assessments.services import overrides
from tests.browsing import sign_in, troubles, violations
from tests.factories.assessments import days_ago, give, make_assessment, work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Wall:
    def __init__(self, page, address):
        self.page, self.address = page, address

    def open(self, query=""):
        assert self.page.goto(self.address + query).status == 200
        return self

    def cell(self, learner, standard):
        return self.page.locator(f'td > a[href^="?at={learner.pk}.{standard.pk}"]')

    @property
    def panel(self):
        return self.page.locator("#panel")

    def says(self, text):
        expect(self.page.get_by_role("status")).to_contain_text(text)


@pytest.fixture
def full(taught):
    """Levels 1, 3 and none on the first standard; 2, none, 4 on the second."""
    first, second = taught.standards
    one, two, three = taught.learners
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(3).date(), title="Warm-up")
    give(assessment, one, first, 1)
    give(assessment, two, first, 3)
    give(assessment, one, second, 2)
    give(assessment, three, second, 4)
    work_off()
    return taught


@pytest.fixture
def wall(page, live_server, full):
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, full.teacher)
    return Wall(page, live_server.url + reverse("section_wall", args=[full.section.pk]))


def test_wall_is_one_tab_stop_and_arrows_move_inside(wall, full):
    first, second = full.standards
    one, two, three = full.learners
    wall.open("?sort=name")
    assert wall.page.locator("td > a[tabindex='0']").count() == 1
    wall.cell(one, first).focus()

    for key, learner, standard in (
        ("ArrowRight", one, second),
        ("ArrowDown", two, second),
        ("Home", two, first),
        ("End", two, second),
        ("ArrowDown", three, second),
        ("ArrowDown", three, second),
        ("ArrowUp", two, second),
    ):
        wall.page.keyboard.press(key)
        expect(wall.cell(learner, standard)).to_be_focused()

    assert wall.page.locator("td > a[tabindex='0']").count() == 1


def test_receipt_opens_steps_and_gives_the_focus_back(wall, full):
    first, second = full.standards
    one = full.learners[0]
    heard = troubles(wall.page)
    wall.open("?sort=name")
    wall.cell(one, first).focus()

    wall.page.keyboard.press("Enter")
    heading = wall.panel.get_by_role("heading", name=one.name)
    expect(heading).to_be_focused()
    expect(wall.panel).to_contain_text(f"{first.code} {first.short_title}")
    expect(wall.panel.get_by_role("heading", name="How sure?")).to_be_visible()
    expect(wall.page).to_have_url(re.compile(rf"at={one.pk}\.{first.pk}"))
    wall.page.keyboard.press("ArrowRight")
    expect(wall.panel).to_contain_text(f"{second.code} {second.short_title}")
    expect(heading).to_be_focused()
    wall.page.keyboard.press("Escape")

    expect(wall.panel).to_be_hidden()
    expect(wall.cell(one, second)).to_be_focused()
    expect(wall.page).not_to_have_url(re.compile("at="))
    assert heard == []


def test_address_of_an_open_receipt_can_be_shared(wall, full):
    learner, standard = full.learners[1], full.standards[0]
    wall.open(f"?at={learner.pk}.{standard.pk}")

    expect(wall.panel.get_by_role("heading", name=learner.name)).to_be_visible()
    expect(wall.cell(learner, standard)).to_have_attribute("aria-current", "true")


def test_legend_filters_and_says_how_many(wall, full):
    one, two, three = full.learners
    first = full.standards[0]
    wall.open()

    wall.page.get_by_role("button", name="Secure 1").click()
    wall.says("1 cells shown")
    expect(wall.cell(two, first)).not_to_have_attribute("data-state", "out")
    expect(wall.cell(one, first)).to_have_attribute("data-state", "out")
    wall.page.get_by_role("button", name="No result 2").click()
    wall.says("3 cells shown")
    expect(wall.cell(three, first)).not_to_have_attribute("data-state", "out")
    wall.page.get_by_role("button", name="Secure 1").click()
    wall.page.get_by_role("button", name="No result 2").click()

    expect(wall.page.locator("tbody [data-state=out]")).to_have_count(0)


def test_s_sorts_by_this_column(wall, full):
    one, two, three = full.learners
    wall.open("?sort=name")
    wall.cell(two, full.standards[1]).focus()
    wall.page.keyboard.press("s")
    wall.page.wait_for_url(f"**?sort={full.standards[1].pk}")

    assert wall.page.locator("tbody th").all_inner_texts() == [one.name, three.name, two.name]
    expect(wall.page.locator("th[aria-sort=ascending]")).to_contain_text(full.standards[1].code)


def test_wall_is_walked_filtered_and_viewed_by_keys(wall, full):
    first, second = full.standards
    one, two, three = sorted(full.learners, key=lambda learner: learner.name)
    wall.open("?sort=name")
    assert wall.page.locator("td > a[tabindex='0']").count() == 1
    wall.cell(one, first).focus()

    wall.page.keyboard.press("ArrowDown")
    expect(wall.cell(two, first)).to_be_focused()
    wall.page.keyboard.press("End")
    expect(wall.cell(two, second)).to_be_focused()
    wall.page.keyboard.press("ArrowDown")
    expect(wall.cell(three, second)).to_be_focused()
    wall.page.keyboard.press("Home")
    expect(wall.cell(three, first)).to_be_focused()
    wall.page.keyboard.press("f")
    expect(wall.page.locator("[data-legend] button").first).to_be_focused()
    wall.page.keyboard.press("v")
    expect(wall.page.get_by_role("link", name="Download as CSV")).to_be_visible()
    wall.page.keyboard.press("Escape")

    expect(wall.page.get_by_role("link", name="Download as CSV")).to_be_hidden()


@pytest.mark.usefixtures("celery_worker")
def test_cells_follow_a_save_in_another_tab_without_moving_anything(wall, full, page, live_server):
    learner, standard = full.learners[2], full.standards[0]
    full.join(30)
    assessment = make_assessment(full.section, [standard], title="Exit ticket")
    wall.open("?sort=name")
    wall.cell(full.learners[20], standard).focus()
    region = wall.page.locator("[data-wall]")
    before = region.evaluate("region => [region.scrollTop, region.scrollLeft]")
    tab = page.context.new_page()
    tab.goto(live_server.url + reverse("assessment_enter", args=[assessment.pk]))
    tab.locator(f'[name="c.{learner.pk}.{standard.pk}"]').focus()

    tab.keyboard.press("4")
    expect(tab.get_by_role("status")).to_contain_text("All saved")
    page.bring_to_front()
    expect(wall.cell(learner, standard)).to_have_accessible_name(f"{learner.name}, {standard.code}, 4 Extending")

    expect(wall.page.get_by_role("button", name="Extending 2")).to_be_visible()
    expect(wall.page.locator(".wall-summary")).to_contain_text("67 % of 3")
    expect(wall.cell(full.learners[20], standard)).to_be_focused()
    assert region.evaluate("region => [region.scrollTop, region.scrollLeft]") == before


def test_level_is_set_and_lifted_beside_the_wall(wall, full):
    learner, standard = full.learners[0], full.standards[0]
    wall.open("?sort=name")
    wall.cell(learner, standard).click()

    wall.panel.get_by_role("radio", name="3 Secure").check()
    wall.panel.get_by_role("button", name="Set", exact=True).click()
    expect(wall.panel.get_by_role("alert")).to_contain_text("Say why")
    expect(wall.panel.get_by_role("radio", name="3 Secure")).to_be_checked()
    wall.panel.get_by_label("Why? (needed)").fill("Explained it at the table.")
    wall.panel.get_by_role("button", name="Set", exact=True).click()
    wall.says("Set. It stays until you lift it.")
    work_off()
    expect(wall.cell(learner, standard)).to_have_accessible_name(
        f"{learner.name}, {standard.code}, 3 Secure, set by a teacher, up"
    )
    expect(wall.panel).to_contain_text("Explained it at the table. Results say 1.")
    wall.panel.get_by_role("button", name="Lift").click()
    wall.says("Lifted. Results decide again.")
    work_off()

    expect(wall.cell(learner, standard)).to_have_accessible_name(f"{learner.name}, {standard.code}, 1 Starting")


def test_wall_and_receipt_work_without_script(browser, live_server, full):
    learner, standard = full.learners[0], full.standards[0]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    sign_in(context, live_server.url, full.teacher)
    wall = Wall(context.new_page(), live_server.url + reverse("section_wall", args=[full.section.pk])).open()

    wall.cell(learner, standard).focus()
    wall.page.keyboard.press("Enter")
    expect(wall.panel.get_by_role("heading", name=learner.name)).to_be_visible()
    wall.panel.get_by_role("radio", name="2 Building").check()
    wall.panel.get_by_label("Why? (needed)").fill("Seen today.")
    wall.panel.get_by_role("button", name="Set", exact=True).click()
    expect(wall.page.get_by_text("Set. It stays until you lift it.")).to_be_visible()
    assert Evidence.objects.filter(kind="set", level=2, learner=learner).count() == 1
    wall.panel.get_by_role("link", name="Close").click()

    expect(wall.panel).to_be_hidden()
    context.close()


@pytest.mark.parametrize("query", ["", "?at="])
def test_wall_has_no_accessibility_violation(wall, full, query):
    learner, standard = full.learners[0], full.standards[0]
    overrides.set_level(learner=learner, standard=standard, level=3, reason="Seen", by=full.teacher)
    work_off()
    wall.open(query and f"{query}{learner.pk}.{standard.pk}")

    assert violations(wall.page) == []


def test_phone_shows_one_standard_at_a_time(wall, full):
    first, second = full.standards
    learner = full.learners[0]
    wall.page.set_viewport_size({"width": 390, "height": 844})
    wall.open()
    expect(wall.cell(learner, first)).to_be_visible()
    expect(wall.cell(learner, second)).to_be_hidden()

    wall.page.get_by_label("Standard", exact=True).select_option(label=f"{second.code} {second.short_title}")

    expect(wall.cell(learner, second)).to_be_visible()
    expect(wall.cell(learner, first)).to_be_hidden()
    assert wall.cell(learner, second).bounding_box()["height"] >= 44
    assert wall.page.evaluate("document.documentElement.scrollWidth") == 390


def test_empty_wall_leads_to_entry_and_fills_by_itself(page, live_server, taught):
    sign_in(page.context, live_server.url, taught.teacher)
    wall = Wall(page, live_server.url + reverse("section_wall", args=[taught.section.pk])).open()
    expect(page.get_by_role("link", name="Enter the first results")).to_be_visible()

    give(make_assessment(taught.section, taught.standards), taught.learners[0], taught.standards[0], 3)
    work_off()

    expect(wall.cell(taught.learners[0], taught.standards[0])).to_be_visible()


def test_several_cells_are_ticked_by_keyboard_set_and_undone(wall, full):
    first, _second = full.standards
    one, two, three = full.learners
    wall.open("?sort=name")
    wall.page.keyboard.press("l")
    wall.page.wait_for_url("**/levels/")
    boxes = wall.page.locator("tbody input")
    expect(boxes.first).to_have_accessible_name(f"{one.name}, {first.code}, 1 Starting")
    boxes.first.focus()

    wall.page.keyboard.press("Space")
    wall.page.keyboard.press("Shift+ArrowDown")
    wall.says("2 ticked")
    wall.page.keyboard.press("Control+Space")
    wall.says("3 ticked")
    assert violations(wall.page) == []
    wall.page.get_by_role("radio", name="4 Extending").check()
    wall.page.get_by_role("textbox").fill("Explained it at the board.")
    wall.page.keyboard.press("Enter")
    expect(wall.page.get_by_text("Set. They stay until you lift them.")).to_be_visible()
    work_off()
    for learner in (one, two, three):
        expect(wall.cell(learner, first)).to_have_attribute("data-by", "teacher")
    wall.page.keyboard.press("u")
    expect(wall.page.get_by_text("Undone: 3 cells stand as before.")).to_be_visible()
    work_off()

    expect(wall.cell(one, first)).to_have_accessible_name(f"{one.name}, {first.code}, 1 Starting")
    expect(wall.cell(three, first)).to_have_accessible_name(f"{three.name}, {first.code}, no result")


def test_class_screen_follows_new_results_and_has_no_accessibility_violation(page, live_server, full):
    full.join(2)  # a class large enough to be told about
    sign_in(page.context, live_server.url, full.teacher)
    heard = troubles(page)
    page.goto(live_server.url + reverse("class_screen", args=[full.section.pk]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Together we are Secure 2 times.")
    assert violations(page) == []

    give(make_assessment(full.section, full.standards), full.learners[2], full.standards[0], 4)
    work_off()

    expect(page.get_by_role("heading", level=1)).to_have_text("Together we are Secure 3 times.")
    assert heard == []
