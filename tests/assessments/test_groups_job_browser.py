"""The counted job: create an exit ticket, enter 28, edit one group, accept, print."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Evidence, Group, GroupMember, Wish
from assessments.services import suggesting
from tests.browsing import sign_in, troubles
from tests.factories.assessments import work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYSTROKES, MOST_POINTER_ACTIONS = 70, 12
# On the page, where `expect` waits for it; wait_for_function cannot look twice under our policy of content.
COUNT_PRINTS = """window.print = () => {
    const { dataset } = document.documentElement;
    dataset.prints = Number(dataset.prints ?? 0) + 1;
}"""


class Teacher:
    """Whose every key and click counts; a key held with another counts as two."""

    def __init__(self, page):
        self.page, self.keystrokes, self.pointer_actions = page, 0, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keystrokes += 1 + key.count("+")

    def click(self, role, name):
        self.page.get_by_role(role, name=name).click()
        self.pointer_actions += 1

    def drag(self, line, place):
        line.drag_to(place)
        self.pointer_actions += 1

    def tab_to(self, role, name):
        """Tab, key by key, until the focus is there; past the rail by the link that is made for it."""
        wanted = self.page.get_by_role(role, name=name).first
        for _ in range(30):
            self.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
            if self.page.evaluate("document.activeElement.matches('a[href=\"#main\"]')"):
                self.press("Enter")
        raise AssertionError(f"No {role} {name} within thirty tabs.")


@pytest.fixture
def teacher(page, live_server, taught):
    taught.join(25)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.add_init_script(COUNT_PRINTS)
    sign_in(page.context, live_server.url, taught.teacher)
    page.goto(live_server.url + reverse("home"))
    return Teacher(page)


def enter_28(teacher, taught):
    expect(teacher.page.locator(".entry-field").first).to_be_focused()
    teacher.press(*(str(place % 3 + 1) for place in range(28)))
    expect(teacher.page.locator(".entry-cell[data-state=saved]")).to_have_count(28)
    assert [*Evidence.objects.values_list("assessment__title").distinct()] == [("Exit ticket",)]
    work_off()
    suggesting.suggest_due()


def moved(taught, teacher, name):
    expect(teacher.page.get_by_role("status")).to_contain_text(f"{name} moved to B.")
    return Wish.objects.get().first


def check_printed(teacher, learner):
    """The groups are on, the learner is in B, and the roster was printed."""
    expect(teacher.page.get_by_role("heading", name="Our groups")).to_be_visible()
    expect(teacher.page.locator(".group-roster")).to_contain_text(learner.given_name)
    expect(teacher.page.locator("html")).to_have_attribute("data-prints", "1")
    assert GroupMember.objects.get(learner=learner).group.letter == "B"
    assert Group.objects.filter(closed_at=None).count() > 1
    assert teacher.keystrokes <= MOST_KEYSTROKES
    assert teacher.pointer_actions <= MOST_POINTER_ACTIONS


def test_exit_ticket_to_printed_groups_by_keys_and_pointer(teacher, taught):
    heard = troubles(teacher.page)
    teacher.press("g", "e")
    teacher.click("link", "New assessment")
    teacher.click("checkbox", taught.standards[0].code)
    teacher.click("button", "Make it and enter")
    enter_28(teacher, taught)
    teacher.click("link", "Done, see groups")
    line = teacher.page.locator('[data-group="A"] .learner-line').first
    name = line.get_attribute("data-name")
    teacher.drag(line, teacher.page.locator('[data-group="B"]'))
    learner = moved(taught, teacher, name)
    teacher.click("button", re.compile("^Accept"))
    teacher.click("link", "Print")

    check_printed(teacher, learner)
    assert heard == []


def test_exit_ticket_to_printed_groups_by_keyboard_alone(teacher, taught):
    teacher.press("g", "e")
    expect(teacher.page.get_by_role("heading", level=1)).to_have_text(taught.section.title)
    teacher.tab_to("link", "New assessment")
    teacher.press("Enter")
    expect(teacher.page.get_by_role("heading", name="New assessment")).to_be_visible()
    teacher.tab_to("checkbox", taught.standards[0].code)
    teacher.press("Space", "Enter")
    enter_28(teacher, taught)
    teacher.press("g", "g")
    expect(teacher.page.get_by_role("heading", name="Suggested groups")).to_be_visible()
    name = teacher.page.locator('[data-group="A"] .learner-line').first.get_attribute("data-name")
    teacher.press("m", "b")
    learner = moved(taught, teacher, name)
    teacher.press("Control+Enter")
    expect(teacher.page.get_by_role("heading", name="Groups that are on")).to_be_visible()
    teacher.tab_to("link", "Print")
    teacher.press("Enter")

    check_printed(teacher, learner)
    assert teacher.pointer_actions == 0
