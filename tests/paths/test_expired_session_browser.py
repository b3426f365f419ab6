"""A session that ends while a learner writes, in a browser without script: nothing is typed twice."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import Goal, Reflection
from profiles.models import Learner
from tests.browsing import violations
from tests.factories.paths import make_goal
from tests.left_behind import wait_for_requests
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "CDFHJK"
SAID = 'I drew "ten" clocks.\nTwo were < hard.'


@pytest.fixture
def page_without_script(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def card(classroom):
    """The learner's code and number; a function that signs in with them on whichever page is open."""
    cache.clear()
    classroom.roster.class_code = CODE
    classroom.roster.save()
    Learner.objects.filter(pk=classroom.learner.pk).update(number="4711")

    def enter(page, number="4711"):
        page.locator(".code-boxes input:visible").first.click()  # one box, or with script six
        page.keyboard.type(CODE)
        page.get_by_label("My number").fill(number)
        page.get_by_role("button", name="Next").click()

    return enter


def write(page, live_server, goal):
    page.goto(live_server.url + reverse("goal", args=[goal.pk]))
    page.locator("#reflect-text").fill(SAID)
    return page.locator('form:has(#reflect-text) button[value="send"], form:has(#reflect-text) button').first


def test_words_come_back_after_signing_in_and_are_sent_by_a_button(classroom, card, page_without_script, live_server):
    page, goal = page_without_script, make_goal(classroom.learner)
    page.goto(live_server.url + "/sign-in/")
    card(page)
    send = write(page, live_server, goal)
    Session.objects.all().delete()
    send.click()

    expect(page.get_by_text("Sign in, and your words come back.")).to_be_visible()
    card(page)
    expect(page.get_by_role("heading", name="Your words are still here. Send them now.")).to_be_visible()
    assert page.locator("blockquote").inner_text() == SAID
    assert not Reflection.objects.exists()
    page.get_by_role("button", name="Send now").dblclick()
    wait_for(Reflection.objects.exists, "the first click to be answered")
    wait_for_requests()  # the second click's answer: back to what waits, or on with the first's
    assert [row.text.replace("\r\n", "\n") for row in Reflection.objects.all()] == [SAID]

    page = page.context.new_page()  # that answer may still be coming in, and would break into the next visit
    page.goto(live_server.url + "/still-here/")
    expect(page.get_by_role("heading", name="All is sent.")).to_be_visible()
    page.goto(live_server.url + reverse("goal", args=[goal.pk]))
    page.go_back()
    expect(page.get_by_role("heading", name="All is sent.")).to_be_visible()


def test_another_learner_at_the_same_device_sees_none_of_it(classroom, card, page_without_script, live_server):
    classroom.classmate(number="4712")
    page, goal = page_without_script, make_goal(classroom.learner)
    page.goto(live_server.url + "/sign-in/")
    card(page)
    send = write(page, live_server, goal)
    Session.objects.all().delete()
    send.click()
    card(page, "4712")
    page.goto(live_server.url + "/still-here/")
    expect(page.get_by_role("heading", name="All is sent.")).to_be_visible()
    assert "drew" not in page.content()
    assert (Reflection.objects.count(), Goal.objects.count()) == (0, 1)


def test_page_has_no_violation_and_never_scrolls_sideways(classroom, card, page, live_server, troubles):
    page.goto(live_server.url + "/sign-in/")
    card(page)
    page.goto(live_server.url + "/goals/new/")
    page.locator("[name=what]").fill("I can read a clock with a very long name " + "clock" * 30)
    Session.objects.all().delete()
    page.locator('main button[type="submit"][data-kind="primary"]').click()
    expect(page.get_by_text("Sign in, and your words come back.")).to_be_visible()
    found = violations(page)
    card(page)
    expect(page.get_by_role("heading", name="Your words are still here. Send them now.")).to_be_visible()
    found += violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert (found, page.evaluate("document.documentElement.scrollWidth")) == ([], 320)
    assert [each for each in troubles if "403" not in each] == []
