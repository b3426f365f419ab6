"""What students come for, counted: each job from Home takes at most four actions, the week's plan two minutes."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from paths.models import Artifact, CheckIn, Goal, WeekItem
from tests.browsing import sign_in
from tests.factories.paths import make_check_in, make_goal, make_mastery, make_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_ACTIONS = 4
MOST_SECONDS = 120
# Keystroke-level model: Card, Moran and Newell, The psychology of human-computer interaction (1983), p. 264.
POINT, PRESS, THINK, KEY = 1.1, 0.2, 1.35, 1.2  # seconds; KEY is that of who does not know the keyboard


class Hand:
    """Taps and types like a student, and counts: a tap is an action, and so is a field that is filled."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.seconds = page, 0, 0.0

    def tap(self, place) -> None:
        place.tap()
        self.actions += 1
        self.seconds += THINK + POINT + PRESS

    def write(self, place, text: str) -> None:
        place.fill(text)
        self.actions += 1
        self.seconds += THINK + POINT + PRESS + KEY * len(text)


@pytest.fixture
def hand(browser, live_server, classroom):
    """A student on a phone, on Home."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, classroom.account)
    page = context.new_page()
    make_goal(classroom.learner, what="I can read a clock.")
    make_path(classroom.learner, steps=("Watch it", "Try it", "Draw it", "Say it", "Teach it"))
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    assert page.goto(live_server.url + reverse("home")).status == 200
    yield Hand(page)
    context.close()


def test_see_my_goals(hand):
    hand.tap(hand.page.get_by_role("link", name="Goals", exact=True))
    expect(hand.page.get_by_text("I can read a clock.").first).to_be_visible()

    assert hand.actions <= MOST_ACTIONS


def test_add_a_goal(hand):
    hand.tap(hand.page.get_by_role("link", name="Write a new goal"))
    hand.write(hand.page.locator("[name=what]"), "I can add fractions.")
    hand.tap(hand.page.get_by_role("button", name="This is my goal"))
    expect(hand.page.get_by_text("I can add fractions.").first).to_be_visible()

    assert Goal.objects.filter(what="I can add fractions.", state=Goal.State.LIVE).count() == 1
    assert hand.actions <= MOST_ACTIONS


def test_check_in(hand):
    hand.tap(hand.page.get_by_role("link", name="Check in"))
    hand.tap(hand.page.locator("#sure-4"))
    expect(hand.page.locator("#sure-4")).to_have_attribute("aria-pressed", "true")

    assert CheckIn.objects.get().confidence == 4
    assert hand.actions <= MOST_ACTIONS


def test_hand_in_evidence(hand):
    hand.tap(hand.page.get_by_role("link", name="My work", exact=True))
    hand.tap(hand.page.locator("a.button[href$='/hand-in/']").first)
    hand.write(hand.page.locator("[name=text]"), "I built a bridge.")
    hand.tap(hand.page.locator("form .button[data-kind=primary]"))
    expect(hand.page.get_by_text("I built a bridge.").first).to_be_visible()

    assert Artifact.objects.handed_in().get().text == "I built a bridge."
    assert hand.actions <= MOST_ACTIONS


def test_see_why(hand):
    hand.tap(hand.page.get_by_role("link", name="See why"))
    expect(hand.page.get_by_role("heading", name="My level")).to_be_visible()

    assert hand.actions <= MOST_ACTIONS


def test_plan_the_week(hand, classroom):
    make_check_in(Goal.objects.get())
    hand.tap(hand.page.get_by_role("link", name="Plan it"))
    for number, step in enumerate(("Watch it", "Try it", "Draw it", "Say it", "Teach it"), start=1):
        hand.tap(hand.page.locator(".week-open", has_text=step).locator("button").nth(number - 1))
        expect(hand.page.locator(".week-day").nth(number - 1)).to_contain_text(step)
    hand.write(hand.page.locator("#own-text"), "Build my bridge")
    hand.tap(hand.page.locator(".week-own button").nth(4))
    expect(hand.page.locator(".week-day").nth(4)).to_contain_text("Build my bridge")

    assert WeekItem.objects.filter(learner=classroom.learner).count() == 6
    assert hand.seconds <= MOST_SECONDS
