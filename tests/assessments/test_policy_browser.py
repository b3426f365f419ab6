"""The policy's pages in a real browser: by keyboard, part by part, on a phone, without a fault of axe's."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import MasteryPolicy
from assessments.views import policy_trial
from tests.browsing import sign_in, troubles, violations
from tests.factories.profiles import make_district_admin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_version_is_tried_part_by_part_and_saved_by_keyboard(page, live_server, marked, monkeypatch):
    monkeypatch.setattr("assessments.services.policy_preview.LEARNERS_A_BLOCK", 1)
    monkeypatch.setattr(policy_trial, "PART_SECONDS", 0)
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, make_district_admin(marked.section.district))
    page.goto(live_server.url + reverse("policy"))
    page.get_by_role("link", name="Write a new version").press("Enter")
    expect(page.get_by_label("The newest counts, %")).to_be_visible()
    page.get_by_role("radio", name="Newest counts most").press("ArrowDown")
    page.get_by_role("radio", name="Newest against the mean").press("ArrowDown")
    page.get_by_role("radio", name="Newest only").press("ArrowDown")
    expect(page.get_by_role("radio", name="Highest")).to_be_checked()
    expect(page.get_by_label("The newest counts, %")).to_be_hidden()
    page.get_by_role("button", name="See who would change").press("Enter")
    expect(page.get_by_role("heading", name="It would change levels of 2 of 3 students")).to_be_visible()
    expect(page.locator("#trial-rows tr")).to_have_count(2)
    assert violations(page) == []
    page.get_by_role("button", name="Save, begin").press("Enter")
    expect(page.get_by_text("until then you can withdraw it")).to_be_visible()
    page.get_by_role("button", name="Withdraw").press("Enter")
    expect(page.get_by_role("button", name="Put back")).to_be_visible()
    assert violations(page) == []
    assert MasteryPolicy._base_manager.get().withdrawn_at is not None
    assert heard == []


def test_closed_day_is_chosen_by_keyboard_and_left_again(page, live_server, marked):
    heard = troubles(page)
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page.context, live_server.url, marked.teacher)
    address = live_server.url + reverse("section_wall", args=[marked.section.pk])
    page.goto(address)
    page.locator("summary", has_text="as of").press("Enter")
    day = marked.section.session.starts_on.isoformat()
    page.get_by_label("The end of an earlier day").fill(day)
    page.get_by_role("button", name="Show that day").press("Enter")
    expect(page.get_by_role("heading", name="No results up to")).to_be_visible()
    expect(page).to_have_url(re.compile(f"as_of={day}"))
    assert violations(page) == []
    page.get_by_role("link", name="Back to today").first.press("Enter")
    page.wait_for_url(address)
    assert heard == []
