"""Check-ins in a real browser: empty, being made, with decisions; by keys, wide and narrow, light and dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lrm.scope import district_scope
from paths.models import DataDecision
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.paths.data_meeting import Meeting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = "main .button, main .share-cell, .panel .button, main .check"


@pytest.fixture
def meeting():
    found = Meeting()
    with district_scope(found.school.district_id):
        yield found


def test_a_meeting_is_called_and_decided_by_keys(page, live_server, meeting):
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, meeting.principal)
    page.goto(live_server.url + reverse("data_check_ins"))
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "check-ins-empty")

    page.get_by_role("link", name="New check-in").click()
    page.get_by_label("Name", exact=True).fill("Fractions, fall")
    page.get_by_label("Class").select_option(label="5 Maple")
    page.get_by_role("button", name="Show who is in it").click()
    expect(page.get_by_role("status").filter(has_text="2 students")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Fractions, fall")
    page.get_by_label(meeting.teacher.name).first.check()
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "check-in-new")
    page.get_by_label("Name", exact=True).press("Enter")

    ana = page.locator("[data-school]").get_by_role("link", name=meeting.ana.name)
    ana.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=meeting.ana.name)).to_be_focused()
    page.get_by_label("What was decided").fill("Work with the aide twice a week")
    page.get_by_role("button", name="Keep the decision").press("Enter")
    expect(page.get_by_role("row").filter(has_text="Work with the aide")).to_be_visible()
    assert DataDecision.objects.get().learner == meeting.ana
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "check-in")

    page.locator("#panel").get_by_label("Close").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#panel *")).to_have_count(0)
    page.get_by_role("button", name="Done").press("Enter")
    expect(page.get_by_role("button", name="Not done").first).to_be_visible()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("button", name="Remove the check-in").press("Enter")
    expect(page.get_by_text("Fractions, fall was removed.")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Fractions, fall")).to_be_visible()
    assert heard == []
