"""The queue by keys: one key a goal, one act for many, nothing lost between two tabs."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from paths.models import Feedback, Goal
from paths.services.reviewing import Chosen, review_goals
from tests.browsing import sign_in, violations
from tests.factories.paths import make_goal
from tests.factories.profiles import make_teacher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOALS = 30


@pytest.fixture
def goals(classroom):
    return [make_goal(classroom.classmate(), standards=(classroom.standards[0],), steps=("One",)) for _ in range(GOALS)]


@pytest.fixture
def queue(page, live_server, classroom, goals):
    sign_in(page.context, live_server.url, classroom.teacher)
    page.goto(live_server.url + "/goals/")
    return page


class Actions:
    """Counts what a teacher does: a key or a click is one."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.count += 1
        self.page.keyboard.press(key)

    def click(self, name):
        self.count += 1
        self.page.get_by_role("button", name=name).click()


def agreed():
    return Goal.objects.filter(agreed_at__isnull=False).count()


def test_thirty_goals_take_thirty_keys_and_no_page_is_opened(queue):
    act, address = Actions(queue), queue.url
    for _ in range(GOALS):
        act.press("y")

    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(GOALS)
    assert (agreed(), act.count, queue.url.partition("?")[0]) == (GOALS, GOALS, address)

    act.press("u")
    expect(queue.locator("[data-review-card]:not([data-state])")).to_have_count(1)
    assert agreed() == GOALS - 1


def test_thirty_goals_take_two_clicks_where_they_are_all_a_yes_and_one_to_undo(queue):
    act = Actions(queue)
    act.click(f"Choose all {GOALS}")
    act.click(f"Yes to the {GOALS} chosen")

    expect(queue.get_by_text(f"You said yes to {GOALS} goals.")).to_be_visible()
    assert (agreed(), act.count) == (GOALS, 2)

    act.press("u")
    expect(queue.get_by_text(f"Taken back. {GOALS} goals wait again.")).to_be_visible()
    assert (agreed(), act.count) == (0, 3)


def test_line_question_and_later_by_key(queue, goals):
    queue.keyboard.press("j")
    queue.keyboard.press("r")
    queue.keyboard.type("Go on.")
    queue.keyboard.press("Enter")
    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(1)
    queue.keyboard.press("q")
    queue.keyboard.type("Which clocks?")
    queue.keyboard.press("Enter")
    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(2)
    queue.keyboard.press("l")
    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(3)
    expect(queue.get_by_text("Kept for later, at the end of this page.")).to_be_visible()

    first, second = (Goal.objects.get(pk=goal.pk) for goal in goals[:2])
    assert (first.agreed_at is None, second.agreed_at, second.asked_at is None) == (False, None, False)
    assert [row.text for row in Feedback.objects.order_by("pk")] == ["Go on.", "Which clocks?"]


def test_reload_keeps_lines_that_are_not_sent_and_the_undo_of_the_last_act(queue, goals):
    queue.keyboard.press("y")
    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(1)
    queue.keyboard.press("r")
    queue.keyboard.type("Half a thou")

    queue.reload()
    expect(queue.locator(f"#line-{goals[1].pk}")).to_have_value("Half a thou")
    assert agreed() == 1

    queue.keyboard.press("u")
    expect(queue.get_by_text("Taken back. 1 goal waits again.")).to_be_visible()
    assert agreed() == 0

    queue.get_by_role("button", name=f"Choose all {GOALS}").click()
    queue.get_by_role("button", name=f"Yes to the {GOALS} chosen").click()
    expect(queue.get_by_text(f"You said yes to {GOALS} goals.")).to_be_visible()
    assert [row.text for row in Feedback.objects.all()] == ["Half a thou"]


def test_colleague_who_was_first_is_named_and_the_line_stays(queue, goals, classroom):
    colleague = make_teacher(classroom.roster)
    review_goals(chosen=[Chosen(goals[0].pk)], do="agree", by=colleague, now=timezone.now())
    queue.keyboard.press("j")
    queue.keyboard.press("r")
    queue.keyboard.type("My own line.")
    queue.keyboard.press("Enter")

    card = queue.locator(f"#goal-{goals[0].pk}")
    expect(card.get_by_role("alert")).to_have_text(re.compile(f"{colleague.name} said yes"))
    expect(card.locator("[data-line-field]")).to_have_value("My own line.")
    assert Goal.objects.get(pk=goals[0].pk).agreed_by == colleague


def test_queue_is_readable_by_everybody_and_fits_a_phone(queue, goals):
    queue.locator("[data-choose]").first.check()
    queue.keyboard.press("j")
    queue.keyboard.press("y")
    expect(queue.locator("[data-review-card][data-state=done]")).to_have_count(1)
    found = violations(queue)
    queue.set_viewport_size({"width": 320, "height": 844})

    assert found == []
    assert queue.evaluate("document.documentElement.scrollWidth") == 320
