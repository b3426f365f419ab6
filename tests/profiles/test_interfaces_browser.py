"""Integrations, webhooks and results for another system in the browser: by keyboard, on a phone, without a fault."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from lrm.api.scopes import RESULTS_WRITE, ROSTERS_READ
from lrm.scope import district_scope
from profiles.models import Integration, Webhook, WebhookDelivery
from profiles.services.integrations import give_token, make_integration
from profiles.services.webhooks import make_webhook, ping
from tests.browsing import sign_in, troubles, violations
from tests.factories.profiles import make_district, make_district_admin, make_roster, make_school, make_section

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def admin():
    section = make_section(make_roster(make_school(make_district(is_demo=True))))  # which asks for no second step
    who = make_district_admin(section.district)
    with district_scope(section.district_id):
        schools = [section.roster.school]
        system = make_integration(name="Gradebook", schools=schools, by=who)
        facts = {"scopes": [ROSTERS_READ, RESULTS_WRITE], "expires_on": timezone.localdate(), "per_minute": 300}
        give_token(integration=system, **facts, by=who)
        hook, _ = make_webhook(
            name="Warehouse", address=f"https://example.org/told?key={'x' * 300}", events=["group.closed"], by=who
        )
        ping(webhook=hook)
        row = WebhookDelivery(webhook=hook, event="group.closed", data={}, state="given_up", tries=11)
        row.status, row.said = 500, "answered 500"
        row.save()
        yield who


def test_pages_of_interfaces_keep_the_rules_in_light_and_dark_and_fit_a_phone(
    context: BrowserContext, live_server, admin
):
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    heard = troubles(page)
    system, hook = Integration.objects.get(), Webhook.objects.get()
    for address in (
        "/integrations/",
        f"/integrations/{system.pk}/",
        "/webhooks/",
        f"/webhooks/{hook.pk}/",
        "/gradebook/",
        "/account/tokens/",
    ):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(live_server.url + address)
        assert violations(page) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (address, too_wide) == (address, 0)
    assert heard == []


def test_system_is_added_by_keyboard_and_its_token_stands_ready_to_copy(context: BrowserContext, live_server, admin):
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    page.goto(live_server.url + "/integrations/")
    page.get_by_label("Name of the system").focus()
    page.keyboard.type("Warehouse")
    page.get_by_label("Read the district's standards, also as CASE").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Add it and make its token").focus()
    page.keyboard.press("Enter")
    token = page.get_by_label("Token", exact=True)
    expect(token).to_have_value(re.compile("^lrm_"))
    expect(token).to_be_focused()
