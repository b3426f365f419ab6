"""Today in a real browser: one hand on the keys, the way everywhere, and the looks that nobody has by default."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import TodaySnooze
from tests.browsing import sign_in, troubles, violations
from tests.factories.paths import make_goal, make_mastery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goals(classroom):
    """Three goals that ask for the teacher's yes, and a level on the wall."""
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    learners = [classroom.learner, classroom.classmate(), classroom.classmate()]
    return [make_goal(learner, standards=(classroom.standards[0],)) for learner in learners]


@pytest.fixture
def today(page, live_server, classroom, goals):
    """The page of Today, signed in as the teacher."""
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, classroom.teacher)
    assert page.goto(live_server.url + reverse("today")).status == 200
    return page


def test_lines_are_walked_put_off_and_brought_back_by_keys(today):
    heard = troubles(today)
    lines = today.locator("[data-line]")
    expect(lines).to_have_count(3)
    today.keyboard.press("j")
    expect(lines.nth(0)).to_be_focused()
    today.keyboard.press("j")
    today.keyboard.press("j")
    today.keyboard.press("k")
    expect(lines.nth(1)).to_be_focused()
    put_off, next_one = lines.nth(1).inner_text(), lines.nth(2).inner_text()

    today.keyboard.press("z")
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_be_focused()
    assert lines.nth(1).inner_text() == next_one
    assert TodaySnooze.objects.count() == 1
    today.keyboard.press("u")
    expect(lines).to_have_count(3)

    assert lines.nth(1).inner_text() == put_off
    assert TodaySnooze.objects.count() == 0
    assert heard == []


def test_enter_does_what_the_framed_line_asks_for(today):
    asked = today.locator("[data-line] [data-do]").nth(1).get_attribute("href")
    today.keyboard.press("j")
    today.keyboard.press("j")

    today.keyboard.press("Enter")

    today.wait_for_url(lambda url: url.endswith(asked))


@pytest.mark.parametrize(
    ("letter", "route"),
    [("w", "wall"), ("e", "enter"), ("g", "groups"), ("s", "learners"), ("o", "goals"), ("d", "standards")],
)
def test_g_and_a_letter_go_to_every_place_of_the_rail(today, letter, route):
    place = today.locator(f'.rail a[data-go="{letter}"]').get_attribute("href")
    assert place == reverse(route)

    today.keyboard.press("g")
    today.keyboard.press(letter)

    expect(today.locator(f'.rail a[data-go="{letter}"]')).to_have_attribute("aria-current", "page")


def test_question_mark_lists_the_keys_of_this_page_and_escape_gives_the_focus_back(today):
    dialog = today.get_by_role("dialog", name="All keys")
    today.keyboard.press("j")
    today.keyboard.press("?")
    expect(dialog).to_be_visible()
    for what in ("all keys", "find", "Goals", "move", "do it", "tomorrow", "undo"):
        expect(dialog.get_by_role("definition").filter(has_text=what).first).to_be_visible()

    today.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(today.locator("[data-line]").first).to_be_focused()


def test_slash_finds_a_student_from_everywhere(today):
    today.keyboard.press("/")

    expect(today.get_by_label("Find a student by name or ID")).to_be_focused()


def test_single_keys_that_are_turned_off_do_nothing(today):
    today.locator(".rail-foot summary").click()
    today.get_by_role("button", name="Single-key shortcuts").click()
    today.keyboard.press("Escape")
    today.locator("h1").click()

    today.keyboard.press("j")
    today.keyboard.press("?")

    expect(today.locator("[data-line]:focus")).to_have_count(0)
    expect(today.get_by_role("dialog", name="All keys")).to_be_hidden()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_today_has_no_accessibility_violation(today, size):
    today.set_viewport_size({"width": size[0], "height": size[1]})

    assert violations(today) == []


# The same pages as others see them: 200 % zoom (half the width), right to left, forced colours, paper.

PAGES = ("today", "wall", "groups", "learners", "goals")
LOOKS = {
    "zoom": {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2},
    "right-to-left": {"viewport": {"width": 1366, "height": 768}},
    "right-to-left-phone": {"viewport": {"width": 390, "height": 844}},
    "forced-colours": {"viewport": {"width": 1366, "height": 768}, "forced_colors": "active"},
    "paper": {"viewport": {"width": 816, "height": 1056}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_main_pages_fit_and_keep_what_is_to_do_in_every_look(browser, live_server, classroom, goals, look):
    context = browser.new_context(**LOOKS[look], reduced_motion="reduce")
    sign_in(context, live_server.url, classroom.teacher)
    tab = context.new_page()
    urls = [reverse(name) for name in PAGES] + [reverse("learner", args=[classroom.learner.pk])]
    wide, covered = [], []
    for url in urls:
        assert tab.goto(live_server.url + url).status == 200
        if look.startswith("right-to-left"):
            tab.evaluate("document.documentElement.dir = 'rtl'")
        if look == "paper":
            tab.emulate_media(media="print")
        width = tab.evaluate("document.documentElement.clientWidth")
        if (measured := tab.evaluate("document.documentElement.scrollWidth")) > width:
            wide.append((url, measured))
        if look != "paper":
            covered += [url for button in tab.locator(".button[data-kind=primary]:visible").all() if not hit(button)]
    context.close()

    assert (wide, covered) == ([], [])


def hit(button) -> bool:
    """Whether a click in the middle of the button meets it, and nothing that lies over it."""
    button.scroll_into_view_if_needed()
    return button.evaluate(
        """button => {
            const box = button.getBoundingClientRect();
            const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return button.contains(met);
        }"""
    )
