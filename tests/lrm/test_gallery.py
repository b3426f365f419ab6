"""The gallery in a real browser: accessible, inside its window, usable by keys alone, and without script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1920, 1366, 1024, 768, 390, 320)  # 320 is 1280 at 400 %


@pytest.fixture
def address(live_server):
    return live_server.url + reverse("gallery")


def visit(page, address):
    """Open an address, and be sure that it is the gallery and no page about an error."""
    answer = page.goto(address)
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1, name="Gallery")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?panel=open"])
def test_gallery_has_no_accessibility_violation(page, address, query):
    visit(page, address + query)

    assert violations(page) == []


def test_gallery_never_scrolls_sideways(page, address, troubles):
    visit(page, address)
    measured = {}

    for direction in ("ltr", "rtl"):
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            measured[direction, width] = page.evaluate("document.documentElement.scrollWidth")

    assert measured == {(direction, width): width for direction in ("ltr", "rtl") for width in WIDTHS}
    assert troubles == []


def test_gallery_fits_its_width_on_paper(page, address):
    page.set_viewport_size({"width": 720, "height": 1000})
    visit(page, address)
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    expect(page.locator(".rail")).to_be_hidden()


def test_targets_are_large_enough_for_staff(page, address):
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(page, address)

    small = page.evaluate(
        """() => [...document.querySelectorAll(".button, .legend-item, .rail-item, .wall td > a, .input, .choice")]
            .map((part) => [part.className, part.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""
    )

    assert small == []


def test_question_mark_opens_all_keys_and_escape_gives_the_focus_back(page, address):
    visit(page, address)
    first = page.locator(".legend-item").first
    first.focus()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="All keys")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="All keys")).to_be_hidden()
    expect(first).to_be_focused()


def test_g_and_a_letter_go_there_but_not_while_typing(page, address):
    visit(page, address)

    field = page.get_by_label("Title", exact=True)
    field.fill("")
    field.press_sequentially("gw?")
    expect(field).to_have_value("gw?")
    expect(page).to_have_url(address)
    field.blur()
    page.keyboard.press("g")
    page.keyboard.press("w")

    expect(page).to_have_url(address + "#wall")


def test_single_keys_can_be_turned_off_and_stay_off(page, address):
    visit(page, address)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Single-key shortcuts").click()
    page.reload()

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="All keys")).to_be_hidden()


def test_escape_closes_a_menu_first_and_then_the_panel(page, address):
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(page, address + "?panel=open")
    summary = page.locator("summary", has_text="View")
    summary.click()

    page.keyboard.press("Escape")
    expect(page.locator(".menu-sheet:visible")).to_have_count(0)
    expect(summary).to_be_focused()
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/gallery/\??$"))


def test_dark_is_chosen_in_the_account_menu_and_kept(page, address):
    page.emulate_media(color_scheme="light")
    visit(page, address)
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()

    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (light, dark) == ("rgb(251, 250, 247)", "rgb(19, 21, 24)")


def test_no_result_is_said_in_words_without_colours(page, address):
    page.emulate_media(forced_colors="active")
    visit(page, address)

    cell = page.get_by_role("link", name="Theo Marsh, 7.NS.2, no result")
    expect(cell).to_have_text("no result")
    assert cell.evaluate("cell => getComputedStyle(cell).color") != "rgba(0, 0, 0, 0)"


def test_gallery_works_without_script(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    visit(page, address)

    page.get_by_text("Open it in the panel").click()
    expect(page.locator("#panel")).to_contain_text("Nearest level: 3 Secure")
    page.locator("summary", has_text="View").click()

    expect(page.get_by_text("Most to learn")).to_be_visible()
    context.close()


def test_server_out_of_reach_is_said_in_the_one_status(page, address):
    visit(page, address)
    expect(page.locator("[role=status]")).to_have_count(1)
    page.route("**/elsewhere", lambda route: route.abort())

    page.evaluate("htmx.ajax('GET', '/elsewhere', 'body').catch(() => {})")

    expect(page.get_by_role("status")).to_contain_text("Could not reach the server.")
