"""The page of the school in a real browser: narrowed, compared and opened by keys, at all widths, axe clean."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.services import publishing
from tests.assessments.school_place import URL, before
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.factories.classes import give_levels, learners_of
from tests.factories.profiles import make_school_admin, make_teacher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS_END = """(part) => {
    const words = document.createRange()
    words.selectNodeContents(part)
    return words.getBoundingClientRect().right
}"""


def test_page_is_narrowed_compared_and_opened_by_keys(page, live_server, place, story):
    make_teacher(story.roster, given_name="Noor", family_name="Adams")
    give_levels(learners_of(place.teach(place.other, 60)), [place.first], counted=True)
    publishing.publish(place.school.district, day=timezone.localdate())
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, make_school_admin(place.school))
    page.goto(live_server.url + URL)
    expect(page.get_by_role("rowheader", name="Birchwood")).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})  # the table is wider, and its words are seen all the same
    assert page.locator(".school-others > th").evaluate(WORDS_END) <= 390
    page.set_viewport_size({"width": 1366, "height": 768})

    narrow = page.locator("#choose-narrow")
    narrow.press("Enter")
    assert faults_of_look(page) == []
    page.get_by_label("Classes of").select_option(label="Noor Adams")
    page.get_by_label("Beside the end of an earlier day").fill(before(30).isoformat())
    page.get_by_label("Over the terms").check()
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.get_by_role("list", name="Narrowed to").get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_text("There are no figures of them of one teacher’s classes")).to_be_visible()
    expect(narrow).to_be_focused()

    figure = page.locator(".share-cell").last
    figure.press("Enter")
    expect(figure).to_have_attribute("aria-current", "true")
    page.locator(".school-standards a").first.press("Enter")
    expect(page.get_by_role("heading", name="not yet Secure")).to_be_visible()
    pictures(page, "school-opened")
    assert faults_of_look(page, targets=".share-cell, .school-chip-off, .school-standards th > a") == []
    page.keyboard.press("Escape")
    expect(figure).to_be_focused()
    expect(page.locator("[data-school] [aria-current]")).to_have_count(0)

    narrowed = page.get_by_role("list", name="Narrowed to").get_by_role("listitem")
    for left, name in enumerate(("over the terms", "Classes of Noor Adams", "beside")):
        page.get_by_role("link", name=f"Without {name}").press("Enter")
        expect(narrowed).to_have_count(2 - left)
    page.locator("#main summary", has_text="More").press("Enter")
    page.get_by_role("link", name="A page for the board").press("Enter")
    page.get_by_label("The question").fill("How are fractions?")
    page.get_by_role("button", name="Make the page").press("Enter")
    expect(page.get_by_role("heading", name="How are fractions?")).to_be_visible()
    pictures(page, "school-board")
    assert faults_of_look(page) == []
    assert heard == []
